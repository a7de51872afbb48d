/** What a training tells of itself, and when its multipliers move. */
import assert from "node:assert/strict";
import { findAlgorithm, train, trainer } from "../../agents/mod.ts";
import { lagrangian } from "../../constraints/mod.ts";
import { findScenario } from "../../sim/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";

const runtime = nodeRuntime();

Deno.test("a multiplier stands still while no episode ends", () => {
  const run = trainer({
    scenario: findScenario("mpe/simple_spread_v3"), // episodes of 25 steps
    algorithm: findAlgorithm("ippo").make({ horizon: 10, hidden: [8], epochs: 1, minibatches: 1 }),
    constraint: lagrangian({ rate: 1, initial: 1 }),
    budgets: [{ channel: "collision", kind: "episode", limit: 1000 }],
    steps: 1000,
    envs: 2,
    seed: 1,
    runtime,
  });
  const prices = [1, 2, 3, 4].map(() => run.advance().metrics["constraint/lambda/collision"]!);
  assert.deepEqual(prices.slice(0, 2), [1, 1]);
  assert.ok(prices[2]! < 1, "the first episodes kept their limit");
  assert.equal(prices[3], prices[2]);
  run.dispose();
});

Deno.test("evaluations are counted since the one that returned the most, though self-play keeps the newest", async () => {
  const told: { value: number; since: number; best: boolean }[] = [];
  await train({
    scenario: findScenario("mpe/simple_push_v3"),
    algorithm: findAlgorithm("ippo").make({ horizon: 10, hidden: [8], actorRate: 0.05 }),
    selfPlay: { every: 1, pool: 2, share: 0.5, untrained: 0 },
    ...{ steps: 480, envs: 4, seed: 2, runtime },
    ...{ checkpointEvery: 10, evaluateEvery: 1, evaluateEpisodes: 8 },
    callbacks: [(event) => {
      if (event.kind !== "evaluation") return;
      const { report, since, best } = event;
      told.push({ value: report.return.mean, since, best });
    }],
  });
  const values = told.map(({ value }) => value);
  const expected = values.map((_, i) => i - values.indexOf(Math.max(...values.slice(0, i + 1))));
  assert.ok(expected.some((since) => since > 1), `returns ${values.join(", ")}`);
  assert.deepEqual(told.map(({ since }) => since), expected);
  assert.ok(told.every(({ best }) => best));
});
