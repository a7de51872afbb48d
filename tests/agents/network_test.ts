/** Where a network's layers are normalised. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { fillNormal, seed } from "../../core/mod.ts";
import { network } from "../../agents/network.ts";
import { layout, type Tensors } from "../../tensor/mod.ts";

const stream = seed(7);

function normals(...shape: number[]): tf.Tensor {
  const into = new Float32Array(shape.reduce((size, n) => size * n, 1));
  fillNormal(stream, into);
  return tf.tensor(into, shape);
}

/** The largest difference between `a` and `b`. */
const apart = (a: tf.Tensor, b: tf.Tensor) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;

for (const hidden of [[6], [6, 5]]) {
  for (const memory of [0, 4]) {
    const title = `hidden=[${hidden}] memory=${memory}`;

    Deno.test(`${title}: with norm, the scale of no hidden layer matters; without, each does`, async () => {
      await tf.setBackend("cpu");
      const [x, sequence] = [normals(9, 3), normals(2, 5, 3)];
      const state = memory > 0 ? normals(9, memory) : undefined;
      const before = memory > 0 ? normals(2, memory) : undefined;
      for (const norm of [true, false]) {
        const net = network("q", { sizes: [3, ...hidden, 2], memory, activation: tf.relu, norm });
        const { unpack, size } = layout(net.parts);
        const p: Tensors = unpack(normals(size) as tf.Tensor1D);
        const outs = (p: Tensors) => [
          net.step(p, x, state).out,
          net.along(p, sequence, before, tf.zeros([2, 5])),
        ];
        const found = outs(p);
        hidden.forEach((_, i) => {
          const larger = { [`q.w${i}`]: tf.mul(p[`q.w${i}`]!, 50), [`q.b${i}`]: tf.mul(p[`q.b${i}`]!, 50) };
          outs({ ...p, ...larger }).forEach((out, k) => {
            const moved = apart(out, found[k]!);
            assert.ok(norm ? moved < 1e-3 : moved > 0.1, `layer ${i}, norm ${norm}: ${moved}`);
          });
        });
      }
    });

    Deno.test(`${title}: a normalisation for each hidden layer, of its size`, () => {
      const { parts } = network("q", { sizes: [3, ...hidden, 2], memory, norm: true });
      const scales = Object.entries(parts).filter(([name]) => name.endsWith(".scale"));
      assert.deepEqual(
        scales.map(([name, { shape }]) => [name, shape]),
        hidden.map((size, i) => [`q.norm${i}.scale`, [size]]),
      );
    });
  }
}
