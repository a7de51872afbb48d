"""MPE2's simple_spread_v3, asked by lines of JSON on stdin; see python.ts."""

import json
import sys
import time
from importlib.metadata import version
from platform import python_version


def say(answer):
    print(json.dumps(answer), flush=True)


try:
    import numpy as np
    from mpe2 import simple_spread_v3
except ImportError as error:
    say({"missing": error.name})
    sys.exit(0)

AGENTS = 3
CYCLES = 25


def table():
    """Actions of one episode, the same for every peer: agent j takes (7 t + 3 j + t j) mod 5 at step t."""
    return [[(7 * t + 3 * j + t * j) % 5 for j in range(AGENTS)] for t in range(CYCLES)]


def check(env, request):
    """Play one episode from the given positions; everything after each step."""
    env.reset()
    world = env.unwrapped.world
    for entity, pos in zip(world.entities, request["agents"] + request["landmarks"]):
        entity.state.p_pos = np.array(pos, dtype=float)
        entity.state.p_vel = np.zeros(2)
    steps = []
    for row in table():
        obs, rewards, _, _, _ = env.step(dict(zip(env.agents, row)))
        steps.append(
            {
                "pos": [agent.state.p_pos.tolist() for agent in world.agents],
                "obs": [o.astype(float).tolist() for o in obs.values()],
                "rewards": [float(r) for r in rewards.values()],
            }
        )
    return {"steps": steps}


def run(env, seconds):
    """Whole episodes, reset included, for about `seconds` of CPU time; work in agent-steps."""
    env.reset()
    actions = [dict(zip(env.agents, row)) for row in table()]
    start = time.process_time()
    steps = 0
    while time.process_time() - start < seconds:
        env.reset()
        for row in actions:
            env.step(row)
        steps += CYCLES
    return {"work": steps * AGENTS, "seconds": time.process_time() - start}


def main():
    env = simple_spread_v3.parallel_env(N=AGENTS, max_cycles=CYCLES)
    say({"version": f"{version('mpe2')} (CPython {python_version()}, numpy {version('numpy')})"})
    for line in sys.stdin:
        request = json.loads(line)
        say(check(env, request) if request["op"] == "check" else run(env, request["seconds"]))


main()
