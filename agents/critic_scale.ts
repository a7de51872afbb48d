/**
 * What critics see, as their networks take it: the observation in the actor's scale and, where the view is joint, the
 * state before it in a scale of its own.
 *
 * @module
 */
import type { World } from "../sim/mod.ts";
import { type Normaliser, normaliser, scaleRows } from "./normaliser.ts";
import type { Rollout } from "./rollout.ts";
import type { State } from "./types.ts";

export interface CriticScale {
  /** To keep in a checkpoint. */
  readonly state: State;
  /** Take in what the critics see of `world`, and write it at the rollout's present step, whose `obs` is written. */
  observe(world: World): void;
  /** Raw rows `[rows,O_critic]` as the networks take them. */
  apply(rows: Float32Array, into: Float32Array): void;
  /** Bring the scales up to date with what was observed; the actor's was before. */
  refresh(): void;
}

/** The scale of the critics of `roll`, whose observations are normalised by `scale`. */
export function criticScale(roll: Rollout, scale: Normaliser): CriticScale {
  // Critics that see what the actor sees read the same column.
  if (roll.view === "own") return { state: {}, observe: () => {}, apply: scale.apply, refresh: () => {} };
  const { spec: { E, S }, B, O, O_critic } = roll;
  const M = B / E;
  const states = normaliser(S);
  const seen = new Float32Array(E * S);
  const mean = new Float32Array(O_critic);
  const deviation = new Float32Array(O_critic).fill(1);
  return {
    state: { input: states.state },
    observe({ state }) {
      seen.set(state);
      states.update(seen);
      states.apply(seen, seen);
      const { obs, criticObs } = roll;
      let from = roll.t * B * O;
      let at = roll.t * B * O_critic;
      for (let b = 0; b < B; b++) {
        const e = Math.floor(b / M);
        for (let s = e * S; s < (e + 1) * S; s++) criticObs[at++] = seen[s]!;
        for (let o = 0; o < O; o++) criticObs[at++] = obs[from++]!;
      }
    },
    apply: (rows, into) => scaleRows(rows, { mean, deviation }, into),
    refresh() {
      states.refresh();
      mean.set(states.mean);
      mean.set(scale.mean, S);
      deviation.set(states.deviation);
      deviation.set(scale.deviation, S);
    },
  };
}
