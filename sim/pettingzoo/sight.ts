/**
 * What agents see of a world of one environment, in the arrays that the APIs hand out.
 *
 * @module
 */
import type { World } from "../types.ts";
import type { LastMask } from "./last_masks.ts";

export interface Sight {
  /** By agent, each of its own size; overwritten by `look`. */
  readonly observations: readonly Float32Array[];
  /** By agent: 1 where an action is legal. Undefined where nothing is ever forbidden. */
  readonly masks: readonly Uint8Array[] | undefined;
  /** Read off the world: the episode that runs, or the end of the one that just ended. */
  look(at: "running" | "end"): void;
  /** What a centralised critic sees `[S]`; overwritten by the next call. */
  state(): Float32Array;
}

/** @param last masks at the end of an episode; without it nothing is legal there */
export function sightOf(world: World, masked: boolean, last?: LastMask): Sight {
  const { N, O, A, S, observationSizes, actionSizes } = world.spec;
  const all = new Float32Array(N * O);
  const state = new Float32Array(S);
  const masks = masked ? actionSizes.map((size) => new Uint8Array(size)) : undefined;
  let ended = false;

  function lookAtMasks(into: readonly Uint8Array[]): void {
    for (let n = 0; n < N; n++) {
      const mask = into[n]!;
      if (ended && last !== undefined) last(n, mask);
      else for (let a = 0; a < mask.length; a++) mask[a] = ended ? 0 : world.mask[n * A + a]!;
    }
  }

  return {
    observations: observationSizes.map((size, n) => all.subarray(n * O, n * O + size)),
    masks,
    look(at) {
      ended = at === "end";
      const from = ended ? world.finalObs : world.obs;
      for (let i = 0; i < all.length; i++) all[i] = from[i]!;
      if (masks !== undefined) lookAtMasks(masks);
    },
    state() {
      const from = ended ? world.finalState : world.state;
      for (let s = 0; s < S; s++) state[s] = from[s]!;
      return state;
    },
  };
}
