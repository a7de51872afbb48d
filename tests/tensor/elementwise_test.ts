/** Elementwise operations that read their operands before a reshape or a repetition compute what they did. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { seed } from "../../core/mod.ts";
import {
  compileForward,
  eagerForward,
  type Forward,
  gruParts,
  layout,
  readModel,
  scanGru,
  type Tensors,
} from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";

const runtime = nodeRuntime();

/** Smooth numbers that differ everywhere. */
function wave(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(1.7 * i + 0.3));
}

/** Compares a compiled function with the eager one; returns it. */
function agrees(
  fn: (x: Tensors) => Tensors,
  shapes: Record<string, number[]>,
  tolerance = 1e-5,
): Forward {
  const inputs = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape }]));
  const feeds = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, wave(shape.reduce((a, b) => a * b, 1))]),
  );
  const compiled = compileForward({ runtime, inputs, fn });
  const found = compiled.run(feeds);
  for (const [name, values] of Object.entries(eagerForward(fn, inputs, feeds))) {
    const ours = found[name]!.data;
    assert.equal(ours.length, values.length);
    values.forEach((v, i) => {
      assert.ok(
        Math.abs(ours[i]! - v) <= tolerance * Math.max(1, Math.abs(v)),
        `${name}[${i}]: ${ours[i]}, ${v}`,
      );
    });
  }
  return compiled;
}

const shapes: [number[], number[]][] = [
  [[96, 1, 1], []],
  [[96, 1], [1]],
  [[96, 1, 5], [96, 1, 1]],
  [[1, 96], [5, 1, 1]],
  [[8, 1, 12, 1], [1, 1, 12, 3]],
  [[64], [2, 1, 64]],
  [[1, 1, 1], [1]],
];

for (const [a, b] of shapes) {
  Deno.test(`[${a}] and [${b}] broadcast without their axes of one element, gradients too`, () => {
    const fn = ({ x, y }: Tensors) => {
      const all = (x: tf.Tensor, y: tf.Tensor) => {
        const wide = tf.sub(1, tf.mul(tf.add(x, y), tf.maximum(x, y)));
        return tf.where(tf.greater(wide, tf.neg(y)), tf.tanh(wide), tf.mul(y, 2));
      };
      const [dx, dy] = tf.grads((x, y) => tf.sum(tf.square(all(x!, y!))))([x!, y!]) as [tf.Tensor, tf.Tensor];
      return { all: all(x!, y!), swapped: all(y!, x!), dx, dy };
    };
    agrees(fn, { x: a, y: b }, 1e-4);
  });
}

Deno.test("operands before their reshapes: scalars first, scalars that were reshaped, shapes that differ", () => {
  agrees(({ x, y, one }) => {
    const wide = tf.reshape(x!, [96, 1, 5]);
    const other = tf.reshape(y!, [96, 1, 5]);
    const scalar = tf.reshape(one!, []);
    return {
      first: tf.sub(scalar, wide),
      last: tf.sub(wide, scalar),
      both: tf.mul(wide, other),
      chain: tf.reshape(tf.exp(tf.reshape(tf.abs(wide), [5, 96])), [480]),
      where: tf.where(tf.greater(wide, 0), other, tf.neg(wide)),
      single: tf.add(tf.reshape(one!, [1, 1]), tf.reshape(one!, [1])),
    };
  }, { x: [96, 5], y: [480], one: [1] });
});

Deno.test("a reshape of a reshape is one, and the gradient of a sum is not repeated before it is multiplied", () => {
  const { nodes } = agrees(
    ({ x }) => ({ y: tf.tanh(tf.reshape(tf.reshape(tf.reshape(x!, [4, 30]), [120]), [12, 10])) }),
    { x: [12, 10] },
  );
  assert.equal(nodes, 2); // Tanh, and the name of the output
  const { bytes } = agrees(
    ({ x }) => ({ y: tf.grad((x) => tf.sum(tf.square(tf.sum(tf.mul(x, x), -1, true))))(x!) }),
    { x: [96, 5] },
  );
  assert.ok(!readModel(bytes).ops.includes("Expand"));
});

Deno.test("sums of rows: as a product, and with their axis kept", () => {
  agrees(({ x }) => ({ a: tf.sum(x!, 0), b: tf.sum(x!, 0, true), c: tf.sum(tf.sum(x!, 1), 0) }), {
    x: [40, 7],
  });
});

Deno.test("the slope of relu is 0 at and below 0, 1 above", () => {
  const fn = ({ x }: Tensors) => ({ y: tf.relu(x!), dx: tf.grad((x) => tf.sum(tf.relu(x)))(x!) });
  const { y, dx } = compileForward({ runtime, inputs: { x: { shape: [5] } }, fn }).run({
    x: Float32Array.of(-Infinity, -1e-30, 0, 1e-30, 3),
  });
  assert.deepEqual([...dx!.data], [0, 0, 0, 1, 1]);
  assert.deepEqual([...y!.data].map((v) => Math.fround(v)), [0, 0, 0, Math.fround(1e-30), 3]);
  assert.ok(Number.isNaN(eagerForward(fn, { x: { shape: [1] } }, { x: Float32Array.of(NaN) }).y![0]));
});

Deno.test("a GRU's scan has the states and gradients of an unrolled one, turn by turn and as a loop", () => {
  const parts = layout(gruParts("rnn", 3, 4));
  const theta = parts.init(seed(3));
  for (const steps of [7, 40]) {
    const shapes = { x: [steps, 2, 3], h: [2, 4], reset: [steps, 2] };
    const inputs = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape }]));
    const fn = (unroll: number | undefined) => ({ theta, x, h, reset }: Tensors) => {
      const loss = (theta: tf.Tensor, x: tf.Tensor, h: tf.Tensor) => {
        const options = unroll === undefined ? {} : { unroll };
        const states = scanGru(parts.unpack(theta), "rnn", x, h, tf.greater(reset!, 0.9), options);
        return tf.sum(tf.square(states));
      };
      const { value, grads } = tf.valueAndGrads(loss as (...args: tf.Tensor[]) => tf.Scalar)([
        theta!,
        x!,
        h!,
      ]);
      return { value, theta_next: grads[0]!, dx: grads[1]!, dh: grads[2]! };
    };
    const feeds = { theta, x: wave(steps * 6), h: wave(8), reset: wave(steps * 2) };
    const [own, unrolled] = [undefined, 99].map((unroll) =>
      compileForward({ runtime, inputs: { theta: { shape: [parts.size] }, ...inputs }, fn: fn(unroll) }).run(
        feeds,
      )
    );
    for (const [name, { data }] of Object.entries(unrolled!)) {
      data.forEach((v, i) =>
        assert.ok(Math.abs(own![name]!.data[i]! - v) < 1e-4 * Math.max(1, Math.abs(v)), name)
      );
    }
  }
});
