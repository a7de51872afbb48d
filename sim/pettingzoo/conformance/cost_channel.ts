/**
 * Whether costs keep to their channels: one non-negative number for each agent and channel, at each step.
 *
 * @module
 */
import { sampleActions, sampleNext } from "../actions.ts";
import { type AecEnv, type Costs, isAec, type ParallelEnv } from "../types.ts";
import { check, checkKeys } from "./check.ts";

/** Plays about `cycles` rounds of all agents. */
export function costChannelTest<O>(env: ParallelEnv<O> | AecEnv<O>, cycles = 200): void {
  const { channels } = env;
  check(new Set(channels).size === channels.length, `a channel is named twice: ${channels.join(", ")}`);
  check(
    channels.every((name) => /^\w+$/.test(name)),
    `channels need names of letters and digits: ${channels}`,
  );
  if (isAec(env)) alternate(env, cycles * env.possibleAgents.length);
  else together(env, cycles);
}

function checkCosts(agent: string, costs: Costs | undefined, channels: readonly string[]): void {
  checkKeys(
    `costs of ${agent}`,
    costs,
    channels,
    "give one cost for each of env.channels, 0 where nothing happened",
  );
  for (const [channel, cost] of Object.entries(costs!)) {
    check(
      Number.isFinite(cost) && cost >= 0,
      `the cost ${channel} of ${agent} is ${cost}: costs are finite and not negative; a gain belongs in the reward`,
    );
  }
}

function together<O>(env: ParallelEnv<O>, steps: number): void {
  let shown = env.reset({ seed: 0 });
  for (let t = 0; t < steps; t++) {
    if (env.numAgents === 0) shown = env.reset();
    const acting = [...env.agents];
    const result = env.step(sampleActions(env, shown));
    checkKeys("costs", result.costs, acting, "charge the agents that acted, and nobody else");
    for (const agent of acting) checkCosts(agent, result.costs[agent], env.channels);
    shown = result;
  }
}

/** Between two of an agent's steps, `last()` must add up what single steps cost it. */
function alternate<O>(env: AecEnv<O>, steps: number): void {
  env.reset({ seed: 0 });
  const spent = new Map<string, Costs>();
  for (let t = 0; t < steps; t++) {
    if (env.numAgents === 0) {
      env.reset();
      spent.clear();
    }
    const agent = env.agentSelection;
    const { costs } = env.last(false);
    checkCosts(agent, costs, env.channels);
    for (const channel of env.channels) {
      const sum = spent.get(agent)?.[channel] ?? 0;
      check(
        costs[channel] === sum,
        `last() tells ${agent} a cost ${channel} of ${
          costs[channel]
        }, its steps cost it ${sum}: add costs up as rewards`,
      );
    }
    env.step(sampleNext(env));
    spent.delete(agent);
    checkKeys("costs", env.costs, env.agents, "charge the agents in play, and nobody else");
    for (const other of env.agents) {
      checkCosts(other, env.costs[other], env.channels);
      const sums = spent.get(other) ?? {};
      for (const channel of env.channels) sums[channel] = (sums[channel] ?? 0) + env.costs[other]![channel]!;
      spent.set(other, sums);
    }
  }
}
