/**
 * Returns and costs of whole episodes, with intervals.
 *
 * @module
 */
import assert from "node:assert/strict";
import { scopedCost } from "../../constraints/mod.ts";
import {
  makeWorld,
  type Policy,
  randomPolicy,
  runner,
  type Scenario,
  scriptedPolicy,
  type WorldOptions,
} from "../../sim/mod.ts";

/** Mean over episodes, with the half-width of its 95 % interval. */
export interface Outcome {
  readonly mean: number;
  readonly half: number;
}

/** Of one policy, over the first episode of each environment. */
export interface Outcomes {
  /** Episode return, mean over agents. */
  readonly return: Outcome;
  /** Channel -> scoped episode cost: the worst agent's, or the channel's total. */
  readonly costs: Readonly<Record<string, Outcome>>;
  /** Channel -> the cost in the unit of its limit: per step for `rate`, the share of episodes over for `chance`. */
  readonly inUnits: Readonly<Record<string, number>>;
}

/** Plays `episodes` episodes of a policy by its name, `random` included. */
export function outcomes(
  scenario: Scenario,
  policy: string,
  { episodes = 200, seed = 1, ...options }: WorldOptions & { episodes?: number; seed?: number } = {},
): Outcomes {
  const world = makeWorld(scenario, { ...options, envs: episodes });
  const { N, C, channels, budgets, groups, maxCycles } = world.spec;
  const chosen = groups.map((group): [string, Policy] => {
    const found = policy === "random"
      ? randomPolicy(world.spec, group)
      : scriptedPolicy(scenario, world.spec, group, policy);
    assert.ok(found, `${scenario.id} has no policy ${policy}`);
    return [group.name, found];
  });
  world.reset(seed);
  const run = runner(world, Object.fromEntries(chosen), seed);
  const returns = new Float64Array(episodes);
  const lengths = new Float64Array(episodes);
  const [charged, counted] = [new Float64Array(episodes * N * C), new Float64Array(episodes * C)];
  const over = new Uint8Array(episodes);
  for (let t = 0; t < maxCycles && over.includes(0); t++) {
    run.step();
    for (let e = 0; e < episodes; e++) {
      if (over[e] === 1) continue;
      lengths[e]!++;
      for (let n = e * N; n < (e + 1) * N; n++) returns[e]! += world.reward[n]! / N;
      for (let i = e * N * C; i < (e + 1) * N * C; i++) charged[i]! += world.cost[i]!;
      for (let c = e * C; c < (e + 1) * C; c++) counted[c]! += world.channelCost[c]!;
      over[e] = world.done[e]!;
    }
  }
  const scoped = channels.map(({ scope }, c) =>
    Float64Array.from({ length: episodes }, (_, e) => {
      const agents = charged.subarray(e * N * C, (e + 1) * N * C);
      return scopedCost(scope, c, agents, counted.subarray(e * C, (e + 1) * C));
    })
  );
  const inUnits = budgets.map(({ channel, kind, limit }) => {
    const costs = scoped[channels.findIndex(({ name }) => name === channel)]!;
    if (kind === "rate") return [channel, outcome(costs.map((cost, e) => cost / lengths[e]!)).mean];
    if (kind === "chance") return [channel, outcome(costs.map((cost) => Number(cost > limit))).mean];
    return [channel, outcome(costs).mean];
  });
  return {
    return: outcome(returns),
    costs: Object.fromEntries(channels.map(({ name }, c) => [name, outcome(scoped[c]!)])),
    inUnits: Object.fromEntries(inUnits),
  };
}

export function outcome(values: Float64Array): Outcome {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const variance = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (n - 1);
  return { mean, half: 1.96 * Math.sqrt(variance / n) };
}

/** The mean lies where it did when the scenario was made, give or take twice its interval. */
export function near({ mean, half }: Outcome, expected: number, what: string): void {
  const off = Math.abs(mean - expected);
  assert.ok(
    off <= 2 * half + 0.01 * Math.abs(expected) + 0.02,
    `${what}: expected ${expected}, found ${mean} ± ${half}`,
  );
}
