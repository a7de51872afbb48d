/**
 * Whether an episode that nothing terminates lasts exactly `maxCycles`.
 *
 * Source   PettingZoo @ 761353e6, pettingzoo/test/max_cycles_test.py
 *
 * @module
 */
import { sampleActions, sampleNext } from "../actions.ts";
import { type AecEnv, isAec, type ParallelEnv } from "../types.ts";
import { check } from "./check.ts";

/** @param make an environment of at most so many cycles */
export function maxCyclesTest<O>(
  make: (maxCycles: number) => ParallelEnv<O> | AecEnv<O>,
  maxCycles = 4,
): void {
  const env = make(maxCycles);
  if (isAec(env)) countTurns(env, maxCycles);
  else countSteps(env, maxCycles);
}

function judge(what: string, found: number, most: number, terminated: boolean): void {
  const verb = terminated ? "at most" : "exactly";
  check(
    found <= most && (terminated || found === most),
    `${what} ${found}, expected ${verb} ${most}: truncate every agent when maxCycles steps were taken, no sooner and ` +
      "no later",
  );
}

function countSteps<O>(env: ParallelEnv<O>, maxCycles: number): void {
  let shown = env.reset({ seed: 0 });
  let terminated = false;
  let steps = 0;
  while (env.numAgents > 0 && steps < maxCycles + 10) {
    const result = env.step(sampleActions(env, shown));
    terminated ||= Object.values(result.terminations).some(Boolean);
    shown = result;
    steps++;
  }
  judge("steps of an episode:", steps, maxCycles, terminated);
}

/** Where agents act at once each acts `maxCycles` times; in a game of turns all together do. */
function countTurns<O>(env: AecEnv<O>, maxCycles: number): void {
  env.reset({ seed: 0 });
  const acted = new Map(env.agents.map((agent) => [agent, 0]));
  let terminated = false;
  for (const agent of env.agentIter(env.numAgents * (maxCycles + 10))) {
    const { termination, truncation } = env.last(false);
    terminated ||= termination;
    if (!termination && !truncation) acted.set(agent, (acted.get(agent) ?? 0) + 1);
    env.step(sampleNext(env));
  }
  if (!env.metadata.isParallelizable) {
    const all = [...acted.values()].reduce((sum, n) => sum + n, 0);
    return judge("turns of an episode:", all, maxCycles, terminated);
  }
  for (const [agent, n] of acted) judge(`actions of ${agent} in an episode:`, n, maxCycles, terminated);
}
