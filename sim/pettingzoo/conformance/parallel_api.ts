/**
 * Whether a Parallel environment keeps to the API.
 *
 * Source   PettingZoo @ 761353e6, pettingzoo/test/parallel_test.py
 * Differs  a missing or surplus key is an error, not a warning; costs are checked like rewards
 *
 * @module
 */
import { sampleActions } from "../actions.ts";
import type { ParallelEnv, PerAgent, ResetResult, StepResult } from "../types.ts";
import { check, checkAgents, checkKeys, checkOutcome } from "./check.ts";
import { checkInfo, checkObservation, checkSpaces, warningsOf } from "./spaces.ts";

/**
 * Plays whole episodes of random actions, `cycles` steps in all.
 *
 * @returns warnings: what is allowed, and seldom meant
 * @throws Error that says what is wrong and how to mend it
 */
export function parallelApiTest<O>(env: ParallelEnv<O>, cycles = 1000): string[] {
  env.reset({ seed: 1, options: {} });
  let shown = env.reset();
  checkAgents(env);
  checkSpaces(env);
  checkReset(env, shown);
  const finished = new Set<string>();
  for (let t = 0; t < cycles; t++) {
    const acting = [...env.agents];
    const result = env.step(sampleActions(env, shown));
    checkStep(env, result, acting);
    for (const agent of acting) {
      const done = result.terminations[agent] || result.truncations[agent];
      if (done) finished.add(agent);
      check(
        env.agents.includes(agent) !== done,
        done
          ? `${agent} is finished and still in agents: take it out`
          : `${agent} left agents and was not told that it is finished: set its termination or truncation`,
      );
    }
    for (const agent of env.agents) {
      check(!finished.has(agent), `${agent} is finished and back in agents: who is finished does not return`);
    }
    shown = result;
    if (env.numAgents > 0) continue;
    finished.clear();
    shown = env.reset();
    checkReset(env, shown);
  }
  check(
    env.unwrapped.unwrapped === env.unwrapped,
    "unwrapped is itself wrapped: give the innermost environment",
  );
  return warningsOf(env);
}

function checkReset<O>(env: ParallelEnv<O>, { observations, infos }: ResetResult<O>): void {
  checkAgents(env);
  check(env.numAgents > 0, "there are no agents after reset(): an episode needs at least one");
  checkShown(env, { observations, infos }, env.agents);
}

function checkShown<O>(env: ParallelEnv<O>, shown: ResetResult<O>, agents: readonly string[]): void {
  const cure = "speak of the agents that acted, after reset() of all agents, and of nobody else";
  checkKeys("observations", shown.observations, agents, cure);
  checkKeys("infos", shown.infos, agents, cure);
  for (const agent of agents) {
    checkObservation(env, agent, shown.observations[agent]);
    checkInfo(env, agent, shown.infos[agent]);
  }
}

function checkStep<O>(env: ParallelEnv<O>, result: StepResult<O>, acting: readonly string[]): void {
  checkAgents(env);
  checkShown(env, result, acting);
  const { rewards, costs, terminations, truncations } = result;
  const books: PerAgent<PerAgent<unknown>> = { rewards, costs, terminations, truncations };
  for (const [name, book] of Object.entries(books)) {
    checkKeys(name, book, acting, "speak of the agents that acted, and of nobody else");
  }
  for (const agent of acting) {
    checkOutcome(agent, rewards[agent], terminations[agent], truncations[agent]);
    checkKeys(`costs of ${agent}`, costs[agent], env.channels, "give one cost for each of env.channels");
  }
}
