"""Gymnasium's classic control, asked by lines of JSON on stdin; see python.ts."""

import json
import sys
import time
from importlib.metadata import version
from platform import python_version


def say(answer):
    print(json.dumps(answer), flush=True)


try:
    import gymnasium
    import numpy as np
    from gymnasium.envs.classic_control.cartpole import CartPoleVectorEnv
except ImportError as error:
    say({"missing": error.name})
    sys.exit(0)

ROWS = 64
singles = {}
vectors = {}


def action_of(env, value):
    """The environment's own form of an action."""
    if isinstance(env.action_space, gymnasium.spaces.Discrete):
        return int(value)
    return np.array([value], dtype=np.float32)


def single(name):
    """One environment without wrappers, its time limit, and actions drawn beforehand."""
    if name not in singles:
        made = gymnasium.make(name)
        env = made.unwrapped
        env.reset(seed=0)
        env.action_space.seed(0)
        actions = [env.action_space.sample() for _ in range(4 * ROWS)]
        singles[name] = env, made.spec.max_episode_steps, actions
    return singles[name]


def vector(count):
    """CartPole's own NumPy environment, and actions drawn beforehand."""
    if count not in vectors:
        env = CartPoleVectorEnv(num_envs=count, max_episode_steps=500)
        env.reset(seed=0)
        rng = np.random.default_rng(0)
        vectors[count] = env, [rng.integers(0, 2, count) for _ in range(ROWS)]
    return vectors[count]


def check(request):
    """Observations and rewards from a state on, until the environment ends."""
    env, _, _ = single(request["env"])
    env.reset()
    env.state = np.array(request["state"])
    env.steps_beyond_terminated = None
    steps = []
    for value in request["actions"]:
        obs, reward, terminated, _, _ = env.step(action_of(env, value))
        steps.append({"obs": obs.astype(float).tolist(), "reward": float(reward), "terminated": terminated})
        if terminated:
            break
    env.reset()
    return {"steps": steps}


def run_single(name, seconds):
    env, limit, actions = single(name)
    env.reset()
    start = time.process_time()
    steps, age = 0, 0
    while time.process_time() - start < seconds:
        for action in actions:
            age += 1
            if env.step(action)[2] or age == limit:
                env.reset()
                age = 0
        steps += len(actions)
    return {"work": steps, "seconds": time.process_time() - start}


def run_vector(count, seconds):
    env, actions = vector(count)
    start = time.process_time()
    steps = 0
    while time.process_time() - start < seconds:
        for row in actions:
            env.step(row)
        steps += count * len(actions)
    return {"work": steps, "seconds": time.process_time() - start}


def answer(request):
    if request["op"] == "check":
        return check(request)
    if "count" in request:
        return run_vector(request["count"], request["seconds"])
    return run_single(request["env"], request["seconds"])


say({"version": f"{version('gymnasium')} (CPython {python_version()}, numpy {version('numpy')})"})
for line in sys.stdin:
    say(answer(json.loads(line)))
