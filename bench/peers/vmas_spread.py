"""VMAS's simple_spread of the MPE family, vectorised in PyTorch on the CPU; see python.ts."""

import json
import sys
import time
from importlib.metadata import version

ENVS = 4096
AGENTS = 3
CYCLES = 25


def say(answer):
    print(json.dumps(answer), flush=True)


try:
    import torch
    from vmas import make_env
except ImportError as error:
    say({"missing": error.name})
    sys.exit(0)


def run(env, actions, seconds):
    """Whole episodes, resets included, for about `seconds` of CPU time; work in agent-steps."""
    start = time.process_time()
    steps = 0
    while time.process_time() - start < seconds:
        env.reset()
        for row in actions:
            env.step(row)
        steps += CYCLES
    return {"work": steps * AGENTS * ENVS, "seconds": time.process_time() - start}


def main():
    torch.set_num_threads(1)
    env = make_env("simple_spread", num_envs=ENVS, device="cpu", continuous_actions=False, seed=0, n_agents=AGENTS)
    generator = torch.Generator().manual_seed(0)
    actions = [
        [torch.randint(0, 5, (ENVS, 1), generator=generator) for _ in range(AGENTS)] for _ in range(CYCLES)
    ]
    say({"version": f"{version('vmas')} (torch {torch.__version__}, E={ENVS})"})
    for line in sys.stdin:
        say(run(env, actions, json.loads(line)["seconds"]))


main()
