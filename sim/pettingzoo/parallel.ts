/**
 * PettingZoo's Parallel API over a world of one environment.
 *
 * Members and meanings are PettingZoo's, in camelCase; dictionaries are plain objects keyed by agent. Costs come
 * beside rewards: `costs[agent][channel]`. Arrays and objects that `reset`, `step` and `state` return are views that
 * the next call overwrites; `copy(result)` keeps one.
 *
 * Seeds    `reset({ seed })` starts episode 0 of that seed; `reset()` goes on with the next episode of the current one
 *          (of `options.seed`, at first).
 * Differs  the order is enforced, and an action outside its space is an error, as if PettingZoo's
 *          OrderEnforcingWrapper and AssertOutOfBoundsWrapper were always on
 *
 * @module
 */
import { suggest, UserError } from "../../core/mod.ts";
import type { Scenario } from "../language/scenario.ts";
import type { BackendName, Group, World, WorldSpec } from "../types.ts";
import { makeWorld } from "../engine/world.ts";
import { type Action, type ActionSpace, type BoxSpace, boxSpace, discreteSpace, isVector } from "./spaces.ts";

export interface ParallelOptions {
  readonly params?: Record<string, unknown>;
  readonly actions?: "discrete" | "continuous";
  readonly maxCycles?: number;
  readonly backend?: BackendName;
  /** Seed of the episodes before the first `reset({ seed })`: 0 if not given. */
  readonly seed?: number;
}

/** One value for each agent. */
export type PerAgent<T> = Record<string, T>;

/** What an agent is told besides: the legal actions, where the scenario restricts them. */
export interface Info {
  actionMask?: Uint8Array;
}

export interface ResetResult {
  readonly observations: PerAgent<Float32Array>;
  readonly infos: PerAgent<Info>;
}

export interface StepResult extends ResetResult {
  readonly rewards: PerAgent<number>;
  /** `costs[agent][channel]`: a pair's cost is charged to both, a group's or team's to each member. */
  readonly costs: PerAgent<Record<string, number>>;
  readonly terminations: PerAgent<boolean>;
  readonly truncations: PerAgent<boolean>;
}

export interface ParallelEnv {
  readonly metadata: { readonly name: string; readonly isParallelizable: true };
  readonly spec: WorldSpec;
  /** Every agent that may ever appear. */
  readonly possibleAgents: readonly string[];
  /** The agents that act now. Empty before the first reset and once the episode is over. */
  readonly agents: readonly string[];
  readonly numAgents: number;
  readonly maxNumAgents: number;
  /** The same object at every call. */
  observationSpace(agent: string): BoxSpace;
  /** The same object at every call. */
  actionSpace(agent: string): ActionSpace;
  readonly stateSpace: BoxSpace;
  /** Start an episode. `options` is there for PettingZoo's signature; no scenario takes any. */
  reset(start?: { seed?: number; options?: Record<string, unknown> }): ResetResult;
  /** One action for each of `agents`. The results speak of the agents that acted. */
  step(actions: Readonly<PerAgent<Action>>): StepResult;
  /** What a centralised critic may see `[S]`. */
  state(): Float32Array;
  close(): void;
}

/** A PettingZoo Parallel environment of `scenario`. */
export function parallel(scenario: Scenario, options: ParallelOptions = {}): ParallelEnv {
  const { params = {}, backend = "js", actions, maxCycles } = options;
  const world = makeWorld(scenario, {
    params,
    backend,
    ...(actions === undefined ? {} : { actions }),
    ...(maxCycles === undefined ? {} : { maxCycles }),
  });
  return overWorld(world, { seed: options.seed ?? 0, masked: scenario.mask !== undefined });
}

/** The Parallel API over a world of one environment, from which it takes over `reset` and `step`. */
export function overWorld(world: World, { seed, masked }: { seed: number; masked: boolean }): ParallelEnv {
  const { spec } = world;
  const { agents: names, N, O, A, C } = spec;
  if (world.turn[0] !== -1) {
    throw new UserError(
      `${spec.scenario} is played in turns; the Parallel API is for agents that act at once`,
    );
  }
  const index = new Map(names.map((name, n) => [name, n]));
  const observationSpaces = names.map((name, n) => observationSpaceOf(spec, n, name));
  const actionSpaces = names.map((name, n) => actionSpaceOf(spec, n, name));
  const stateSpace = boxSpace(-Infinity, Infinity, spec.S, "state");
  const observed = spec.observationSizes.map((size) => new Float32Array(size));
  const state = new Float32Array(spec.S);
  const infos: Info[] = names.map((_, n) =>
    masked ? { actionMask: world.mask.subarray(n * A, n * A + spec.actionSizes[n]!) } : {}
  );
  const charged = names.map((): Record<string, number> => ({}));

  let phase: "new" | "running" | "over" | "closed" = "new";
  let agents: readonly string[] = [];
  let shown: ResetResult = { observations: {}, infos: {} };
  let result: StepResult = { ...shown, rewards: {}, costs: {}, terminations: {}, truncations: {} };

  function agentIndex(name: string): number {
    const n = index.get(name);
    if (n !== undefined) return n;
    const near = suggest(name, names);
    const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
    throw new UserError(`${spec.scenario} has no agent "${name}".${hint} It has: ${names.join(", ")}`);
  }

  /** Objects with the keys of the agents that act now: made anew only when an episode starts or an agent leaves. */
  function enter(now: readonly string[]): void {
    agents = now;
    const keyed = <T>(value: (n: number) => T) =>
      Object.fromEntries(now.map((name) => [name, value(index.get(name)!)]));
    shown = { observations: keyed((n) => observed[n]!), infos: keyed((n) => infos[n]!) };
    result = {
      ...shown,
      rewards: keyed(() => 0),
      costs: keyed((n) => charged[n]!),
      terminations: keyed(() => false),
      truncations: keyed(() => false),
    };
  }

  function look(from: Float64Array, into: readonly Float32Array[]): void {
    for (let n = 0; n < N; n++) {
      for (let o = 0; o < into[n]!.length; o++) into[n]![o] = from[n * O + o]!;
    }
  }

  function reset({ seed: reseed }: { seed?: number } = {}): ResetResult {
    if (phase === "closed") throw new UserError("reset: the environment is closed");
    if (reseed !== undefined || phase === "new") {
      world.reset(reseed ?? seed);
      seed = reseed ?? seed;
    } else if (phase === "running") world.reset(seed, world.episode[0]! + 1);
    phase = "running";
    enter(names.filter((_, n) => world.alive[n] === 1));
    look(world.obs, observed);
    for (let s = 0; s < state.length; s++) state[s] = world.state[s]!;
    return shown;
  }

  function step(actions: Readonly<PerAgent<Action>>): StepResult {
    if (phase === "new") throw new UserError("step: the environment was not started: call reset() first");
    if (phase === "over") {
      throw new UserError("step: the episode is over: call reset() to start the next one");
    }
    if (phase === "closed") throw new UserError("step: the environment is closed");
    for (const name of Object.keys(actions)) {
      if (agents.includes(name)) continue;
      agentIndex(name);
      throw new UserError(`step: ${name} acts no more in this episode. Acting now: ${agents.join(", ")}`);
    }
    for (const name of agents) {
      const n = index.get(name)!;
      setAction(
        name,
        actions[name],
        actionSpaces[n]!,
        n * (spec.actionKind === "discrete" ? 1 : A),
        world.actions,
      );
    }
    world.step();

    const done = world.done[0] === 1;
    look(done ? world.finalObs : world.obs, observed);
    const whole = done ? world.finalState : world.state;
    for (let s = 0; s < state.length; s++) state[s] = whole[s]!;
    const told = result;
    let leaving = false;
    for (const name of agents) {
      const n = index.get(name)!;
      told.rewards[name] = world.reward[n]!;
      told.terminations[name] = world.terminated[n] === 1;
      told.truncations[name] = world.truncated[n] === 1;
      for (let c = 0; c < C; c++) charged[n]![spec.channels[c]!.name] = world.cost[n * C + c]!;
      leaving ||= world.terminated[n] === 1 || world.truncated[n] === 1;
    }
    if (done) phase = "over";
    if (done || leaving) {
      enter(done ? [] : agents.filter((name) => !told.terminations[name] && !told.truncations[name]));
    }
    return told;
  }

  return {
    metadata: { name: spec.scenario, isParallelizable: true },
    spec,
    possibleAgents: names,
    maxNumAgents: N,
    get agents() {
      return agents;
    },
    get numAgents() {
      return agents.length;
    },
    observationSpace: (agent) => observationSpaces[agentIndex(agent)]!,
    actionSpace: (agent) => actionSpaces[agentIndex(agent)]!,
    stateSpace,
    reset,
    step,
    state: () => state,
    close() {
      phase = "closed";
      agents = [];
    },
  };
}

function observationSpaceOf(spec: WorldSpec, n: number, name: string): BoxSpace {
  const { observation } = groupOf(spec, n);
  const [low, high] = observation.kind === "box"
    ? [observation.low, observation.high]
    : [0, observation.n - 1];
  return boxSpace(low, high, spec.observationSizes[n]!, name);
}

function actionSpaceOf(spec: WorldSpec, n: number, name: string): ActionSpace {
  const { action } = groupOf(spec, n);
  return action.kind === "discrete"
    ? discreteSpace(action.n, name)
    : boxSpace(action.low, action.high, action.shape[0], name);
}

function groupOf(spec: WorldSpec, n: number): Group {
  return spec.groups.find(({ members }) => members.includes(n))!;
}

/** Check `action` and write it to the world's actions, from `at` on. */
function setAction(
  agent: string,
  action: Action | undefined,
  space: ActionSpace,
  at: number,
  into: Int32Array | Float32Array,
): void {
  if (action === undefined) {
    throw new UserError(`step: no action for ${agent}. step() takes one action for each agent in env.agents`);
  }
  if (space.kind === "discrete") {
    const value = typeof action === "number" ? action : NaN;
    if (!space.contains(value)) {
      throw new UserError(
        `step, ${agent}: expected a whole number from 0 to ${space.n - 1}, found ${show(action)}`,
      );
    }
    into[at] = value;
    return;
  }
  const [size] = space.shape;
  if (!isVector(action) || action.length !== size) {
    throw new UserError(`step, ${agent}: expected ${size} numbers, found ${show(action)}`);
  }
  for (let a = 0; a < size; a++) {
    const value = action[a]!;
    if (!(value >= space.low && value <= space.high)) {
      const range = `from ${space.low} to ${space.high}`;
      throw new UserError(`step, ${agent}: expected numbers ${range}, found ${value} at index ${a}`);
    }
    into[at + a] = value;
  }
}

function show(action: unknown): string {
  if (!isVector(action)) return String(action);
  return `[${Array.from(action).join(", ")}]`;
}
