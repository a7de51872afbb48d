/**
 * PettingZoo's Parallel API over a world of one environment.
 *
 * Members and meanings are PettingZoo's, in camelCase. Costs come beside rewards: `costs[agent][channel]`. What
 * `reset`, `step` and `state` return are views to read, which the next call overwrites; `copy(result)` keeps one.
 *
 * Seeds    `reset({ seed })` starts episode 0 of that seed; `reset()` goes on with the next episode of the current one
 *          (of `options.seed`, at first).
 * Differs  the order is enforced, and an action outside its space is an error, as if PettingZoo's
 *          OrderEnforcingWrapper and AssertOutOfBoundsWrapper were always on
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Scenario } from "../language/scenario.ts";
import type { World } from "../types.ts";
import { checkAction } from "./actions.ts";
import {
  type EnvOptions,
  type Home,
  homeOf,
  mustRun,
  type Origin,
  type Phase,
  type Simulated,
  type Snapshot,
  worldFor,
} from "./home.ts";
import { type Results, resultsOf } from "./results.ts";
import type { Action, BoxSpace } from "./spaces.ts";
import type { ParallelEnv, PerAgent, ResetResult, Start, StepResult } from "./types.ts";

export interface SimParallelEnv extends ParallelEnv, Simulated {
  observationSpace(agent: string): BoxSpace;
  readonly stateSpace: BoxSpace;
  /** Go back to a snapshot; returns what its last call showed. */
  restore(snapshot: Snapshot): ResetResult;
}

/** A PettingZoo Parallel environment of `scenario`. */
export function parallel(scenario: Scenario, options: EnvOptions = {}): SimParallelEnv {
  return overWorld(worldFor(scenario, options), { scenario, options });
}

/** The Parallel API over a world of one environment, from which it takes over `reset` and `step`. */
export function overWorld(world: World, origin: Origin = {}): SimParallelEnv {
  const home = homeOf(world, origin);
  const { names, sight } = home;
  if (!home.metadata.isParallelizable) {
    throw new UserError(
      `${world.spec.scenario} is played in turns; the Parallel API is for agents that act at once: use aec(), and ` +
        "turnBasedAecToParallel() on what it returns",
    );
  }
  const write = actionWriter(home);
  const resultsFor = resultsOf(world, sight);
  const everyone = names.map((_, n) => n);
  let phase: Phase = "new";
  let agents: readonly string[] = [];
  /** Indices of `agents`. */
  let live: readonly number[] = [];
  let shown: Results | undefined;

  function enter(now: readonly number[]): void {
    live = now;
    agents = now === everyone ? names : now.map((n) => names[n]!);
  }

  function reset(start: Start = {}): ResetResult {
    home.begin(phase, start);
    phase = "running";
    enter(everyone);
    sight.look("running");
    shown = resultsFor(everyone);
    return shown.reset;
  }

  function step(actions: Readonly<PerAgent<Action>>): StepResult {
    if (phase !== "running") mustRun(phase);
    write(actions, live, agents);
    world.step();
    const told = shown!;
    if (world.done[0] === 1) {
      phase = "over";
      sight.look("end");
      told.fill();
      enter([]);
    } else {
      sight.look("running");
      if (told.fill()) leave();
    }
    return told.step;
  }

  /** Those whom the last step finished act no more. */
  function leave(): void {
    enter(live.filter((n) => world.terminated[n] === 0 && world.truncated[n] === 0));
    shown = resultsFor(live);
  }

  function snapshot(): Snapshot {
    return { world: world.snapshot(), seed: home.seed, phase, agents: [...agents], told: shown?.names ?? [] };
  }

  function restore(saved: Snapshot): ResetResult {
    world.restore(saved.world);
    ({ seed: home.seed, phase } = saved);
    enter(saved.agents.length === names.length ? everyone : saved.agents.map(home.indexOf));
    sight.look(phase === "over" ? "end" : "running");
    shown = resultsFor(phase === "running" ? live : saved.told.map(home.indexOf));
    return shown.reset;
  }

  const env: SimParallelEnv = {
    metadata: home.metadata,
    possibleAgents: names,
    maxNumAgents: names.length,
    get agents() {
      return agents;
    },
    get numAgents() {
      return agents.length;
    },
    channels: home.channels,
    observationSpace: (agent) => home.observationSpaces[home.indexOf(agent)]!,
    actionSpace: (agent) => home.actionSpaces[home.indexOf(agent)]!,
    stateSpace: home.stateSpace,
    reset,
    step,
    state() {
      if (phase === "new") mustRun(phase, "state");
      return sight.state();
    },
    renderMode: home.renderMode,
    render: () => home.render(phase),
    close() {
      phase = "closed";
      enter([]);
    },
    get unwrapped() {
      return env;
    },
    spec: world.spec,
    world,
    scenario: origin.scenario,
    options: origin.options ?? {},
    get seed() {
      return home.seed;
    },
    channel: home.channel,
    refresh() {
      mustRun(phase, "refresh");
      world.refresh();
      sight.look("running");
    },
    hash: () => world.hash(0),
    snapshot,
    restore,
  };
  return env;
}

type Write = (
  actions: Readonly<PerAgent<Action>>,
  live: readonly number[],
  agents: readonly string[],
) => void;

/** Checks the actions of the agents in play and writes them to the world. */
function actionWriter({ world, names, actionSpaces, sight, metadata, indexOf }: Home): Write {
  const masks = metadata.refusesIllegal ? sight.masks : undefined;
  const { A, actionSizes } = world.spec;
  const into = world.actions;
  const sizes = Int32Array.from(actionSizes);

  function refuse(n: number, action: unknown): void {
    checkAction(names[n]!, action, actionSpaces[n]!, world.alive[n] === 1 ? masks?.[n] : undefined);
  }

  /** What this lets pass `checkAction` would too; it is the short way. */
  function choose(actions: Readonly<PerAgent<Action>>, live: readonly number[]): void {
    for (let i = 0; i < live.length; i++) {
      const n = live[i]!;
      const action = actions[names[n]!] as number;
      if ((action | 0) !== action || action < 0 || action >= sizes[n]!) refuse(n, action);
      if (masks !== undefined && masks[n]![action] === 0) refuse(n, action);
      into[n] = action;
    }
  }

  function control(actions: Readonly<PerAgent<Action>>, live: readonly number[]): void {
    for (let i = 0; i < live.length; i++) {
      const n = live[i]!;
      const action = actions[names[n]!] as ArrayLike<number>;
      const { low, high } = actionSpaces[n] as BoxSpace;
      if (!(action instanceof Float32Array) || action.length !== low.length) refuse(n, action);
      for (let a = 0; a < low.length; a++) {
        const x = action[a]!;
        if (!(x >= low[a]! && x <= high[a]!)) refuse(n, action);
        into[n * A + a] = x;
      }
    }
  }

  const put = world.spec.actionKind === "discrete" ? choose : control;
  return (actions, live, agents) => {
    let given = 0;
    for (const _ in actions) given++;
    if (given !== live.length) refuseNames(actions, agents, indexOf);
    put(actions, live);
  };
}

/** There are too many actions, or too few: says which one is wrong. */
function refuseNames(
  actions: Readonly<PerAgent<Action>>,
  agents: readonly string[],
  indexOf: (agent: string) => number,
): void {
  for (const agent of Object.keys(actions)) {
    if (agents.includes(agent)) continue;
    indexOf(agent);
    throw new UserError(`step: ${agent} acts no more in this episode. Acting now: ${agents.join(", ")}`);
  }
}
