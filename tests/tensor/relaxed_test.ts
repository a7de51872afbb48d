/** Relaxed and binned distributions, coins and activations against closed forms. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { fillGumbel, seed } from "../../core/mod.ts";
import {
  bernoulli,
  binned,
  eagerForward,
  gelu,
  gumbelSoftmax,
  linearBins,
  mish,
  oneHotSample,
  silu,
  straightThrough,
  symexp,
  symexpBins,
  symlog,
  type Tensors,
  twoHot,
  unimix,
} from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { agree, f } from "./compare.ts";
import { matchesDifferences } from "./differences.ts";
import { wave } from "./kernels/case.ts";

const runtime = nodeRuntime();

function evaluate(fn: () => Tensors): Record<string, number[]> {
  return Object.fromEntries(Object.entries(eagerForward(fn, {}, {})).map(([k, v]) => [k, [...v]]));
}

function near(found: number | undefined, want: number, tolerance = 1e-5): void {
  assert.ok(Math.abs(found! - want) <= tolerance * Math.max(1, Math.abs(want)), `${found}, expected ${want}`);
}

function gumbels(rows: number, choices: number): Float32Array {
  const noise = new Float32Array(rows * choices);
  fillGumbel(seed(4), noise);
  return noise;
}

Deno.test("gumbelSoftmax() lies in the simplex, tends to one-hot samples, and has its most likely choice right", () => {
  const rows = 20000;
  const noise = gumbels(rows, 3);
  const { warm, cold, hard, p } = evaluate(() => {
    const logits = tf.tile(tf.tensor2d([[0.5, -1, 2]]), [rows, 1]);
    const g = tf.tensor2d(noise, [rows, 3]);
    return {
      warm: gumbelSoftmax(logits, g, 1),
      cold: gumbelSoftmax(logits, g, 0.01),
      hard: tf.mean(gumbelSoftmax(logits, g, 1, { hard: true }), 0),
      p: tf.softmax(tf.tensor1d([0.5, -1, 2])),
    };
  });
  for (let row = 0; row < 200; row++) {
    near(warm!.slice(3 * row, 3 * row + 3).reduce((a, b) => a + b), 1);
    assert.ok(Math.max(...cold!.slice(3 * row, 3 * row + 3)) > 0.5);
  }
  p!.forEach((q, k) => near(hard![k], q, 0.012)); // argmax of logits + Gumbel noise is a sample
});

Deno.test("straight-through samples are one-hot and carry the relaxed gradient", () => {
  const noise = f([2, 3], 0.3, -0.2, 1, 0.1, 2, -1);
  const logits = wave(2, 3);
  const slope = (fn: (x: tf.Tensor, g: tf.Tensor) => tf.Tensor) =>
    eagerForward(
      ({ x, g }) => {
        const weights = tf.tensor2d([[1, 2, 3], [4, 5, 6]]);
        return { y: fn(x!, g!), d: tf.grad((x: tf.Tensor) => tf.sum(tf.mul(fn(x, g!), weights)))(x!) };
      },
      { x: { shape: [2, 3] }, g: { shape: [2, 3] } },
      { x: logits.data, g: noise.data },
    );
  const hard = slope((x, g) => gumbelSoftmax(x, g, 0.7, { hard: true }));
  const soft = slope((x, g) => gumbelSoftmax(x, g, 0.7));
  hard.d!.forEach((d, k) => near(d, soft.d![k]!));
  const sample = slope(oneHotSample);
  const plain = slope((x) => tf.softmax(x));
  sample.d!.forEach((d, k) => near(d, plain.d![k]!));
  for (const y of [hard.y!, sample.y!]) {
    assert.deepEqual([...y].map(Math.round).sort(), [0, 0, 0, 0, 1, 1]);
    y.forEach((v) => near(v, Math.round(v), 1e-6));
  }
  agree(
    runtime,
    "straight through",
    ({ x, g }) => [
      gumbelSoftmax(x!, g!, 0.7, { hard: true }),
      oneHotSample(x!, g!),
      straightThrough(tf.round(x!), x!),
      unimix(x!, 0.1),
    ],
    { x: logits, g: noise },
    { gradients: ["x"] },
  );
});

Deno.test("unimix() leaves every choice its share", () => {
  const { p } = evaluate(() => ({ p: tf.exp(unimix(tf.tensor2d([[50, 0, -50, 0]]), 0.04)) }));
  [0.97, 0.01, 0.01, 0.01].forEach((want, k) => near(p![k], want));
});

Deno.test("bernoulli() has the closed forms, also where the odds are extreme", () => {
  const odds = [-2, 0, 0.7, 90, -90];
  const { mean, one, zero, entropy, mode, drawn } = evaluate(() => {
    const d = bernoulli(tf.tensor1d(odds));
    return {
      mean: d.mean(),
      one: d.logp(tf.ones([5])),
      zero: d.logp(tf.zeros([5])),
      entropy: d.entropy(),
      mode: d.mode(),
      drawn: d.sample(tf.fill([5], 0.4)),
    };
  });
  odds.forEach((x, k) => {
    const p = 1 / (1 + Math.exp(-x));
    near(mean![k], p);
    near(one![k], -Math.log1p(Math.exp(-x)));
    near(zero![k], -x - Math.log1p(Math.exp(-x)));
    const h = p === 1 || p === 0 ? 0 : -(p * Math.log(p) + (1 - p) * Math.log1p(-p));
    near(entropy![k], h, 1e-4);
  });
  assert.deepEqual(mode, [0, 0, 1, 1, 0]);
  assert.deepEqual(drawn, [0, 1, 1, 1, 0]);
});

Deno.test("twoHot() shares 1 between the two bins beside a number, and its mean is the number", () => {
  const bins = [-2, -1, 0, 1.5, 5];
  const { y } = evaluate(() => ({ y: twoHot(tf.tensor1d([-1.25, 0.5, 5, 9, -2]), bins) }));
  const rows = [[0.25, 0.75, 0, 0, 0], [0, 0, 2 / 3, 1 / 3, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 1], [
    1,
    0,
    0,
    0,
    0,
  ]];
  rows.flat().forEach((want, k) => near(y![k], want, 1e-6));
  const wide = symexpBins();
  assert.equal(wide.length, 255);
  assert.equal(wide[127], 0);
  wide.forEach((b, k) => assert.equal(b + wide[254 - k]!, 0));
  const numbers = [0, 1e-3, -0.5, 1, 3.25, -77, 1234.5, -1e6];
  const { back, mass } = evaluate(() => {
    const spread = twoHot(tf.tensor1d(numbers), wide);
    return { back: binned(tf.log(tf.add(spread, 1e-30)), wide).mean(), mass: tf.sum(spread, -1) };
  });
  numbers.forEach((x, k) => near(back![k], x, 2e-3));
  mass!.forEach((m) => near(m, 1, 1e-5));
});

Deno.test("binned() has the cross-entropy of its target, and mean 0 when nothing is known", () => {
  const bins = linearBins(-1, 1, 5);
  const { logp, mean, nothing } = evaluate(() => {
    const d = binned(tf.tensor2d([[0.1, 0.4, -0.3, 0.2, 0.9]]), bins);
    return {
      logp: d.logp(tf.tensor1d([0.2])),
      mean: d.mean(),
      nothing: binned(tf.zeros([1, 255]), symexpBins()).mean(),
    };
  });
  const weights = [0.1, 0.4, -0.3, 0.2, 0.9].map(Math.exp);
  const p = weights.map((w) => w / weights.reduce((a, b) => a + b));
  near(logp![0], 0.6 * Math.log(p[2]!) + 0.4 * Math.log(p[3]!));
  near(mean![0], p.reduce((sum, q, k) => sum + q * bins[k]!, 0));
  assert.equal(nothing![0], 0);
  agree(
    runtime,
    "binned",
    ({ x, y }) => {
      const d = binned(x!, bins);
      return [d.mean(), d.logp(y!)];
    },
    { x: wave(3, 5), y: f([3], -0.9, 0.3, 2) },
    { gradients: ["x"] },
  );
  assert.throws(() => binned(tf.zeros([1, 4]), bins), /logits \[\.\.\., 5\], found \[1,4\]/);
  assert.throws(() => twoHot(tf.zeros([1]), [0, 0]), /at least 2, ascending/);
  assert.throws(() => linearBins(1, 1, 5), /from low to high/);
});

Deno.test("symlog() and symexp() undo each other and have slope 1 at 0", () => {
  const at = [-1e4, -3, -0.1, 0, 1e-6, 2, 1e5];
  const { there, back, slopes } = evaluate(() => {
    const x = tf.tensor1d(at);
    return {
      there: symlog(x),
      back: symexp(symlog(x)),
      slopes: tf.stack([tf.grad(symlog)(tf.scalar(0)), tf.grad(symexp)(tf.scalar(0))]),
    };
  });
  at.forEach((x, k) => {
    near(there![k], Math.sign(x) * Math.log1p(Math.abs(x)));
    near(back![k], x, 1e-4);
  });
  assert.deepEqual(slopes, [1, 1]);
});

Deno.test("activations have their formulas' values and slopes", () => {
  const erf = (x: number) => {
    let sum = 0;
    for (let k = 0, term = x; k < 60; k++, term *= -x * x / k) sum += term / (2 * k + 1);
    return 2 / Math.sqrt(Math.PI) * sum;
  };
  const formulas: [(x: tf.Tensor) => tf.Tensor, (x: number) => number][] = [
    [gelu, (x) => x * 0.5 * (1 + erf(x / Math.SQRT2))],
    [silu, (x) => x / (1 + Math.exp(-x))],
    [mish, (x) => x * Math.tanh(Math.log1p(Math.exp(x)))],
  ];
  const points = [-3, -1, -0.2, 0, 0.5, 2.5];
  for (const [fn, formula] of formulas) {
    const { y } = evaluate(() => ({ y: fn(tf.tensor1d(points)) }));
    points.forEach((x, k) => near(y![k], formula(x), 2e-6));
    matchesDifferences(({ x }) => fn(x!), { x: f([6], ...points) });
    agree(runtime, fn.name, ({ x }) => fn(x!), { x: f([6], ...points) });
  }
  agree(runtime, "symlog", ({ x }) => [symlog(x!), symexp(x!)], { x: f([6], ...points) });
});
