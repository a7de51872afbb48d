/**
 * Whether an AEC environment keeps to the API.
 *
 * Source   PettingZoo @ 761353e6, pettingzoo/test/api_test.py
 * Differs  NaN and infinity in observations are errors, not warnings; costs are checked like rewards
 *
 * @module
 */
import { sampleNext } from "../actions.ts";
import type { AecEnv, Costs, Last, PerAgent } from "../types.ts";
import { check, checkAgents, checkKeys, checkOutcome, checkSame } from "./check.ts";
import { checkInfo, checkObservation, checkSpaces, warningsOf } from "./spaces.ts";

/**
 * Plays whole episodes of random actions, about `cycles` rounds of all agents.
 *
 * @returns warnings: what is allowed, and seldom meant
 * @throws Error that says what is wrong and how to mend it
 */
export function apiTest<O>(env: AecEnv<O>, cycles = 1000): string[] {
  env.reset({ seed: 1, options: {} });
  env.reset();
  checkAgents(env);
  checkSpaces(env);
  checkStart(env);
  const steps = cycles * env.possibleAgents.length;
  for (let left = steps; left > 0;) left -= playEpisode(env, left);
  checkActions(env);
  check(
    env.unwrapped.unwrapped === env.unwrapped,
    "unwrapped is itself wrapped: give the innermost environment",
  );
  return warningsOf(env);
}

function checkStart<O>(env: AecEnv<O>): void {
  check(env.numAgents > 0, "there are no agents after reset(): an episode needs at least one");
  const { agents, terminations, truncations, agentSelection } = env;
  const finished = agents.find((agent) => terminations[agent] || truncations[agent]);
  check(
    finished === undefined,
    `${finished} is finished right after reset(): let reset() clear terminations`,
  );
  check(agents.includes(agentSelection), `agentSelection ${agentSelection} is not in agents after reset()`);
  check(
    env.last(false).observation === null,
    "last(false) shows an observation: give null when none is asked for",
  );
  checkObservation(env, agentSelection, env.last().observation);
}

/** Plays to the end of an episode, or for `most` steps; returns how many it took. */
function playEpisode<O>(env: AecEnv<O>, most: number): number {
  env.reset();
  const seen = new Set(env.agents);
  const finished = new Set<string>();
  const sums = tally();
  let steps = 0;
  for (const agent of env.agentIter(most)) {
    check(!finished.has(agent), `${agent} acts again after it was finished: who is finished does not return`);
    const last = env.last();
    const done = last.termination || last.truncation;
    checkLast(env, agent, last);
    checkObservation(env, agent, last.observation);
    sums.compare(agent, last.reward, last.costs);
    if (done) finished.add(agent);
    const returned = env.step(done ? null : sampleNext(env)) as unknown;
    check(returned === undefined, `step() returned ${returned}: an AEC environment's step returns nothing`);
    sums.settle(agent);
    sums.add(env);
    checkBooks(env);
    for (const other of seen) {
      if (finished.has(other)) continue;
      check(
        env.agents.includes(other),
        `${other} left agents before its last step: keep it until it has stepped with null`,
      );
    }
    check(!done || !env.agents.includes(agent), `${agent} is in agents after its last step: take it out`);
    for (const other of env.agents) {
      check(!finished.has(other), `${other} is finished and back in agents: who is finished does not return`);
      seen.add(other);
    }
    steps++;
  }
  return Math.max(steps, 1);
}

/** Rewards and costs added up as `last()` must tell them. */
function tally() {
  const rewards: PerAgent<number> = {};
  const costs: PerAgent<Costs> = {};
  return {
    compare(agent: string, reward: number, told: Costs): void {
      const sum = rewards[agent] ?? 0;
      check(
        Object.is(reward + 0, sum + 0),
        `last() tells ${agent} a reward of ${reward}, and its rewards since it last acted add up to ${sum}: ` +
          "add each step's rewards to a cumulative one, and clear an agent's when it acts",
      );
      for (const [channel, cost] of Object.entries(told)) {
        const spent = costs[agent]?.[channel] ?? 0;
        check(
          cost === spent,
          `last() tells ${agent} a cost ${channel} of ${cost}, and its costs since it last acted add up to ${spent}`,
        );
      }
    },
    settle(agent: string): void {
      delete rewards[agent];
      delete costs[agent];
    },
    add(env: Pick<AecEnv, "agents" | "rewards" | "costs">): void {
      for (const agent of env.agents) {
        rewards[agent] = (rewards[agent] ?? 0) + env.rewards[agent]!;
        const into = costs[agent] ??= {};
        for (const [channel, cost] of Object.entries(env.costs[agent] ?? {})) {
          into[channel] = (into[channel] ?? 0) + cost;
        }
      }
    },
  };
}

/** Everything by agent speaks of those in play, and of nobody else. */
function checkBooks<O>(env: AecEnv<O>): void {
  checkAgents(env);
  const { agents, rewards, costs, terminations, truncations, infos } = env;
  for (const [name, book] of Object.entries({ rewards, costs, terminations, truncations, infos })) {
    checkKeys(name, book, agents, "keep the agents in play and drop the others");
  }
  for (const agent of agents) {
    checkOutcome(agent, rewards[agent], terminations[agent], truncations[agent]);
    checkKeys(`costs of ${agent}`, costs[agent], env.channels, "give one cost for each of env.channels");
  }
}

/** `last()` says what the books say. */
function checkLast<O>(
  env: AecEnv<O>,
  agent: string,
  { reward, termination, truncation, info }: Last<O>,
): void {
  checkOutcome(agent, reward, termination, truncation);
  checkInfo(env, agent, info);
  const told = { termination, truncation, info };
  const books = {
    termination: env.terminations[agent],
    truncation: env.truncations[agent],
    info: env.infos[agent],
  };
  checkSame(
    `last() and the books of ${agent}`,
    told,
    books,
    "last() tells what terminations, truncations and infos hold",
  );
}

/** An action counts whatever kind of array it stands in. */
function checkActions<O>(env: AecEnv<O>): void {
  env.reset();
  const action = sampleNext(env);
  if (action === null || typeof action === "number") return;
  for (const same of [Array.from(action), Float64Array.from(action), action]) {
    env.reset();
    env.step(same);
  }
}
