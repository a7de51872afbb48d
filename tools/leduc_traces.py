"""Records Leduc hold'em of PettingZoo and RLCard, for the parity test.

    python3 -m venv /tmp/leduc && /tmp/leduc/bin/pip install pettingzoo==1.25.0 rlcard==1.2.0 pygame==2.6.1
    /tmp/leduc/bin/python tools/leduc_traces.py tests/parity/traces/classic

Random legal play. Of each episode: `cards`, the ranks (0 J, 1 Q, 2 K) of both hands and of the public card; and `trace`,
what `last()` returned before each step, the steps of finished agents (`action` null) included.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from pettingzoo.classic import leduc_holdem_v4

VERSIONS = {"pettingzoo": "1.25.0", "rlcard": "1.2.0"}
EPISODES = 40
RANKS = "JQK"


def episode(seed):
    rng = np.random.default_rng(seed)
    env = leduc_holdem_v4.env()
    env.reset(seed=seed)
    game = env.unwrapped.env.game
    cards = [player.hand for player in game.players] + [game.dealer.deck[-1]]
    trace = []
    for agent in env.agent_iter():
        obs, reward, termination, truncation, _ = env.last()
        mask = obs["action_mask"]
        # Folding ends a game: rarely, so that most come to the second round.
        weights = mask * np.array([1, 1, 0.1, 1])
        action = None if termination else int(rng.choice(4, p=weights / weights.sum()))
        trace.append({
            "agent": agent,
            "obs": {"observation": [int(x) for x in obs["observation"]], "action_mask": [int(x) for x in mask]},
            "reward": float(reward),
            "termination": bool(termination),
            "truncation": bool(truncation),
            "action": action,
            "rewards": {name: float(value) for name, value in env.rewards.items()},
            "agents": list(env.agents),
        })
        env.step(action)
    return {"seed": seed, "cards": [RANKS.index(card.rank) for card in cards], "trace": trace}


def main(folder):
    for package, wanted in VERSIONS.items():
        if version(package) != wanted:
            sys.exit(f"{package} {version(package)} found, {wanted} wanted: see the head of this file")
    episodes = [episode(seed) for seed in range(EPISODES)]
    text = json.dumps({"env": "leduc_holdem_v4", "versions": VERSIONS, "episodes": episodes}, separators=(",", ":"))
    Path(folder, "leduc_holdem_v4.json").write_text(text + "\n")


main(sys.argv[1])
