import assert from "node:assert/strict";
import fc from "fast-check";
import {
  categorical,
  fillGumbel,
  fillNormal,
  fillUniform,
  fork,
  integer,
  normal,
  permutation,
  seed,
  shuffle,
  type Stream,
  uniform,
  UserError,
} from "../../core/mod.ts";

const fixed = { seed: 20240601, numRuns: 200 };
const anySeed = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const anyName = fc.oneof(fc.string(), fc.maxSafeInteger());
const copy = (stream: Stream): Stream => ({ ...stream });

Deno.test("seed() and fork() give the streams they always gave", () => {
  assert.deepEqual(seed(2 ** 40 + 5), { k0: 5, k1: 256, c0: 0, c1: 0 });
  assert.deepEqual(fork(seed(1), "reset"), { k0: 1519420497, k1: 3119456222, c0: 0, c1: 0 });
  assert.deepEqual(fork(seed(1), 7), { k0: 3568618801, k1: 4087291233, c0: 0, c1: 0 });
});

Deno.test("seed() refuses what is not a safe integer from 0", () => {
  for (const value of [-1, 0.5, NaN, Infinity, 2 ** 53]) assert.throws(() => seed(value), UserError);
  assert.throws(() => seed(-3), {
    message: "seed: expected a whole number from 0 to 9007199254740991, found -3",
  });
  assert.throws(() => fork(seed(1), 0.5), UserError);
});

Deno.test("fork() depends on the parent's key and the name alone, and leaves the parent as it was", () => {
  fc.assert(
    fc.property(anySeed, anyName, fc.nat({ max: 20 }), (value, name, draws) => {
      const parent = seed(value);
      const child = fork(parent, name);
      assert.deepEqual(parent, seed(value));
      for (let i = 0; i < draws; i++) uniform(parent);
      assert.deepEqual(fork(parent, name), child);
    }),
    fixed,
  );
});

Deno.test("fork() gives different children for different names, text and number apart", () => {
  fc.assert(
    fc.property(anySeed, anyName, anyName, (value, one, other) => {
      fc.pre(!Object.is(one, other) && !(one === 0 && other === 0));
      assert.notDeepEqual(fork(seed(value), one), fork(seed(value), other));
    }),
    fixed,
  );
  assert.notDeepEqual(fork(seed(1), 1), fork(seed(1), "1"));
});

Deno.test("neighbouring forks are uncorrelated with one another and the parent (|z| < 4.5)", () => {
  const parent = seed(4);
  const streams = [
    copy(parent),
    fork(parent, 0),
    fork(parent, 1),
    fork(parent, "a"),
    fork(parent, "b"),
    seed(5),
  ];
  const n = 20000;
  const columns = streams.map((stream) => Array.from({ length: n }, () => uniform(stream) - 0.5));
  for (const [i, one] of columns.entries()) {
    for (const other of columns.slice(i + 1)) {
      const sum = one.reduce((total, x, row) => total + x * other[row]!, 0);
      assert.ok(Math.abs(sum / Math.sqrt(n)) * 12 < 4.5); // each product has standard deviation 1/12
    }
  }
});

Deno.test("every draw advances the counter by its fixed number of blocks", () => {
  const draws: [blocks: number, draw: (s: Stream) => unknown][] = [
    [1, (s) => uniform(s)],
    [2, (s) => normal(s)],
    [1, (s) => integer(s, 2 ** 52 + 1)],
    [1, (s) => integer(s, 1)],
    [4, (s) => shuffle(s, [1, 2, 3, 4, 5])],
    [4, (s) => permutation(s, new Int32Array(5))],
    [1, (s) => categorical(s, [1, 2])],
    [3, (s) => fillUniform(s, new Float32Array(3))],
    [6, (s) => fillNormal(s, new Float64Array(3))],
    [3, (s) => fillGumbel(s, new Float64Array(3))],
  ];
  for (const [blocks, draw] of draws) {
    for (let i = 0; i < 20; i++) {
      const stream = seed(i);
      draw(stream);
      assert.deepEqual(stream, { ...seed(i), c0: blocks });
    }
  }
});

Deno.test("the counter carries into its upper word", () => {
  const stream = { ...seed(1), c0: 0xffffffff };
  uniform(stream);
  assert.deepEqual([stream.c0, stream.c1], [0, 1]);
});

Deno.test("uniform() keeps its bounds and normal() is finite", () => {
  fc.assert(
    fc.property(anySeed, fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value, low) => {
      const stream = seed(value);
      const x = uniform(stream, low, low + 1);
      assert.ok(x >= low && x <= low + 1);
      const unit = uniform(stream);
      assert.ok(unit >= 0 && unit < 1);
      assert.ok(Math.abs(normal(stream)) < 8.6);
    }),
    fixed,
  );
});

Deno.test("integer() refuses an n that is not a whole number from 1 to 2^53", () => {
  for (const n of [0, -1, 1.5, NaN, Infinity, 2 ** 54]) assert.throws(() => integer(seed(1), n), UserError);
});

Deno.test("permutation() holds each index once, shuffle() each element once", () => {
  fc.assert(
    fc.property(anySeed, fc.array(fc.string(), { maxLength: 30 }), (value, words) => {
      const shuffled = [...words];
      shuffle(seed(value), shuffled);
      assert.deepEqual([...shuffled].sort(), [...words].sort());
      const order = new Int32Array(words.length);
      permutation(seed(value), order);
      assert.deepEqual([...order].sort((a, b) => a - b), words.map((_, i) => i));
      assert.deepEqual(shuffled, [...order].map((i) => words[i])); // same stream, same order
    }),
    fixed,
  );
});

Deno.test("categorical() never draws weight 0 and names a bad weight", () => {
  const stream = seed(9);
  for (let i = 0; i < 2000; i++) assert.ok([1, 3].includes(categorical(stream, [0, 1e-3, 0, 1e3, 0])));
  assert.throws(() => categorical(stream, [1, -2]), {
    message: "categorical: expected weights[1] to be finite and not negative, found -2",
  });
  assert.throws(() => categorical(stream, [0, 0]), { message: /finite sum above 0, found the sum 0/ });
  assert.throws(() => categorical(stream, [1, NaN]), UserError);
  assert.throws(() => categorical(stream, []), UserError);
});

Deno.test("the fill functions give what single draws give; single precision stays below 1", () => {
  const one = seed(6);
  const doubles = new Float64Array(100);
  fillUniform(copy(one), doubles);
  const singles = new Float32Array(100);
  fillUniform(copy(one), singles);
  const stream = copy(one);
  for (let i = 0; i < 100; i++) {
    assert.equal(doubles[i], uniform(stream));
    assert.equal(singles[i], Math.floor(doubles[i]! * 2 ** 24) / 2 ** 24);
  }
  fillNormal(copy(one), doubles);
  const normals = copy(one);
  for (const x of doubles) assert.equal(x, normal(normals));
});
