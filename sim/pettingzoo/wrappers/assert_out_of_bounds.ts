/**
 * An action outside its space is an error.
 *
 * Source   PettingZoo @ 761353e6, AssertOutOfBoundsWrapper. Environments of scenarios do this already.
 *
 * @module
 */
import { checkAction } from "../actions.ts";
import type { AecEnv, ParallelEnv } from "../types.ts";
import { editActions } from "./edit_actions.ts";

export function assertOutOfBounds<O>(env: AecEnv<O>): AecEnv<O>;
export function assertOutOfBounds<O>(env: ParallelEnv<O>): ParallelEnv<O>;
export function assertOutOfBounds<O>(env: AecEnv<O> | ParallelEnv<O>): AecEnv<O> | ParallelEnv<O> {
  return editActions(env, (agent, action, space) => {
    checkAction(agent, action, space);
    return action;
  });
}
