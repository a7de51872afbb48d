"""PettingZoo's classic games, asked by lines of JSON on stdin; see python.ts."""

import json
import sys
import time
from importlib.metadata import version
from platform import python_version


def say(answer):
    print(json.dumps(answer), flush=True)


try:
    import numpy as np
    from pettingzoo.classic import connect_four_v3, leduc_holdem_v4, rps_v2, tictactoe_v3
except ImportError as error:
    say({"missing": error.name})
    sys.exit(0)

GAMES = {
    "tictactoe_v3": tictactoe_v3,
    "connect_four_v3": connect_four_v3,
    "leduc_holdem_v4": leduc_holdem_v4,
    "rps_v2": rps_v2,
}
# As many numbers as board_games.ts has, from which moves are chosen.
DRAWS = 4096
RANKS = "JQK"
made = {}


def environment(name):
    """The AEC environment with its wrappers, as its users have it."""
    if name not in made:
        made[name] = GAMES[name].env()
        made[name].reset(seed=1)
    return made[name]


def draws(seed):
    return np.random.default_rng(seed).integers(0, 2**30, DRAWS).tolist()


def chosen(env, obs, draw):
    """The legal move that a number stands for."""
    if not isinstance(obs, dict):
        return int(draw % env.action_space(env.agent_selection).n)
    legal = np.flatnonzero(obs["action_mask"])
    return int(legal[draw % len(legal)])


def check(env, request):
    """One game: who moved, what was seen, which move, and in the end the rewards of both."""
    env.reset(seed=request["seed"])
    cards = None
    if hasattr(env.unwrapped, "env"):
        game = env.unwrapped.env.game
        cards = [RANKS.index(card.rank) for card in [player.hand for player in game.players] + [game.dealer.deck[-1]]]
    moves = []
    for draw, agent in zip(draws(request["seed"]), env.agent_iter()):
        obs, _, termination, truncation, _ = env.last()
        if termination or truncation:
            break
        seen = obs["observation"].astype(int).ravel().tolist() if isinstance(obs, dict) else [int(obs)]
        mask = obs["action_mask"].tolist() if isinstance(obs, dict) else None
        action = chosen(env, obs, draw)
        moves.append({"agent": env.possible_agents.index(agent), "obs": seen, "mask": mask, "action": action})
        env.step(action)
    rewards = [float(env.rewards[agent]) for agent in env.possible_agents]
    return {"cards": cards, "moves": moves, "rewards": rewards}


def run(env, request):
    """Whole games, reset and the steps of finished agents included; work in moves."""
    numbers = draws(1)
    start = time.process_time()
    moves = 0
    while time.process_time() - start < request["seconds"]:
        env.reset()
        for _ in env.agent_iter():
            obs, _, termination, truncation, _ = env.last()
            if termination or truncation:
                env.step(None)
                continue
            env.step(chosen(env, obs, numbers[moves % DRAWS]))
            moves += 1
    return {"work": moves, "seconds": time.process_time() - start}


def main():
    say({"version": f"{version('pettingzoo')} (CPython {python_version()}, numpy {version('numpy')})"})
    for line in sys.stdin:
        request = json.loads(line)
        say((check if request["op"] == "check" else run)(environment(request["env"]), request))


main()
