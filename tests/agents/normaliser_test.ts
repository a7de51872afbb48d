import assert from "node:assert/strict";
import { normaliser, valueScale } from "../../agents/normaliser.ts";

Deno.test("normaliser() in parts equals the mean and deviation of the whole", () => {
  const all = Float32Array.from({ length: 40 }, (_, i) => (i * 7919) % 23 - (i % 2) * 100);
  const scale = normaliser(2);
  for (const [from, to] of [[0, 6], [6, 8], [8, 40]] as const) scale.update(all.subarray(from, to));
  scale.refresh();
  for (const o of [0, 1]) {
    const column = [...all].filter((_, i) => i % 2 === o);
    const mean = column.reduce((a, b) => a + b) / 20;
    const deviation = Math.sqrt(column.reduce((a, x) => a + (x - mean) ** 2, 0) / 20);
    assert.ok(Math.abs(scale.mean[o]! - mean) < 1e-5 && Math.abs(scale.deviation[o]! - deviation) < 1e-5);
  }
});

Deno.test("normaliser() leaves out the rows that do not count", () => {
  const [all, living] = [normaliser(2), normaliser(2)];
  living.update(Float32Array.of(1, 2, 0, 0, 5, 4, 0, 0), Float32Array.of(1, 0, 1, 0));
  all.update(Float32Array.of(1, 2, 5, 4));
  assert.deepEqual(living.state, all.state);
  living.update(Float32Array.of(9, 9), Float32Array.of(0));
  assert.deepEqual(living.state, all.state);
});

Deno.test("normaliser() changes what the networks see only at refresh()", () => {
  const scale = normaliser(1);
  const out = new Float32Array(1);
  scale.update(Float32Array.of(10, 14));
  scale.apply(Float32Array.of(5), out);
  assert.equal(out[0], 5);
  scale.refresh();
  scale.apply(Float32Array.of(16), out);
  assert.equal(out[0], 2);
  scale.apply(Float32Array.of(1e6), out);
  assert.equal(out[0], 10);
});

Deno.test("normaliser() leaves a constant feature unscaled", () => {
  const scale = normaliser(1);
  const out = new Float32Array(1);
  scale.update(Float32Array.of(3, 3, 3));
  scale.refresh();
  scale.apply(Float32Array.of(4), out);
  assert.equal(out[0], 1);
});

Deno.test("valueScale() is unbiased from its first update, and has a floor", () => {
  const scale = valueScale(0.9);
  assert.deepEqual([scale.mean(), scale.deviation()], [0, 1]);
  scale.update(Float32Array.of(2, 4));
  assert.ok(Math.abs(scale.mean() - 3) < 1e-6 && Math.abs(scale.deviation() - 1) < 1e-6);
  for (let i = 0; i < 200; i++) scale.update(Float32Array.of(5, 5));
  assert.ok(Math.abs(scale.deviation() - 0.1) < 1e-6);
});
