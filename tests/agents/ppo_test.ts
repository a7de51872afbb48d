import assert from "node:assert/strict";
import { seed } from "../../core/mod.ts";
import { bindLimits, lagrangian, mean } from "../../constraints/mod.ts";
import { ippo } from "../../agents/algorithms/mod.ts";
import { priceAdvantage } from "../../agents/price.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { bandit } from "./fixtures.ts";

const set = {
  hidden: [8],
  horizon: 4,
  epochs: 4,
  minibatches: 1,
  actorRate: 0.02,
  anneal: false,
  entropy: 0.1,
};

/** Train on the bandit; returns the mean of the last actions, which is P(risky), and the multiplier. */
function learn(limit: number | undefined): { risky: number; lambda: number } {
  const world = bandit(64);
  const { spec } = world;
  const limits = bindLimits(
    spec,
    limit === undefined ? [] : [{ channel: "contact", kind: "episode", limit }],
  );
  const pricing = limit === undefined ? undefined : lagrangian({ rate: 0.02, initial: 1 }).bind(spec, limits);
  const learner = ippo.make(set).start({
    spec,
    group: spec.groups[0]!,
    pricing,
    runtime: nodeRuntime(),
    stream: seed(1),
    peers: () => ({}),
  });
  const prices = pricing?.start() ?? new Float64Array();
  const risky: number[] = [];
  const lambdas: number[] = [];
  for (let update = 0; update < 300; update++) {
    let sum = 0;
    for (let t = 0; t < set.horizon; t++) {
      learner.act(world);
      world.step();
      learner.observe(world);
      sum += mean(world.reward) / set.horizon;
    }
    pricing?.update([sum], 0, prices);
    const multipliers = pricing?.multipliers(prices) ?? [];
    learner.learn(world, { progress: 0, prices: multipliers });
    risky.push(sum);
    lambdas.push(multipliers[0] ?? 0);
  }
  learner.dispose();
  return { risky: mean(risky.slice(-200)), lambda: mean(lambdas.slice(-200)) };
}

Deno.test("ppo learns the better arm of a bandit", () => {
  // 300 updates of 256 pulls, seed 1; a random policy pulls it half of the time.
  assert.ok(learn(undefined).risky > 0.95);
});

Deno.test("ppo under a Lagrangian pulls the risky arm as often as its limit allows, at the exact multiplier", () => {
  // Without the entropy bonus the optimum has P(risky) = d and λ* = 1 (safe-RL reference, T0). With weight c_H the
  // policy is the softmax of its advantage: (λ − 1) / ((1 + λ) σ) = c_H ln((1 − d) / d), σ² = d (1 − d).
  const d = 0.25;
  const x = set.entropy * Math.sqrt(d * (1 - d)) * Math.log((1 - d) / d);
  const { risky, lambda } = learn(d);
  assert.ok(Math.abs(risky - d) < 0.02, `P(risky) = ${risky}`);
  assert.ok(Math.abs(lambda - (1 + x) / (1 - x)) < 0.01, `λ = ${lambda}`);
});

Deno.test("priceAdvantage() subtracts in the signals' units, over the spread of the parts of the living", () => {
  const into = new Float32Array(4);
  const reward = Float32Array.of(3, 5, 1, 100);
  const cost = Float32Array.of(1, 1, 0, 0);
  const alive = Float32Array.of(1, 1, 1, 0);
  priceAdvantage([reward, cost], [2], alive, into);
  // reward: mean 3, σ √(8/3); cost: mean 2/3, σ √(2/9); differences 0, 2, −2 and 1/3, 1/3, −2/3
  const spread = Math.sqrt(8 / 3) + 2 * Math.sqrt(2 / 9);
  [-2 / 3, 4 / 3, -2 / 3].forEach((x, i) => assert.ok(Math.abs(into[i]! - x / spread) < 1e-5));
  priceAdvantage([reward, reward], [1], alive, into);
  assert.ok(into.every((x) => x === 0));
});
