"""lbforaging's level-based foraging, asked by lines of JSON on stdin; see python.ts."""

import json
import sys
import time
from importlib.metadata import version
from platform import python_version


def say(answer):
    print(json.dumps(answer), flush=True)


try:
    import numpy as np
    from lbforaging.foraging.environment import ForagingEnv
except ImportError as error:
    say({"missing": error.name})
    sys.exit(0)

ROWS = 256
made = {}


def make(task):
    """An environment of that task, as lbforaging registers it, and actions drawn beforehand."""
    key = json.dumps(task, sort_keys=True)
    if key not in made:
        env = ForagingEnv(
            players=task["players"],
            min_player_level=1,
            max_player_level=2,
            min_food_level=1,
            max_food_level=None,
            field_size=(task["size"], task["size"]),
            max_num_food=task["food"],
            sight=task.get("sight", task["size"]),
            max_episode_steps=50,
            force_coop=task.get("coop", False),
        )
        env.reset(seed=0)
        made[key] = env, np.random.default_rng(0).integers(0, 6, (ROWS, task["players"])).tolist()
    return made[key]


def check(task, players, food, actions):
    """Observations and rewards from a start on."""
    env, _ = make(task)
    env.reset()
    env.field[:] = 0
    for row, column, level in food:
        if level > 0:
            env.field[int(row), int(column)] = int(level)
    for player, (row, column, level) in zip(env.players, players):
        player.setup((int(row), int(column)), int(level), env.field_size)
    env._food_spawned = env.field.sum()
    env._gen_valid_moves()
    steps = []
    for row in actions:
        obs, reward, done, _, _ = env.step(row)
        steps.append({"obs": np.concatenate(obs).tolist(), "reward": [float(r) for r in reward]})
        if done:
            break
    env.reset()
    return {"steps": steps}


def run(task, seconds):
    env, actions = make(task)
    start = time.process_time()
    steps = 0
    while time.process_time() - start < seconds:
        for row in actions:
            if env.step(row)[2]:
                env.reset()
        steps += ROWS
    return {"work": steps, "seconds": time.process_time() - start}


def answer(request):
    if request["op"] == "check":
        return check(request["task"], request["players"], request["food"], request["actions"])
    return run(request["task"], request["seconds"])


say({"version": f"{version('lbforaging')} (CPython {python_version()}, numpy {version('numpy')})"})
for line in sys.stdin:
    say(answer(json.loads(line)))
