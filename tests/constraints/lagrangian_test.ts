import assert from "node:assert/strict";
import { bindLimits, lagrangian } from "../../constraints/mod.ts";
import { centre, contact, specOf } from "./fixtures.ts";

const spec = specOf(1, 2, [contact, centre]);
const limits = bindLimits(spec, [
  { channel: "contact", kind: "episode", limit: 4 },
  { channel: "centre", kind: "rate", limit: 0.5 },
]);

Deno.test("lagrangian() raises λ by the normalised violation and never below 0", () => {
  const pricing = lagrangian({ rate: 0.1 }).bind(spec, limits);
  const state = pricing.start();
  pricing.update([8, 0.2], 0, state);
  // (8 − 4)/4 = 1, times 0.1; (0.2 − 0.5)/max(0.5, 1) is negative.
  assert.deepEqual([...pricing.multipliers(state)], [0.1, 0]);
  pricing.update([2, 1.5], 0, state);
  // 0.1 + 0.1·(2 − 4)/4 = 0.05; 0.1·(1.5 − 0.5)/1 = 0.1
  assert.deepEqual([...pricing.multipliers(state)].map((x) => x.toFixed(12)), [
    "0.050000000000",
    "0.100000000000",
  ]);
});

Deno.test("lagrangian() with adam moves by about its rate, whatever the violation", () => {
  for (const cost of [5, 5000]) {
    const pricing = lagrangian({ optimiser: "adam", rate: 0.1 }).bind(spec, limits);
    const state = pricing.start();
    pricing.update([cost, 0], 0, state);
    assert.ok(Math.abs(pricing.multipliers(state)[0]! - 0.1) < 1e-6);
  }
});

Deno.test("lagrangian() aims at its target, starts where told, and stops at its maximum", () => {
  const pricing = lagrangian({ target: 0.5, initial: 1, rate: 10, maximum: 3 }).bind(spec, limits);
  assert.deepEqual(pricing.targets, [2, 0.25]);
  const state = pricing.start();
  assert.deepEqual([...pricing.multipliers(state)], [1, 1]);
  pricing.update([2, 0.25], 0, state);
  assert.deepEqual([...pricing.multipliers(state)], [1, 1]);
  pricing.update([200, 0.25], 0, state);
  assert.deepEqual([...pricing.multipliers(state)], [3, 1]);
});

Deno.test("lagrangian() finds the multiplier of the constrained bandit", () => {
  // Two arms, reward = cost = p(risky). Its optimum under cost ≤ d has λ* = 1 (safe-RL reference, T0): with the
  // softmax response p = σ((1 − λ)/τ) the ascent must settle where p = d.
  const bandit = bindLimits(spec, [{ channel: "contact", kind: "episode", limit: 0.25 }]);
  const pricing = lagrangian({ rate: 0.05 }).bind(spec, bandit);
  const state = pricing.start();
  const response = () => 1 / (1 + Math.exp((pricing.multipliers(state)[0]! - 1) / 0.05));
  for (let i = 0; i < 2000; i++) pricing.update([response()], 0, state);
  assert.ok(Math.abs(response() - 0.25) < 1e-3);
  assert.ok(Math.abs(pricing.multipliers(state)[0]! - 1) < 0.1);
});

Deno.test("lagrangian() refuses what a price cannot enforce", () => {
  const tail = bindLimits(spec, [{ channel: "contact", kind: "chance", limit: 4 }]);
  assert.throws(
    () => lagrangian().bind(spec, tail),
    /limit of "contact" is of kind "chance"\. State it as episode/,
  );
  assert.throws(() => lagrangian().bind(spec, []), /states no budget for lagrangian to enforce/);
  assert.throws(
    () => lagrangian({ rat: 1 } as never),
    /lagrangian has no setting "rat"\. Did you mean "rate"\?/,
  );
});
