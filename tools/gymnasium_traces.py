"""Records classic control of Gymnasium, for the parity tests.

    python3 -m venv /tmp/numpy1 && /tmp/numpy1/bin/pip install gymnasium==1.4.0 numpy==1.24.2
    python3 -m venv /tmp/numpy2 && /tmp/numpy2/bin/pip install gymnasium==1.4.0 numpy==2.4.6
    /tmp/numpy1/bin/python tools/gymnasium_traces.py tests/parity/traces/control
    /tmp/numpy2/bin/python tools/gymnasium_traces.py tests/parity/traces/control

Under numpy 1 it writes ENV-more.json for every environment, under numpy 2 ENV-numpy2.json for the two whose arithmetic
is another there. Doubles are printed so that they read back to the same bits. For each policy of POLICIES one episode of
segments; a segment ends where the environment terminates.
"""

import json
import sys
from pathlib import Path

import gymnasium
import numpy as np

GYMNASIUM = "1.4.0"
NUMPY = {"1.24.2": "more", "2.4.6": "numpy2"}

HEURISTICS = {
    "CartPole-v1": lambda o: int(o[2] + 0.5 * o[3] + 0.05 * o[0] + 0.1 * o[1] > 0),
    "Pendulum-v1": lambda o: [float(np.clip(2 * o[2] if o[0] < 0.7 else -10 * o[1] - 2 * o[2], -2, 2))],
    "MountainCar-v0": lambda o: 0 if o[1] < 0 else 2,
    "MountainCarContinuous-v0": lambda o: [-1.0 if o[1] < 0 else 1.0],
    "Acrobot-v1": lambda o: 0 if o[4] > 0 else 2,
}
ROUNDED_OTHERWISE_BY_NUMPY_2 = ["Pendulum-v1", "MountainCarContinuous-v0"]

# Seed and steps of an episode. "sticky" repeats its last action with probability 0.8; "wide" leaves the box of a
# continuous action every other time.
POLICIES = {"iid": (11, 40), "sticky": (12, 40), "heuristic": (13, 130), "wide": (14, 40)}


def action_of(policy, env, observation, last, rng):
    if policy == "heuristic":
        choice = HEURISTICS[env.spec.id](observation)
    elif policy == "sticky" and last is not None and rng.random() < 0.8:
        return last
    elif isinstance(env.action_space, gymnasium.spaces.Discrete):
        choice = int(rng.integers(env.action_space.n))
    else:
        wide = 2 if policy == "wide" else 1
        choice = rng.uniform(wide * env.action_space.low, wide * env.action_space.high)
    return choice if isinstance(choice, int) else np.array(choice, dtype=np.float32)


def plain(value):
    return value if isinstance(value, int) else [float(x) for x in value]


def episode(env, policy, seed, count):
    rng = np.random.default_rng(seed)
    observation, _ = env.reset(seed=seed)
    segments = []
    last = None
    for t in range(count):
        if t == 0 or terminated:
            if t > 0:
                observation, _ = env.reset()
            segments.append({"state0": plain(env.unwrapped.state), "obs0": plain(observation), "steps": []})
        last = action_of(policy, env, observation, last, rng)
        observation, reward, terminated, _, _ = env.unwrapped.step(last)
        segments[-1]["steps"].append(
            {
                "action": plain(last),
                "state": plain(env.unwrapped.state),
                "obs": plain(observation),
                "reward": float(reward),
                "terminated": terminated,
            }
        )
    return {"seed": seed, "policy": policy, "segments": segments}


def main(folder):
    if gymnasium.__version__ != GYMNASIUM or np.__version__ not in NUMPY:
        sys.exit(f"wants gymnasium {GYMNASIUM} and numpy {' or '.join(NUMPY)}: see the top of this file")
    kind = NUMPY[np.__version__]
    for name in HEURISTICS if kind == "more" else ROUNDED_OTHERWISE_BY_NUMPY_2:
        env = gymnasium.make(name)
        trace = {
            "env": name,
            "gymnasium": gymnasium.__version__,
            "numpy": np.__version__,
            "max_episode_steps": env.spec.max_episode_steps,
            "episodes": [
                episode(env, policy, *run)
                for policy, run in POLICIES.items()
                if policy != "wide" or isinstance(env.action_space, gymnasium.spaces.Box)
            ],
        }
        (Path(folder) / f"{name}-{kind}.json").write_text(json.dumps(trace) + "\n")


main(sys.argv[1])
