"""Any environment of MPE2, asked by lines of JSON on stdin; see python.ts."""

import importlib
import json
import sys
import time
from importlib.metadata import version
from platform import python_version


def say(answer):
    print(json.dumps(answer), flush=True)


try:
    import mpe2  # noqa: F401
except ImportError as error:
    say({"missing": error.name})
    sys.exit(0)

CYCLES = 25
made = {}


def environment(name):
    """The environment and the actions of one episode: agent j takes (7 t + 3 j + t j) mod its actions at step t."""
    if name not in made:
        env = importlib.import_module(f"mpe2.{name}").parallel_env(max_cycles=CYCLES)
        env.reset()
        sizes = [int(env.action_space(agent).n) for agent in env.agents]
        rows = [[(7 * t + 3 * j + t * j) % n for j, n in enumerate(sizes)] for t in range(CYCLES)]
        made[name] = env, [dict(zip(env.possible_agents, row)) for row in rows]
    return made[name]


def check(env, actions, request):
    """The first steps of the episode that `reset(seed)` begins."""
    env.reset(seed=request["seed"])
    steps = []
    for row in actions[: request["steps"]]:
        obs, rewards, _, _, _ = env.step(row)
        steps.append(
            {
                "obs": [o.astype(float).tolist() for o in obs.values()],
                "rewards": [float(r) for r in rewards.values()],
            }
        )
    return {"steps": steps}


def run(env, actions, request):
    """Whole episodes, reset included, for about `seconds` of CPU time; work in agent-steps."""
    start = time.process_time()
    steps = 0
    while time.process_time() - start < request["seconds"]:
        env.reset()
        for row in actions:
            env.step(row)
        steps += CYCLES
    return {"work": steps * len(env.possible_agents), "seconds": time.process_time() - start}


def main():
    say({"version": f"{version('mpe2')} (CPython {python_version()}, numpy {version('numpy')})"})
    for line in sys.stdin:
        request = json.loads(line)
        env, actions = environment(request["env"])
        say((check if request["op"] == "check" else run)(env, actions, request))


main()
