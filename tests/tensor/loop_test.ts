/** loop() and scanRnn(): traced against eager, and against the unrolled graph. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { fillNormal, seed } from "../../core/mod.ts";
import { compileForward, eagerForward, loop, scanRnn, type Specs, type Tensors } from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { agree, f, type Input } from "./compare.ts";

const runtime = nodeRuntime();

function normal(value: number, ...shape: number[]): Input {
  const data = new Float32Array(shape.reduce((n, m) => n * m, 1));
  fillNormal(seed(value), data);
  return { shape, data: data.map((x) => 0.5 * x) };
}

/** Generalised advantages, backwards in time, as a loop. */
function gae({ reward, value, next, going }: Tensors): tf.Tensor {
  const steps = reward!.shape[0]!;
  const delta = tf.sub(tf.add(reward!, tf.mul(tf.mul(next!, going!), 0.99)), value!);
  const { scan } = loop(steps, { advantage: tf.zeros([reward!.shape[1]!]) }, (turn, c) => {
    const t = tf.sub(tf.scalar(steps - 1, "int32"), turn) as tf.Tensor1D;
    const rest = tf.mul(tf.mul(c.advantage!, tf.gather(going!, t)), 0.99 * 0.95);
    const advantage = tf.add(tf.gather(delta, t), rest);
    return { carry: { advantage }, scan: { advantage } };
  });
  return tf.reverse(scan.advantage!, 0);
}

Deno.test("loop() computes generalised advantages as eager code and hand-written code do", () => {
  const [T, B] = [6, 3];
  const inputs = {
    reward: normal(1, T, B),
    value: normal(2, T, B),
    next: normal(3, T, B),
    going: f([T, B], ...Array.from({ length: T * B }, (_, k) => k % 5 === 4 ? 0 : 1)),
  };
  agree(runtime, "gae", gae, inputs, { gradients: [] });
  const { reward, value, next, going } = inputs;
  const compiled = compileForward({
    runtime,
    inputs: Object.fromEntries(Object.keys(inputs).map((k) => [k, { shape: [T, B] }])),
    fn: (x) => ({ advantage: gae(x) }),
  });
  const feeds = { reward: reward.data, value: value.data, next: next.data, going: going.data };
  const found = compiled.run(feeds).advantage!.data;
  for (let b = 0; b < B; b++) {
    let advantage = 0;
    for (let t = T - 1; t >= 0; t--) {
      const k = t * B + b;
      const delta = reward.data[k]! + 0.99 * next.data[k]! * going.data[k]! - value.data[k]!;
      advantage = delta + 0.99 * 0.95 * going.data[k]! * advantage;
      assert.ok(Math.abs(found[k]! - advantage) < 1e-5, `[${t}, ${b}]`);
    }
  }
});

Deno.test("loop() ends after the turn whose go is false, and its curves are that long", () => {
  const fn = ({ x, limit }: Tensors) => {
    const { carry, scan } = loop(8, { x: x! }, (_, c) => {
      const doubled = tf.mul(c.x!, 2);
      return { carry: { x: doubled }, scan: { x: doubled }, go: tf.less(doubled, limit!) };
    });
    return { last: carry.x!, curve: scan.x! };
  };
  const inputs: Specs = { x: { shape: [] }, limit: { shape: [] } };
  const compiled = compileForward({ runtime, inputs, fn });
  for (const [limit, curve] of [[7, [2, 4, 8]], [1e9, [2, 4, 8, 16, 32, 64, 128, 256]]] as const) {
    const feeds = { x: Float32Array.of(1), limit: Float32Array.of(limit) };
    const traced = compiled.run(feeds);
    assert.deepEqual([...traced.curve!.data], curve);
    assert.deepEqual(traced.curve!.shape, [curve.length]);
    assert.equal(traced.last!.data[0], curve.at(-1));
    assert.deepEqual([...eagerForward(fn, inputs, feeds).curve!], curve);
  }
});

Deno.test("loop() names a carry that changes shape, and a value that leaves the body", () => {
  const compile = (fn: (x: Tensors) => Tensors) =>
    compileForward({ runtime, inputs: { x: { shape: [2] } }, fn });
  assert.throws(
    () => compile(({ x }) => loop(2, { x: x! }, (_, c) => ({ carry: { x: tf.sum(c.x!) } })).carry),
    /carry "x" starts as float32 \[2\] and its body returned float32 \[\]/,
  );
  assert.throws(
    () => compile(({ x }) => loop(2, { x: x! }, () => ({ carry: {} })).carry),
    /returned no carry "x"/,
  );
  assert.throws(
    () =>
      compile(({ x }) => {
        let inner = x!;
        loop(2, { x: x! }, (_, c) => ({ carry: { x: inner = tf.mul(c.x!, 2) } }));
        return { y: inner };
      }),
    /used outside of it: return it as `carry` or `scan`/,
  );
});

const HIDDEN = 4;

/** A gated cell: parameters are [HIDDEN, 2·HIDDEN], inputs bring 2·HIDDEN pre-activations. */
function cell(h: tf.Tensor, x: tf.Tensor, p: tf.Tensor): tf.Tensor {
  const [gate, candidate] = tf.split(tf.add(x, tf.matMul(h, tf.reshape(p, [HIDDEN, 2 * HIDDEN]))), 2, 1);
  const open = tf.sigmoid(gate!);
  return tf.add(tf.mul(open, h), tf.mul(tf.sub(1, open), tf.tanh(candidate!)));
}

const sequence = (steps: number) => ({
  h: normal(1, 2, HIDDEN),
  x: normal(2, steps, 2, 2 * HIDDEN),
  p: normal(3, 2 * HIDDEN * HIDDEN),
});

Deno.test("scanRnn() has the states and gradients of the unrolled recurrence", () => {
  for (const steps of [1, 2, 7]) {
    agree(runtime, `scan of ${steps}`, ({ h, x, p }) => scanRnn(cell, h!, x!, p!), sequence(steps));
  }
});

Deno.test("scanRnn() has a graph that does not grow with time", () => {
  const nodes = [3, 300].map((steps) => {
    const inputs = Object.fromEntries(
      Object.entries(sequence(steps)).map(([k, { shape }]) => [k, { shape }]),
    );
    const fn = ({ h, x, p }: Tensors) => ({
      g: tf.grad((p: tf.Tensor) => tf.sum(scanRnn(cell, h!, x!, p)))(p!),
    });
    return compileForward({ runtime, inputs, fn }).nodes;
  });
  assert.ok(nodes[1]! - nodes[0]! <= 2, `${nodes}`);
});
