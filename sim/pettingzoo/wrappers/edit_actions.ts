/**
 * What wrappers that look at each action share.
 *
 * @module
 */
import type { Action, ActionSpace } from "../spaces.ts";
import { type AecEnv, isAec, type ParallelEnv } from "../types.ts";
import { forwardAec, forwardParallel } from "./forward.ts";

/** The action that counts in place of the one given; or throws. */
export type Edit = (agent: string, action: Action, space: ActionSpace) => Action;

/** Every action goes through `edit`; the null of a finished agent does not. */
export function editActions<O>(env: AecEnv<O> | ParallelEnv<O>, edit: Edit): AecEnv<O> | ParallelEnv<O> {
  if (isAec(env)) {
    return forwardAec(() => env, {
      step(action) {
        const agent = env.agentSelection;
        const finished = env.terminations[agent] || env.truncations[agent];
        env.step(finished || action === null ? action : edit(agent, action, env.actionSpace(agent)));
      },
    });
  }
  return forwardParallel(() => env, {
    step(actions) {
      const edited = Object.entries(actions).map(([agent, action]) => {
        return [agent, edit(agent, action, env.actionSpace(agent))] as const;
      });
      return env.step(Object.fromEntries(edited));
    },
  });
}
