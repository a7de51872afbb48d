"""Records PettingZoo's classic games to their very end, for the parity tests: last observations, masks, who leaves when.

    python3 -m venv /tmp/classic
    /tmp/classic/bin/pip install "pettingzoo[classic]==1.27.0" rlcard==1.2.0
    /tmp/classic/bin/python tests/parity/traces/classic/record.py tests/parity/traces/classic/more

Random play. Games that are `illegal` end with an action that the mask forbids. Of each episode: `trace`, what `last()`
returned before each step, the steps of finished agents (`action` null) included; of Leduc hold'em also `cards`, the ranks
(0 J, 1 Q, 2 K) of both hands and of the public card.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from pettingzoo.classic import connect_four_v3, leduc_holdem_v4, rps_v2, tictactoe_v3

VERSIONS = {"pettingzoo": "1.27.0", "rlcard": "1.2.0"}
RANKS = "JQK"
# Folding ends a game of Leduc hold'em: rarely, so that most come to the second round.
LEDUC = np.array([1, 1, 0.1, 1])


def plain(obs):
    """An observation as JSON."""
    if isinstance(obs, dict):
        return {name: np.asarray(part).astype(int).tolist() for name, part in obs.items()}
    return int(obs)


def chosen(rng, mask, weights, illegal):
    """A legal action, or, where one is to be had after some moves, a forbidden one."""
    if illegal and not mask.all():
        return int(rng.choice(np.flatnonzero(mask == 0)))
    odds = mask * weights
    return int(rng.choice(len(mask), p=odds / odds.sum()))


def episode(make, seed, illegal=False, weights=1.0):
    rng = np.random.default_rng(seed)
    env = make()
    env.reset(seed=seed)
    record = {"seed": seed, "illegal": illegal}
    if hasattr(env.unwrapped, "env"):
        game = env.unwrapped.env.game
        cards = [player.hand for player in game.players] + [game.dealer.deck[-1]]
        record["cards"] = [RANKS.index(card.rank) for card in cards]
    trace = []
    # Legal moves come first, so that games do not all end at once.
    patience = int(rng.integers(0, 6))
    for step, agent in enumerate(env.agent_iter()):
        obs, reward, termination, truncation, _ = env.last()
        if termination or truncation:
            action = None
        elif isinstance(obs, dict):
            action = chosen(rng, obs["action_mask"], weights, illegal and step >= patience)
        else:
            action = int(rng.integers(env.action_space(agent).n))
        trace.append({
            "agent": agent,
            "obs": plain(obs),
            "reward": float(reward),
            "termination": bool(termination),
            "truncation": bool(truncation),
            "action": action,
            "rewards": {name: float(value) for name, value in env.rewards.items()},
            "agents": list(env.agents),
        })
        env.step(action)
    return {**record, "trace": trace}


def games(make, legal, illegal, weights=1.0):
    """Legal games, then those that end with an illegal action."""
    return [episode(make, seed, seed >= legal, weights) for seed in range(legal + illegal)]


def rounds(options):
    """Rock, paper, scissors with these options."""
    return {**options, **episode(lambda: rps_v2.env(**options), 5)}


def main(folder):
    for package, wanted in VERSIONS.items():
        if version(package) != wanted:
            sys.exit(f"{package} {version(package)} found, {wanted} wanted: see the head of this file")
    # Few columns fill up soon, so that there is an illegal one to choose.
    narrow = np.array([4, 0.2, 0.2, 4, 0.2, 0.2, 4])
    recorded = {
        "tictactoe_v3": games(tictactoe_v3.env, 24, 8),
        "connect_four_v3": games(connect_four_v3.env, 8, 0) + games(connect_four_v3.env, 0, 4, narrow),
        "leduc_holdem_v4": games(leduc_holdem_v4.env, 24, 12, LEDUC),
        "rps_v2": [rounds({"num_actions": n, "max_cycles": cycles}) for n, cycles in [(3, 4), (5, 15), (7, 1)]],
    }
    for name, episodes in recorded.items():
        text = json.dumps({"env": name, "versions": VERSIONS, "episodes": episodes}, separators=(",", ":"))
        Path(folder, f"{name}.json").write_text(text + "\n")


main(sys.argv[1])
