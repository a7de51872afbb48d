"""Records LunarLander-v3 of Gymnasium, for the parity tests.

    python3 -m venv /tmp/lander
    /tmp/lander/bin/pip install gymnasium==1.4.0 numpy==2.4.6 pygame==2.6.1 swig==4.* setuptools wheel
    PATH=/tmp/lander/bin:$PATH /tmp/lander/bin/pip install --no-build-isolation box2d-py==2.3.8
    /tmp/lander/bin/python tools/lunar_lander_traces.py tests/parity/traces/control

box2d-py is compiled there; box2d 2.3.10, which Gymnasium takes for Python older than 3.14, gives the same numbers.

Every episode of LunarLander-v3.json begins with reset(seed): its terrain, force, wind and dispersions are the draws of
numpy's generator of that seed, in Gymnasium's order. `obs` and `reward` are after each step, `first` after the reset.
`heuristic` holds return and length of Gymnasium's own heuristic, on seeds from 0 on, at most 1000 steps each.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import gymnasium
import numpy as np
from gymnasium.envs.box2d.lunar_lander import heuristic

PINNED = {"gymnasium": "1.4.0", "numpy": "2.4.6", "box2d-py": "2.3.8"}

# Options of the environment, and the seeds of its random episodes.
RANDOM = [
    ({}, range(0, 6)),
    ({"continuous": True}, range(6, 10)),
    ({"enable_wind": True}, range(10, 14)),
    ({"enable_wind": True, "wind_power": 20.0, "turbulence_power": 2.0, "continuous": True}, range(14, 16)),
    ({"gravity": -3.0}, range(16, 18)),
]
HEURISTIC = [({}, 200), ({"continuous": True}, 60), ({"enable_wind": True}, 60)]
LIMIT = 1000


def short(values):
    """Floats that read back to the same float32."""
    return [float(f"{float(np.float32(x)):.9g}") for x in values]


def random_episode(options, seed):
    env = gymnasium.make("LunarLander-v3", **options).unwrapped
    env.action_space.seed(seed)
    first, _ = env.reset(seed=seed)
    steps = []
    terminated = False
    while not terminated and len(steps) < LIMIT:
        action = env.action_space.sample()
        obs, reward, terminated, _, _ = env.step(action)
        plain = short(action) if options.get("continuous") else int(action)
        steps.append({"action": plain, "obs": short(obs), "reward": float(f"{float(reward):.9g}")})
    return {"options": options, "seed": seed, "first": short(first), "steps": steps, "terminated": terminated}


def heuristic_episode(env, seed):
    obs, _ = env.reset(seed=seed)
    total, length, terminated = 0.0, 0, False
    while not terminated and length < LIMIT:
        obs, reward, terminated, _, _ = env.step(heuristic(env, obs))
        total += float(reward)
        length += 1
    return [round(total, 3), length]


def main(folder):
    found = {name: version(name) for name in PINNED}
    if found != PINNED:
        sys.exit(f"wants {PINNED}, found {found}: see the top of this file")
    episodes = [random_episode(options, seed) for options, seeds in RANDOM for seed in seeds]
    heuristics = []
    for options, count in HEURISTIC:
        env = gymnasium.make("LunarLander-v3", **options).unwrapped
        heuristics.append({"options": options, "episodes": [heuristic_episode(env, seed) for seed in range(count)]})
    trace = {**PINNED, "episodes": episodes, "heuristic": heuristics}
    (Path(folder) / "LunarLander-v3.json").write_text(json.dumps(trace) + "\n")


main(sys.argv[1])
