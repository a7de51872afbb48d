/**
 * Rewards in a scale of their own: divided by the running deviation of the discounted return. Nothing is subtracted,
 * since a shift would pay for longer or shorter episodes.
 *
 * Source   Engstrom et al. 2020, arXiv:2005.12729, section 3 (reward scaling)
 *
 * @module
 */
import * as z from "zod";
import type { Group, World, WorldSpec } from "../sim/mod.ts";
import type { State } from "./types.ts";

export const scaleRewardSetting = z.boolean().default(false).describe(
  "divide rewards by the running deviation of the discounted return",
);

export interface RewardScale {
  readonly state: State;
  /** Take in the rewards of the step that `world` just made. */
  observe(world: World): void;
  /** Forget the running returns: others will have played on in their episodes. */
  forget(): void;
  /** Divide `rewards` by the deviation, in place. */
  apply(rewards: Float32Array): void;
}

/** The scale of a group's rewards; where it is not `wanted`, rewards pass unchanged. */
export function rewardScale(spec: WorldSpec, group: Group, gamma: number, wanted: boolean): RewardScale {
  if (!wanted) return { state: {}, observe: () => {}, forget: () => {}, apply: () => {} };
  const { E, N } = spec;
  const M = group.members.length;
  /** `[E,M]` discounted returns so far. */
  const returns = new Float64Array(E * M);
  /** Count, mean and sum of squared deviations of all returns so far (Welford). */
  const moments = new Float64Array(3);
  return {
    state: { "reward.returns": returns, "reward.moments": moments },
    observe(world) {
      for (let e = 0; e < E; e++) {
        for (let m = 0; m < M; m++) {
          const i = e * M + m;
          returns[i] = gamma * returns[i]! + world.reward[e * N + group.members[m]!]!;
          const shift = returns[i]! - moments[1]!;
          moments[0]!++;
          moments[1]! += shift / moments[0]!;
          moments[2]! += shift * (returns[i]! - moments[1]!);
          if (world.done[e] !== 0) returns[i] = 0;
        }
      }
    },
    forget: () => void returns.fill(0),
    apply(rewards) {
      const deviation = Math.sqrt(moments[2]! / Math.max(1, moments[0]!)) || 1;
      for (let i = 0; i < rewards.length; i++) rewards[i]! /= deviation;
    },
  };
}
