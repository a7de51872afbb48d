/**
 * Several episodes in a row as if they were one.
 *
 * Source   PettingZoo @ 761353e6, MultiEpisodeEnv and MultiEpisodeParallelEnv
 * Differs  `reset()` without a seed goes on with the environment's next episodes. With a seed, each episode takes the
 *          next seed, 0 included.
 *
 * @module
 */
import { UserError } from "../../../core/mod.ts";
import {
  type AecEnv,
  isAec,
  type ParallelEnv,
  type PerAgent,
  type Start,
  type StepResult,
} from "../types.ts";
import { forwardAec, forwardParallel } from "./forward.ts";

/**
 * AEC: agents finish in each episode, step with null, and are back in play until the last episode is over. Parallel:
 * nobody finishes before the last episode is over, and then all are truncated; where an episode ended, observations
 * and infos are the first of the next.
 */
export function multiEpisode<O>(env: AecEnv<O>, episodes: number): AecEnv<O>;
export function multiEpisode<O>(env: ParallelEnv<O>, episodes: number): ParallelEnv<O>;
export function multiEpisode<O>(
  env: AecEnv<O> | ParallelEnv<O>,
  episodes: number,
): AecEnv<O> | ParallelEnv<O> {
  if (!Number.isSafeInteger(episodes) || episodes < 1) {
    throw new UserError(`multiEpisode: expected a whole number of episodes, at least 1, found ${episodes}`);
  }
  let start: Start = {};
  let played = 0;
  const first = (given: Start = {}) => {
    played = 1;
    start = given;
    return given;
  };
  /** How the next episode starts; undefined after the last. */
  const next = (): Start | undefined => {
    if (played >= episodes) return undefined;
    played++;
    if (start.seed !== undefined) start = { ...start, seed: start.seed + 1 };
    return start;
  };
  if (!isAec(env)) return parallel(env, first, next);
  return forwardAec(() => env, {
    reset: (given) => env.reset(first(given)),
    step(action) {
      env.step(action);
      if (env.numAgents > 0) return;
      const following = next();
      if (following !== undefined) env.reset(following);
    },
  });
}

function parallel<O>(
  env: ParallelEnv<O>,
  first: (start?: Start) => Start,
  next: () => Start | undefined,
): ParallelEnv<O> {
  return forwardParallel(() => env, {
    reset: (given) => env.reset(first(given)),
    step(actions): StepResult<O> {
      const result = env.step(actions);
      const { rewards, costs, terminations } = result;
      const all = (value: boolean): PerAgent<boolean> => {
        return Object.fromEntries(Object.keys(terminations).map((agent) => [agent, value]));
      };
      if (env.numAgents > 0) return { ...result, terminations: all(false), truncations: all(false) };
      const following = next();
      if (following === undefined) return { ...result, terminations: all(false), truncations: all(true) };
      // The reset below may write over what the step returned.
      const kept = { rewards: { ...rewards }, costs: structuredClone(costs) };
      return { ...env.reset(following), ...kept, terminations: all(false), truncations: all(false) };
    },
  });
}
