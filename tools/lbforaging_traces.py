"""Records level-based foraging of lbforaging, for the parity test.

    python3 -m venv /tmp/lbf && /tmp/lbf/bin/pip install lbforaging==2.0.0 gymnasium==1.4.0 numpy==2.4.6
    /tmp/lbf/bin/python tools/lbforaging_traces.py tests/parity/traces/grid

Of each game its params and episodes. Of each episode the start (players: row, column, level; food: the same, in reading
order; obs, valid), and of each step the actions, rewards, players, food, obs, valid actions, and whether it was the last.
Players load where they can, walk towards food or about; some actions are not valid, and count as none.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from lbforaging.foraging.environment import Action, ForagingEnv

VERSIONS = {"lbforaging": "2.0.0", "gymnasium": "1.4.0", "numpy": "2.4.6"}
GAMES = [
    {},
    {"coop": True},
    {"sight": 2, "penalty": 0.1},
    {"size": 10, "players": 3, "food": 3, "sight": 2},
    {"size": 15, "players": 4, "food": 5, "maxLevel": 3},
    {"size": 5, "players": 7, "food": 2, "sight": 1},
    {"size": 6, "players": 9, "food": 3, "penalty": 0.5},
    {"size": 9, "players": 1, "food": 4, "coop": True},
]
EPISODES = 4
DEFAULTS = {"size": 8, "players": 2, "food": 2, "coop": False, "sight": 0, "maxLevel": 2, "penalty": 0.0}
MOVES = {1: (-1, 0), 2: (1, 0), 3: (0, -1), 4: (0, 1)}


def make(game):
    p = {**DEFAULTS, **game}
    return ForagingEnv(
        players=p["players"],
        min_player_level=1,
        max_player_level=p["maxLevel"],
        min_food_level=1,
        max_food_level=None,
        field_size=(p["size"], p["size"]),
        max_num_food=p["food"],
        sight=p["sight"] or p["size"],
        max_episode_steps=50,
        force_coop=p["coop"],
        penalty=p["penalty"],
    )


def things(env):
    food = [[int(y), int(x), int(env.field[y, x])] for y, x in zip(*np.nonzero(env.field))]
    return {"players": [[*map(int, p.position), int(p.level)] for p in env.players], "food": food}


def sights(env, obs):
    valid = [[int(action in env._valid_actions[p]) for action in Action] for p in env.players]
    return {"obs": [[int(x) for x in row] for row in obs], "valid": valid}


def choose(env, player, rng):
    valid = [action.value for action in env._valid_actions[player]]
    kind = rng.random()
    if kind < 0.1:
        return int(rng.integers(6))
    if 5 in valid and kind < 0.7:
        return 5
    moves = [a for a in valid if a in MOVES]
    if kind < 0.7 and moves:
        food = np.argwhere(env.field > 0)
        after = [np.array(player.position) + MOVES[a] for a in moves]
        return int(moves[np.argmin([np.abs(food - place).sum(axis=1).min() for place in after])])
    return int(rng.choice(valid))


def episode(env, seed):
    rng = np.random.default_rng(seed)
    obs, _ = env.reset(seed=seed)
    start = {**things(env), **sights(env, obs)}
    steps = []
    done = False
    while not done:
        actions = [choose(env, player, rng) for player in env.players]
        obs, rewards, done, _, _ = env.step(actions)
        steps.append({"a": actions, "r": [float(r) for r in rewards], **things(env), **sights(env, obs), "done": bool(done)})
    return {"seed": seed, "start": start, "steps": steps}


def main(folder):
    for package, wanted in VERSIONS.items():
        if version(package) != wanted:
            sys.exit(f"{package} {version(package)} found, {wanted} wanted: see the head of this file")
    games = [
        {"params": game, "episodes": [episode(make(game), seed) for seed in range(100 * i, 100 * i + EPISODES)]}
        for i, game in enumerate(GAMES)
    ]
    text = json.dumps({"env": "lbforaging", "versions": VERSIONS, "games": games}, separators=(",", ":"))
    Path(folder, "foraging.json").write_text(text + "\n")


main(sys.argv[1])
