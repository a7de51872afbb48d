/** Our own gradients, against finite differences on tfjs-cpu. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import {
  categorical,
  compileForward,
  eagerForward,
  logSoftmax,
  loop,
  stopGradient,
  type Tensors,
} from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { f, i } from "./compare.ts";
import { matchesDifferences } from "./differences.ts";

const x = f([3, 3], 0.3, -1.2, 2, 0.9, 0.7, -0.4, 1.5, -2.2, 0.1);

Deno.test("maximum(), minimum() and squaredDifference() sum the gradient of a broadcast operand", () => {
  for (const fn of [tf.maximum, tf.minimum, tf.squaredDifference]) {
    matchesDifferences(({ a, b }) => fn(a!, b!), { a: x, b: f([3], 0.5, -1, 1) });
    matchesDifferences(({ a, b }) => fn(a!, b!), { a: f([], 0.2), b: x });
    matchesDifferences(({ a, b }) => fn(a!, b!), { a: f([3, 1], 0.2, 0, 3), b: x });
  }
});

Deno.test("matMul() sums the gradient of a matrix that a stack shares", () => {
  const stack = f([2, 2, 2], 1, 2, -1, 0.5, 0, 1, 2, -2);
  matchesDifferences(({ a, b }) => tf.matMul(a!, b!), { a: stack, b: f([1, 2, 2], 1, -1, 0.5, 2) });
});

Deno.test("cumsum() along the first axis of a square matrix has no transposed gradient", () => {
  matchesDifferences(({ x }) => tf.cumsum(x!, 0), { x });
  matchesDifferences(({ x }) => tf.cumsum(x!, 0, true, true), { x });
  matchesDifferences(({ x }) => tf.cumsum(x!, 1, true), { x });
});

Deno.test("gather() with batch axes scatters each row's gradient into its own row", () => {
  const indices = i([3, 2], 0, 0, 2, 1, 1, 1);
  matchesDifferences(({ x, k }) => tf.gather(x!, k! as tf.Tensor1D, 1, 1), { x, k: indices });
  const deep = f([2, 3, 2], 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  matchesDifferences(({ x, k }) => tf.gather(x!, k! as tf.Tensor1D, 1, 1), {
    x: deep,
    k: i([2, 2], 2, 2, 0, 1),
  });
});

Deno.test("gather() with batch axes stays small, whatever the batch", () => {
  const compiled = compileForward({
    runtime: nodeRuntime(),
    inputs: { x: { shape: [512, 5] }, k: { shape: [512, 1], dtype: "int32" } },
    fn: ({ x, k }) => ({
      g: tf.grad((x) => tf.sum(tf.square(tf.gather(x, k! as tf.Tensor1D, 1, 1))))(x!),
    }),
  });
  assert.ok(compiled.nodes < 30, `${compiled.nodes} nodes`);
});

Deno.test("stopGradient() passes the value and no gradient", () => {
  const fn = ({ x }: Tensors) => ({
    y: stopGradient(x!),
    g: tf.grad((x) => tf.sum(tf.mul(x, stopGradient(tf.square(x)))))(x!),
  });
  const feeds = { x: Float32Array.of(1, -2, 3) };
  const specs = { x: { shape: [3] } };
  const eager = eagerForward(fn, specs, feeds);
  const traced = compileForward({ runtime: nodeRuntime(), inputs: specs, fn }).run(feeds);
  assert.deepEqual([...eager.g!], [1, 4, 9]);
  assert.deepEqual([...traced.g!.data], [1, 4, 9]);
  assert.deepEqual([...traced.y!.data], [1, -2, 3]);
});

Deno.test("a gradient of a gradient is traced: a Hessian-vector product of a tanh layer", () => {
  const fn = ({ x, v }: Tensors) => {
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.square(tf.tanh(x))));
    return { hv: tf.grad((x: tf.Tensor) => tf.sum(tf.mul(gradient(x), v!)))(x!) };
  };
  const specs = { x: { shape: [4] }, v: { shape: [4] } };
  const feeds = { x: Float32Array.of(0.3, -1, 2, 0), v: Float32Array.of(1, 2, 3, 4) };
  const traced = compileForward({ runtime: nodeRuntime(), inputs: specs, fn }).run(feeds).hv!.data;
  // d²/dx² tanh²x = 2 sech²x (1 - 3 tanh²x), on the diagonal
  feeds.x.forEach((at, k) => {
    const t = Math.tanh(at);
    const want = 2 * (1 - t * t) * (1 - 3 * t * t) * feeds.v[k]!;
    assert.ok(Math.abs(traced[k]! - want) < 1e-5, `${k}: ${traced[k]}, expected ${want}`);
  });
});

Deno.test("second derivatives see through exp, pow, sigmoid, softmax and logSoftmax", () => {
  const ones = (x: tf.Tensor) => tf.ones(x.shape);
  const cases: Record<string, [(x: tf.Tensor) => tf.Tensor, (x: number) => number]> = {
    exp: [tf.exp, Math.exp],
    pow: [(x) => tf.pow(tf.add(x, 3), 2.5), (x) => 2.5 * 1.5 * Math.sqrt(x + 3)],
    sigmoid: [tf.sigmoid, (x) => {
      const s = 1 / (1 + Math.exp(-x));
      return s * (1 - s) * (1 - 2 * s);
    }],
  };
  const x = Float32Array.of(0.3, -1.25, 2, 0.5);
  for (const [name, [fn, second]] of Object.entries(cases)) {
    const twice = ({ x }: Tensors) => ({ d: tf.grad((x) => tf.sum(tf.grad(fn)(x, ones(x))))(x!) });
    const found = compileForward({ runtime: nodeRuntime(), inputs: { x: { shape: [4] } }, fn: twice }).run({
      x,
    }).d!;
    x.forEach((at, k) => {
      const want = second(at);
      assert.ok(Math.abs(found.data[k]! - want) < 1e-4 * Math.max(1, Math.abs(want)), `${name}(${at})`);
    });
  }
  for (const fn of [tf.softmax, (x: tf.Tensor) => tf.exp(logSoftmax(x))]) {
    matchesDifferences(({ x, v }) => {
      const first = tf.grad((x: tf.Tensor) => tf.sum(tf.mul(fn(x), v!)));
      return first(x!);
    }, { x: f([2, 3], 0.3, -1.25, 0.5, 1, 0, -0.5), v: f([2, 3], 1, -2, 3, 0.5, 2, -1) });
  }
});

Deno.test("the Fisher matrix of a categorical policy is the second derivative of its KL divergence", () => {
  const specs = { x: { shape: [1, 3] }, v: { shape: [1, 3] } };
  const fn = ({ x, v }: Tensors) => {
    const old = categorical(stopGradient(x!));
    const slope = tf.grad((x: tf.Tensor) => tf.sum(old.kl(categorical(x))));
    return { fv: tf.grad((x: tf.Tensor) => tf.sum(tf.mul(slope(x), v!)))(x!) };
  };
  const feeds = { x: Float32Array.of(0.2, -1, 0.7), v: Float32Array.of(1, -2, 0.5) };
  const found = compileForward({ runtime: nodeRuntime(), inputs: specs, fn }).run(feeds).fv!.data;
  const weights = Array.from(feeds.x, Math.exp);
  const total = weights.reduce((a, b) => a + b);
  const p = weights.map((w) => w / total);
  const mean = p.reduce((sum, q, k) => sum + q * feeds.v[k]!, 0);
  p.forEach((q, k) => { // (diag(p) - p pᵀ) v
    const want = q * (feeds.v[k]! - mean);
    assert.ok(Math.abs(found[k]! - want) < 1e-5, `${k}: ${found[k]}, expected ${want}`);
  });
});

Deno.test("loop() refuses to be differentiated", () => {
  const fn = ({ x }: Tensors) => ({
    g: tf.grad((x) => loop(3, { x }, (_, c) => ({ carry: { x: tf.mul(c.x!, 2) } })).carry.x!)(x!),
  });
  assert.throws(
    () => compileForward({ runtime: nodeRuntime(), inputs: { x: { shape: [] } }, fn }),
    /no gradient through loop\(\).*scanRnn/,
  );
});
