/**
 * The reward of a team, for learners of one value for all its members.
 *
 * @module
 */
import * as z from "zod";
import type { Reals } from "../sim/mod.ts";

export const teamRewardSetting = z.enum(["shared", "mean", "sum"]).default("shared").describe(
  "the team's reward: shared already, or of the agents' own",
);

/** Where a team's reward comes from: its members' mean or sum, or any of them, where they share it. */
export type TeamReward = z.output<typeof teamRewardSetting>;

/** Rewards `[…,M]` of members as those of the team, `[…]`; of each member, where `into` is as long. */
export function teamReward(reward: Reals, way: TeamReward, into: Reals): void {
  const M = reward.length / into.length;
  if (M === 1) return into.set(reward);
  for (let i = 0; i < into.length; i++) {
    if (way === "shared") {
      into[i] = reward[i * M]!;
      continue;
    }
    let sum = 0;
    for (let m = 0; m < M; m++) sum += reward[i * M + m]!;
    into[i] = way === "sum" ? sum : sum / M;
  }
}
