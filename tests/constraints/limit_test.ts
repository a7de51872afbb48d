import assert from "node:assert/strict";
import { bindLimits, convertCost, limitAt, scopedCost } from "../../constraints/mod.ts";
import { centre, contact, specOf } from "./fixtures.ts";

const spec = specOf(1, 2, [contact, centre]);

Deno.test("bindLimits() finds the channel and its scope", () => {
  const [limit] = bindLimits(spec, [{ channel: "centre", kind: "cvar", limit: 2 }]);
  assert.deepEqual(limit, {
    channel: "centre",
    index: 1,
    scope: "agent",
    kind: "cvar",
    limit: 2,
    epsilon: 0.05,
  });
});

Deno.test("bindLimits() names the cure of a bad budget", () => {
  const bind = (channel: string, limit: number) => () =>
    bindLimits(spec, [{ channel, kind: "episode", limit }]);
  assert.throws(
    bind("contac", 1),
    /no cost channel "contac"\. Did you mean "contact"\? It has: contact, centre/,
  );
  assert.throws(bind("contact", -1), /limit of "contact": expected a finite number >= 0, found -1/);
  assert.throws(bind("contact", NaN), /found NaN/);
  const twice = { channel: "contact", kind: "episode", limit: 1 } as const;
  assert.throws(() => bindLimits(spec, [twice, twice]), /"contact" has two limits/);
});

Deno.test("convertCost() converts between the expected kinds, and back", () => {
  const unit = { gamma: 0.5, horizon: 3 };
  // A cost of 1 at each of three steps: episode 3, rate 1, discounted 1 + 0.5 + 0.25.
  assert.equal(convertCost(3, "episode", "rate", unit), 1);
  assert.equal(convertCost(3, "episode", "discounted", unit), 1.75);
  assert.equal(convertCost(1.75, "discounted", "episode", unit), 3);
  assert.equal(convertCost(1, "rate", "discounted", { gamma: 1, horizon: 8 }), 8);
  assert.throws(() => convertCost(1, "episode", "chance", unit), /kind "chance" bounds no expectation/);
});

Deno.test("limitAt() falls linearly to the limit and stays there", () => {
  const [bound] = bindLimits(spec, [{ channel: "contact", kind: "episode", limit: 2 }]);
  const limit = { ...bound!, schedule: { from: 10, until: 0.5 } };
  assert.deepEqual([0, 0.25, 0.5, 1].map((progress) => limitAt(limit, progress)), [10, 6, 2, 2]);
  assert.equal(limitAt(bound!, 0), 2);
});

Deno.test("scopedCost() judges the worst agent, or the channel's total", () => {
  const agents = [3, 1, 3, 4]; // [N,C]
  assert.equal(scopedCost("agent", 1, agents, [3, 5]), 4);
  assert.equal(scopedCost("pair", 0, agents, [3, 5]), 3);
  assert.equal(scopedCost("team", 1, agents, [3, 5]), 5);
});
