/**
 * The distributions of core's random draws. Seeds are fixed; each statistic was to pass at the level of
 * 1e-4, two-sided |z| < 3.9 for moments.
 *
 * @module
 */
import assert from "node:assert/strict";
import { categorical, fillGumbel, integer, normal, seed, shuffle, uniform } from "../../core/mod.ts";

/** The value that χ² with `freedom` degrees exceeds with probability 1e-4 (Wilson, Hilferty 1931). */
function limit(freedom: number): number {
  const spread = 2 / (9 * freedom);
  const root = 1 - spread + 3.719 * Math.sqrt(spread);
  return freedom * root * root * root;
}

/** Pearson's χ² of counts against expected shares. */
function chiSquare(counts: ArrayLike<number>, shares: readonly number[]): number {
  const total = Array.from(counts).reduce((sum, n) => sum + n, 0);
  return shares.reduce((sum, share, i) => sum + (counts[i]! - total * share) ** 2 / (total * share), 0);
}

function even(counts: ArrayLike<number>, what: string): void {
  const shares = Array.from(counts, () => 1 / counts.length);
  const found = chiSquare(counts, shares);
  assert.ok(found < limit(counts.length - 1), `${what}: χ² ${found}`);
}

Deno.test("uniform() fills 256 cells evenly, and pairs of draws 32 x 32 cells", () => {
  const stream = seed(21);
  const cells = new Int32Array(256);
  const pairs = new Int32Array(1024);
  for (let i = 0; i < 100000; i++) {
    const x = uniform(stream);
    const y = uniform(stream);
    cells[Math.floor(x * 256)]!++;
    pairs[Math.floor(x * 32) * 32 + Math.floor(y * 32)]!++;
  }
  even(cells, "cells");
  even(pairs, "pairs");
});

Deno.test("the first draw of consecutive seeds is uniform", () => {
  const cells = new Int32Array(64);
  for (let value = 0; value < 50000; value++) cells[Math.floor(uniform(seed(value)) * 64)]!++;
  even(cells, "first draws");
});

Deno.test("integer() is even for n = 2, 7, 1000 and where half of the draws are rejected", () => {
  for (const n of [2, 7, 1000]) {
    const stream = seed(n);
    const counts = new Int32Array(n);
    for (let i = 0; i < 100 * n + 50000; i++) counts[integer(stream, n)]!++;
    even(counts, `n = ${n}`);
  }
  const stream = seed(22);
  const big = 2 ** 52 + 1;
  const eighths = new Int32Array(8);
  const lowBits = new Int32Array(16);
  for (let i = 0; i < 50000; i++) {
    const draw = integer(stream, big);
    assert.ok(draw >= 0 && draw < big && Number.isInteger(draw));
    eighths[Math.floor(draw / big * 8)]!++;
    lowBits[draw % 16]!++;
  }
  even(eighths, "eighths");
  even(lowBits, "low bits");
});

Deno.test("shuffle() gives each of the 120 orders of 5 equally often", () => {
  const stream = seed(23);
  const counts = new Map<string, number>();
  for (let i = 0; i < 60000; i++) {
    const order = [0, 1, 2, 3, 4];
    shuffle(stream, order);
    const key = order.join("");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assert.equal(counts.size, 120);
  even([...counts.values()], "orders");
});

Deno.test("categorical() draws in proportion to the weights", () => {
  const weights = [1, 0, 2.5, 4, 0.1, 12];
  const total = weights.reduce((sum, w) => sum + w, 0);
  const stream = seed(24);
  const counts = new Int32Array(weights.length);
  for (let i = 0; i < 100000; i++) counts[categorical(stream, weights)]!++;
  const drawn = [0, 2, 3, 4, 5];
  const found = chiSquare(drawn.map((i) => counts[i]!), drawn.map((i) => weights[i]! / total));
  assert.equal(counts[1], 0);
  assert.ok(found < limit(4), `χ² ${found}`);
});

Deno.test("normal() has moments 0, 1, 0, 3 and the shares between its quantiles", () => {
  const n = 200000;
  const stream = seed(25);
  const sums = [0, 0, 0, 0];
  const quantiles = [
    -1.2815515655446004,
    -0.8416212335729143,
    -0.2533471031357997,
    0.2533471031357997, // 10 20 40 60 %
    0.8416212335729143,
    1.2815515655446004,
    2.3263478740408408,
  ]; // 80 90 99 %
  const shares = [0.1, 0.1, 0.2, 0.2, 0.2, 0.1, 0.09, 0.01];
  const counts = new Int32Array(8);
  for (let i = 0; i < n; i++) {
    const x = normal(stream);
    [x, x * x, x * x * x, x * x * x * x].forEach((power, k) => sums[k]! += power / n);
    const cell = quantiles.findIndex((q) => x < q);
    counts[cell < 0 ? 7 : cell]!++;
  }
  const [expected, variance] = [[0, 1, 0, 3], [1, 2, 15, 96]];
  for (let k = 0; k < 4; k++) {
    const z = (sums[k]! - expected[k]!) / Math.sqrt(variance[k]! / n);
    assert.ok(Math.abs(z) < 3.9, `moment ${k + 1}: z = ${z}`);
  }
  assert.ok(chiSquare(counts, shares) < limit(7));
});

Deno.test("fillGumbel() has mean γ and variance π²/6, and arg max draws the categorical", () => {
  const noise = new Float64Array(300000);
  fillGumbel(seed(26), noise);
  const mean = noise.reduce((sum, x) => sum + x, 0) / noise.length;
  const variance = noise.reduce((sum, x) => sum + (x - mean) ** 2, 0) / noise.length;
  const second = Math.PI ** 2 / 6;
  assert.ok(Math.abs(mean - 0.5772156649015329) < 3.9 * Math.sqrt(second / noise.length));
  assert.ok(Math.abs(variance - second) < 3.9 * second * Math.sqrt(4.4 / noise.length)); // excess kurtosis 12/5
  const logits = [0, Math.log(2), Math.log(5)];
  const counts = [0, 0, 0];
  for (let i = 0; i < noise.length; i += 3) {
    const scores = logits.map((logit, k) => logit + noise[i + k]!);
    counts[scores.indexOf(Math.max(...scores))]!++;
  }
  assert.ok(chiSquare(counts, [1 / 8, 2 / 8, 5 / 8]) < limit(2));
});
