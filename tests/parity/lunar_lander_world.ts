/**
 * The lander's own code under draws from elsewhere: numpy's generator, or a recording.
 *
 * @module
 */
import { integer, PCG64_SIZE, seedPcg64, unit } from "../../sim/numpy/pcg64.ts";
import { lunarLander } from "../../sim/scenarios/control/lunar_lander_v3.ts";
import type { Draws } from "../../sim/language/class_scenario.ts";

export type Action = number | readonly number[];

/** What a step reported. */
export interface Reported {
  readonly obs: readonly number[];
  readonly reward: number;
  readonly terminated: boolean;
}

export interface Lander {
  readonly columns: Readonly<Record<string, Float64Array>>;
  reset(): readonly number[];
  step(action: Action): Reported;
}

/** Numbers as numpy's `default_rng(seed)` gives them to Gymnasium. */
export function numpyDraws(seed: number): Draws {
  const state = new Int32Array(PCG64_SIZE);
  seedPcg64(seed, state, 0);
  return only((low, high) => low + (high - low) * unit(state, 0), (n) => integer(state, 0, n));
}

/** Uniform numbers from a list. */
export function listedDraws(values: readonly number[]): Draws {
  let at = 0;
  return only(() => values[at++]!, () => values[at++]!);
}

function only(uniform: (low: number, high: number) => number, integer: (n: number) => number): Draws {
  const never = () => {
    throw new Error("the lander draws uniform numbers and integers only");
  };
  return { uniform: (low = 0, high = 1) => uniform(low, high), integer, normal: never, shuffle: never };
}

/** One lander outside any engine. */
export function lander(params: Readonly<Record<string, unknown>>, continuous: boolean, draws: Draws): Lander {
  const p = lunarLander.params.parse(params);
  const columns = Object.fromEntries(
    Object.entries(lunarLander.columns(p)).map(([name, width]) => [name, new Float64Array(width)]),
  );
  const world = {
    p,
    columns,
    cycle: 0,
    actions: continuous ? new Float32Array(2) : new Int32Array(1),
    actionKind: continuous ? "continuous" : "discrete",
    alive: Uint8Array.of(1),
    reward: new Float64Array(1),
    terminated: new Uint8Array(1),
    hidden: lunarLander.hidden!(p),
    charge: () => {},
  } as const;
  const see = () => {
    const obs = new Float64Array(8);
    lunarLander.observe(world, 0, obs);
    return [...obs];
  };
  return {
    columns,
    reset() {
      for (const column of Object.values(columns)) column.fill(0);
      world.terminated[0] = 0;
      lunarLander.reset(world, draws);
      return see();
    },
    step(action) {
      world.actions.set(typeof action === "number" ? [action] : action);
      lunarLander.step(world, draws);
      return { obs: see(), reward: world.reward[0]!, terminated: world.terminated[0] === 1 };
    },
  };
}
