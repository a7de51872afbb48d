/**
 * The motion of a scenario alone, and many stretches of it played at once.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import { makeWorld } from "../engine/world.ts";
import type { Scenario, TracedScenario } from "../language/scenario.ts";
import type { BackendName, World } from "../types.ts";

export type Params = Readonly<Record<string, unknown>>;

/** One number of the state: a column, and which of its numbers. */
export interface Element {
  readonly column: string;
  readonly index: number;
}

export interface Motion {
  /** Without ends, rewards and costs. */
  readonly scenario: TracedScenario;
  readonly actions: "discrete" | "continuous";
  readonly backend: Exclude<BackendName, "wasm32">;
  /** The state that a stretch begins in. */
  readonly state: readonly Element[];
  /** What is measured: the elements of the state, or the observations of all agents. */
  readonly sight: "states" | "observations";
}

/** What to play: actions from a start on. */
export interface Plays {
  /** `[R]` how many moments, the start included, are asked for. */
  readonly moments: readonly number[];
  /** `[R][moments − 1, N·A]` */
  readonly actions: readonly Float64Array[];
  /** `[R,S]` */
  readonly starts: Float64Array;
}

/**
 * A scenario without all that does not move it: no episode ends, and no reward or cost is counted.
 *
 * @throws UserError where it is written as a class, which nothing can be left out of
 */
export function motionOf(scenario: Scenario): TracedScenario {
  if ("version" in scenario) {
    throw new UserError(
      `identify: ${scenario.id} is written as a class, whose episodes cannot be kept from ending: ` +
        `write its motion with scenario({ … })`,
    );
  }
  const { terminate: _, mask: _m, alive: _a, state: _s, ...rest } = scenario;
  return { ...rest, reward: () => 0, costs: {}, budgets: {} };
}

/** A world of so many environments, none of which ends within so many moments. */
export function motionWorld(
  { scenario, actions, backend }: Motion,
  params: Params,
  envs: number,
  moments: number,
) {
  return makeWorld(scenario, { envs, params, actions, backend, maxCycles: Math.max(2, moments + 1) });
}

/** What is seen, `[R][moments, M]`, the start first. Columns beyond the state are those of the first environment. */
export function predict(motion: Motion, params: Params, { moments, actions, starts }: Plays): Float64Array[] {
  const R = moments.length;
  const longest = Math.max(...moments);
  const world = motionWorld(motion, params, R, longest);
  alike(world);
  putStates(world, motion.state, starts);
  const see = sightOf(world, motion);
  const seen = moments.map((count) => new Float64Array(count * see.M));
  const W = world.actions.length / R;
  for (let t = 0; t < longest; t++) {
    if (t > 0) {
      for (let row = 0; row < R; row++) {
        if (t >= moments[row]!) continue;
        for (let i = 0; i < W; i++) world.actions[row * W + i] = actions[row]![(t - 1) * W + i]!;
      }
      world.step();
    }
    for (let row = 0; row < R; row++) {
      if (t < moments[row]!) see.read(row, t, seen[row]!);
    }
  }
  return seen;
}

/** Makes the state of all environments that of the first. */
function alike({ columns, spec: { E } }: World): void {
  for (const { data, width } of Object.values(columns)) {
    for (let env = 1; env < E; env++) data.copyWithin(env * width, 0, width);
  }
}

export function putStates(world: World, state: readonly Element[], starts: Float64Array): void {
  const S = state.length;
  state.forEach(({ column, index }, s) => {
    const { data, width } = world.columns[column]!;
    for (let env = 0; env < world.spec.E; env++) data[env * width + index] = starts[env * S + s]!;
  });
  world.refresh();
}

interface Sight {
  /** How many numbers are measured. */
  readonly M: number;
  /** Writes what environment `env` shows as moment `t` of `into`. */
  read(env: number, t: number, into: Float64Array): void;
}

export function sightOf(world: World, { state, sight }: Pick<Motion, "state" | "sight">): Sight {
  if (sight === "observations") {
    const M = world.spec.N * world.spec.O;
    return { M, read: (env, t, into) => into.set(world.obs.subarray(env * M, (env + 1) * M), t * M) };
  }
  const M = state.length;
  const cells = state.map(({ column, index }) => ({ ...world.columns[column]!, index }));
  return {
    M,
    read(env, t, into) {
      for (let m = 0; m < M; m++) {
        const { data, width, index } = cells[m]!;
        into[t * M + m] = data[env * width + index]!;
      }
    },
  };
}
