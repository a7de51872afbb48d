/**
 * A continuous action outside its space is moved to the nearest point within.
 *
 * Source   PettingZoo @ 761353e6, ClipOutOfBoundsWrapper
 * Differs  silent; a NaN, which is near nothing, is an error
 *
 * @module
 */
import { UserError } from "../../../core/mod.ts";
import { checkAction } from "../actions.ts";
import { type Action, type BoxSpace, isVector } from "../spaces.ts";
import type { AecEnv, ParallelEnv } from "../types.ts";
import { editActions } from "./edit_actions.ts";

/** @throws UserError when an agent's actions are discrete: nothing is between two of them */
export function clipOutOfBounds<O>(env: AecEnv<O>): AecEnv<O>;
export function clipOutOfBounds<O>(env: ParallelEnv<O>): ParallelEnv<O>;
export function clipOutOfBounds<O>(env: AecEnv<O> | ParallelEnv<O>): AecEnv<O> | ParallelEnv<O> {
  const discrete = env.possibleAgents.find((agent) => env.actionSpace(agent).kind !== "box");
  if (discrete !== undefined) {
    throw new UserError(
      `clipOutOfBounds: the actions of ${discrete} are discrete, and only continuous ones can be clipped: ` +
        "use assertOutOfBounds",
    );
  }
  return editActions(env, (agent, action, space) => clip(agent, action, space as BoxSpace));
}

function clip(agent: string, action: Action, space: BoxSpace): Action {
  const { low, high } = space;
  if (!isVector(action) || action.length !== low.length || Array.from(action).some(Number.isNaN)) {
    checkAction(agent, action, space); // throws: the shape is wrong, or a NaN is in it
  }
  return Float32Array.from(
    low,
    (least, i) => Math.min(Math.max((action as Float32Array)[i]!, least), high[i]!),
  );
}
