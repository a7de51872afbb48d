"""Records MPE2 for the parity tests: other seeds, other actions, every option, the scenarios of 1.1.

    python3 -m venv /tmp/mpe2 && /tmp/mpe2/bin/pip install mpe2==1.1.1 pettingzoo==1.27.0 gymnasium==1.4.0 numpy==2.4.6
    /tmp/mpe2/bin/python tools/mpe2_traces.py tests/parity/traces/mpe/more

One file for each environment:
  episodes  params in camelCase, `reset(seed)`, the state it gave (places of all entities, fields), and for each step the
            actions by agent, places and velocities of the agents, what they said, rewards, and every sixth step the
            observations, in float64
  resets    places and fields of `reset(seed)` and of two `reset()` after it
Numbers are printed so that they read back to the same bits. Observations that MPE2 rounds to float32 are taken before.
"""

import importlib
import json
import re
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np

EXPECTED = {"mpe2": "1.1.1", "numpy": "2.4.6"}
SEEDS = [0, 7, 2**40 + 3]


def camel(name):
    return re.sub(r"_(\w)", lambda m: m[1].upper(), name)


def make(name, continuous, kwargs):
    env = importlib.import_module(f"mpe2.{name}").parallel_env(continuous_actions=continuous, **kwargs)
    return env, env.unwrapped


def numbers(array):
    return [float(x) for x in array]


def fields(raw):
    """State beyond places: goals and keys as numbers of landmarks, what holds what."""
    world = raw.world
    found = {}
    goals = []
    for agent in world.agents:
        goal = getattr(agent, "_goal_b", None) or getattr(agent, "_goal_a", None)
        if goal in world.landmarks:
            goals.append(world.landmarks.index(goal))
    if goals:
        found["goal"] = goals
    keys = [list(agent._key).index(1) for agent in world.agents if getattr(agent, "_key", None) is not None]
    if keys:
        found["key"] = keys
    if hasattr(world, "treasure_types"):
        found["holding"] = [0 if a.holding is None else a.holding + 1 for a in world.agents if a.collector]
        found["kind"] = [t.type for t in world.landmarks]
        found["lies"] = [int(t.alive) for t in world.landmarks]
    return found


def observations(raw):
    return [numbers(raw.scenario.observation(agent, raw.world)) for agent in raw.world.agents]


def places(entities):
    return [numbers(entity.state.p_pos) for entity in entities]


def toward(agent, target, continuous):
    """The move that brings the point where the agent would come to rest nearest to a target."""
    wanted = (target - agent.state.p_pos - 0.4 * agent.state.p_vel) / (0.04 * (agent.accel or 5.0) / agent.mass)
    if continuous:
        x, y = np.clip(wanted, -1, 1)
        return np.array([0, max(-x, 0), max(x, 0), max(-y, 0), max(y, 0)], dtype=np.float32)
    axis = int(np.argmax(np.abs(wanted)))
    return 0 if abs(wanted[axis]) < 0.5 else 2 * axis + (2 if wanted[axis] > 0 else 1)


def targets(name, raw):
    """Where each agent of a scripted episode goes."""
    world, scenario = raw.world, raw.scenario
    if name == "simple_tag_v3":
        good = [a for a in world.agents if not a.adversary]
        return [a.state.p_pos if not a.adversary else good[i % len(good)].state.p_pos for i, a in enumerate(world.agents)]
    if name == "simple_line_v1":
        return scenario._expected_positions
    if name == "simple_formation_v1":
        turns = 2 * np.pi / len(world.agents) * np.arange(len(world.agents)) + 0.3
        return [world.landmarks[0].state.p_pos + 0.5 * np.array([np.cos(t), np.sin(t)]) for t in turns]
    if name == "collect_treasure_v1":
        alive = [t.state.p_pos for t in world.landmarks if t.alive] or [np.zeros(2)]
        deposits = {a.d_i: a.state.p_pos for a in world.agents if not a.collector}
        return [
            np.zeros(2) if not a.collector
            else deposits[a.holding] if a.holding is not None
            else min(alive, key=lambda p: np.sum(np.square(p - a.state.p_pos)))
            for a in world.agents
        ]
    return [world.landmarks[i % len(world.landmarks)].state.p_pos for i, _ in enumerate(world.agents)]


class Actions:
    """Random ones that are kept with probability 0.8, or moves to a target."""

    def __init__(self, name, env, raw, seed, scripted):
        self.name, self.env, self.raw, self.scripted = name, env, raw, scripted
        self.random = np.random.default_rng(seed + 1000)
        self.kept = {}

    def __call__(self):
        if self.scripted:
            aims = zip(self.raw.world.agents, targets(self.name, self.raw))
            moves = [toward(agent, target, self.raw.continuous_actions) for agent, target in aims]
            return dict(zip(self.env.agents, moves))
        for agent in self.env.agents:
            if agent in self.kept and self.random.random() < 0.8:
                continue
            space = self.env.action_space(agent)
            if hasattr(space, "n"):
                self.kept[agent] = int(self.random.integers(space.n))
            else:
                self.kept[agent] = self.random.random(space.shape).astype(np.float32)
        return dict(self.kept)


def episode(name, seed, continuous=False, scripted=False, **kwargs):
    env, raw = make(name, continuous, kwargs)
    env.reset(seed=seed)
    agents = list(env.agents)
    act = Actions(name, env, raw, seed, scripted)
    start = {"pos": places(raw.world.entities), "fields": fields(raw), "obs": observations(raw)}
    steps = []
    while env.agents:
        actions = act()
        _, rewards, terminations, truncations, _ = env.step(actions)
        step = {
            "a": [actions[a] if not continuous else numbers(actions[a]) for a in agents],
            "pos": places(raw.world.agents),
            "vel": [numbers(a.state.p_vel) for a in raw.world.agents],
            "r": [float(rewards[a]) for a in agents],
        }
        if not all(a.silent for a in raw.world.agents):
            step["c"] = [numbers(a.state.c) for a in raw.world.agents]
        if len(steps) % 6 == 0 or not env.agents:
            step["obs"] = observations(raw)
        if name == "collect_treasure_v1":
            step["things"] = places(raw.world.landmarks)
            step["fields"] = fields(raw)
        if any(terminations.values()):
            step["terminated"] = True
        steps.append(step)
    params = {camel(k): v for k, v in kwargs.items()}
    cycles = params.pop("maxCycles", 25)
    return {"params": params, "maxCycles": cycles, "continuous": continuous, "seed": seed, "agents": agents,
            "start": start, "steps": steps}


def resets(name):
    env, raw = make(name, False, {})
    found = []
    for seed in SEEDS:
        for again in [seed, None, None]:
            env.reset(seed=again)
            found.append({"seed": seed, "pos": places(raw.world.entities), "fields": fields(raw)})
    return found


EPISODES = {
    "simple_v3": [{}],
    "simple_adversary_v3": [{}, dict(N=4, max_cycles=10), dict(N=3, num_agent_neighbors=2, num_landmark_neighbors=1, max_cycles=10)],
    "simple_crypto_v3": [{}],
    "simple_push_v3": [{}],
    "simple_reference_v3": [{}, dict(local_ratio=0.2, max_cycles=10)],
    "simple_speaker_listener_v4": [{}],
    "simple_spread_v3": [
        {},
        dict(N=5, local_ratio=0.7, max_cycles=10),
        dict(num_agent_neighbors=1, num_landmark_neighbors=2, max_cycles=10),
        dict(N=2, num_agent_neighbors=3, num_landmark_neighbors=3, max_cycles=10),
        dict(curriculum=True, max_cycles=10),
        dict(N=2, terminate_on_success=True, max_cycles=60, scripted=True, continuous=True),
    ],
    "simple_tag_v3": [
        {},
        dict(num_good=2, num_adversaries=4, num_obstacles=3, max_cycles=10),
        dict(num_good=2, num_obstacles=0, num_agent_neighbors=2, num_landmark_neighbors=1, max_cycles=10),
        dict(num_good=2, num_agent_neighbors=6, num_landmark_neighbors=3, max_cycles=10),
        dict(curriculum=True, max_cycles=10),
        dict(terminate_on_success=True, max_cycles=60, scripted=True),
    ],
    "simple_world_comm_v3": [{}, dict(num_good=1, num_adversaries=2, num_obstacles=2, num_food=1, num_forests=3, max_cycles=10)],
    "simple_line_v1": [{}, dict(N=3, max_cycles=10), dict(N=1, max_cycles=10), dict(terminate_on_success=True, max_cycles=80, scripted=True, continuous=True)],
    "simple_formation_v1": [{}, dict(N=5, max_cycles=10), dict(N=1, max_cycles=10), dict(terminate_on_success=True, max_cycles=80, scripted=True, continuous=True)],
    "collect_treasure_v1": [dict(scripted=True, max_cycles=40), dict(num_collectors=3, num_deposits=3, num_treasures=4)],
}


def main(folder):
    for package, wanted in EXPECTED.items():
        if version(package) != wanted:
            sys.exit(f"expected {package} {wanted}, found {version(package)}: install it as the head of this file says")
    folder.mkdir(parents=True, exist_ok=True)
    for name, options in EPISODES.items():
        episodes = []
        for i, kwargs in enumerate(options):
            first = episode(name, 11 + i, **kwargs)
            episodes.append(first)
            if kwargs.get("terminate_on_success"):
                if not first["steps"][-1].get("terminated"):
                    sys.exit(f"{name}, {kwargs}: no success")
                # Once more with the limit at the step of success: then the end is a truncation.
                episodes.append(episode(name, 11 + i, **{**kwargs, "max_cycles": len(first["steps"])}))
            elif not kwargs.get("scripted"):
                episodes.append(episode(name, 31 + i, continuous=True, **kwargs))
        file = {"mpe2": version("mpe2"), "numpy": version("numpy"), "episodes": episodes, "resets": resets(name)}
        (folder / f"{name}.json").write_text(json.dumps(file, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
