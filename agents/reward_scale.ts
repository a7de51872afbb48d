/**
 * Rewards in a scale of their own: divided by the running deviation of the discounted return. Nothing is subtracted,
 * since a shift would pay for longer or shorter episodes. The return is that of the reward which is learned from: the
 * team's, where it is made of its members', else a member's own, which is no sample once the member has ended.
 *
 * Source   Engstrom et al. 2020, arXiv:2005.12729, section 3 (reward scaling)
 *
 * @module
 */
import * as z from "zod";
import type { Group, World, WorldSpec } from "../sim/mod.ts";
import { type TeamReward, teamReward } from "./team_reward.ts";
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

/**
 * The scale of a group's rewards; where it is not `wanted`, rewards pass unchanged.
 *
 * @param way how the rewards that are learned from are made of the members'; as they are unless given
 */
export function rewardScale(
  spec: WorldSpec,
  group: Group,
  gamma: number,
  wanted: boolean,
  way: TeamReward = "shared",
): RewardScale {
  if (!wanted) return { state: {}, observe: () => {}, forget: () => {}, apply: () => {} };
  const { E, N } = spec;
  const M = group.members.length;
  const V = way === "shared" ? M : 1;
  const own = new Float64Array(E * M);
  const paid = new Float64Array(E * V);
  /** `[E,V]` discounted returns so far. */
  const returns = new Float64Array(E * V);
  /** Count, mean and sum of squared deviations of all returns so far (Welford). */
  const moments = new Float64Array(3);

  /** Whether the return of value `v` is a sample: a team's always; a member's own while the member acts. */
  function counts(world: World, e: number, v: number): boolean {
    if (way !== "shared" || spec.sharedReward) return true;
    const row = e * N + group.members[v]!;
    const ended = world.terminated[row] !== 0 || world.truncated[row] !== 0;
    // After an episode's end `alive` may tell of the next one.
    return ended || world.done[e] === 0 && world.alive[row] !== 0;
  }

  function take(sample: number): void {
    const shift = sample - moments[1]!;
    moments[0]!++;
    moments[1]! += shift / moments[0]!;
    moments[2]! += shift * (sample - moments[1]!);
  }

  return {
    state: { "reward.returns": returns, "reward.moments": moments },
    observe(world) {
      for (let i = 0; i < E * M; i++) {
        own[i] = world.reward[Math.floor(i / M) * N + group.members[i % M]!]!;
      }
      teamReward(own, way, paid);
      for (let e = 0; e < E; e++) {
        for (let v = 0; v < V; v++) {
          const i = e * V + v;
          returns[i] = gamma * returns[i]! + paid[i]!;
          if (counts(world, e, v)) take(returns[i]!);
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
