"""Gymnasium's LunarLander, asked by lines of JSON on stdin; see python.ts."""

import json
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from platform import python_version


def say(answer):
    print(json.dumps(answer), flush=True)


try:
    import numpy as np
    from gymnasium.error import DependencyNotInstalled
except ImportError as error:
    say({"missing": error.name})
    sys.exit(0)
try:
    from gymnasium.envs.box2d.lunar_lander import LunarLander
except DependencyNotInstalled:
    say({"missing": "gymnasium[box2d]"})
    sys.exit(0)

LIMIT = 1000
ROWS = 256

env = LunarLander()
env.reset(seed=0)
env.action_space.seed(0)
ACTIONS = [int(env.action_space.sample()) for _ in range(64 * ROWS)]


class Listed:
    """Numbers that were drawn elsewhere, in the place of a generator."""

    def __init__(self, values):
        self.values = iter(values)

    def uniform(self, low, high, size=None):
        return next(self.values) if size is None else np.array([next(self.values) for _ in range(size[0])])


def check(request):
    """Observations after each action of a flight with those draws."""
    flight = LunarLander()
    flight._np_random = Listed(request["draws"])
    flight.reset()
    return {"steps": [flight.step(action)[0].astype(float).tolist() for action in request["actions"]]}


def run(seconds):
    env.reset()
    start = time.process_time()
    steps, age, at = 0, 0, 0
    while time.process_time() - start < seconds:
        for action in ACTIONS[at : at + ROWS]:
            age += 1
            if env.step(action)[2] or age == LIMIT:
                env.reset()
                age = 0
        at = (at + ROWS) % len(ACTIONS)
        steps += ROWS
    return {"work": steps, "seconds": time.process_time() - start}


def box2d():
    for name in ("box2d", "box2d-py"):
        try:
            return f"{name} {version(name)}"
        except PackageNotFoundError:
            pass
    return "Box2D"


say({"version": f"{version('gymnasium')} ({box2d()}, CPython {python_version()})"})
for line in sys.stdin:
    request = json.loads(line)
    say(check(request) if request["op"] == "check" else run(request["seconds"]))
