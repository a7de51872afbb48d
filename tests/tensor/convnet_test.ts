/** Convolutional networks: sizes, values against hand-written sums, and the mirror image that draws. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { seed } from "../../core/mod.ts";
import {
  conv,
  convFeatures,
  type ConvLayer,
  convParts,
  convShapes,
  deconv,
  deconvParts,
  eagerForward,
  layout,
  NATURE,
} from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { agree } from "./compare.ts";
import { wave } from "./kernels/case.ts";

const layers: readonly ConvLayer[] = [{ filters: 3, kernel: 3, stride: 2 }, {
  filters: 2,
  kernel: 2,
  stride: 1,
}];
const image = [6, 7, 2] as const;

Deno.test("the layers of Mnih et al. make 3136 features of four frames of 84 x 84", () => {
  assert.deepEqual(convShapes([84, 84, 4], NATURE), [[84, 84, 4], [20, 20, 32], [9, 9, 64], [7, 7, 64]]);
  assert.equal(convFeatures([84, 84, 4], NATURE), 3136);
  assert.throws(() => convShapes([10, 10, 1], NATURE), /a window of 4 does not fit an image of 1 x 1/);
});

Deno.test("conv() is a sum over windows, with a bias and relu", () => {
  const net = layout(convParts("c", 1, [{ filters: 1, kernel: 2, stride: 2 }]));
  const theta = Float32Array.of(1, -2, 0.5, 3, 0.25);
  const x = Float32Array.from({ length: 16 }, (_, k) => Math.sin(k));
  const { y } = eagerForward(
    ({ x }) => ({ y: conv(net.unpack(tf.tensor1d(theta)), "c", x!, [{ filters: 1, kernel: 2, stride: 2 }]) }),
    { x: { shape: [1, 4, 4, 1] } },
    { x },
  );
  for (const [k, corner] of [0, 2, 8, 10].entries()) {
    const sum = x[corner]! - 2 * x[corner + 1]! + 0.5 * x[corner + 4]! + 3 * x[corner + 5]! + 0.25;
    assert.ok(Math.abs(y![k]! - Math.max(0, sum)) < 1e-6);
  }
});

Deno.test("conv() and deconv() keep leading axes, and agree traced and eager", () => {
  const down = layout(convParts("c", 2, layers));
  const up = layout(deconvParts("d", 2, layers));
  const inputs = {
    c: { shape: [down.size], data: down.init(seed(1)) },
    d: { shape: [up.size], data: up.init(seed(2)) },
    x: wave(2, 2, ...image),
  };
  agree(
    nodeRuntime(),
    "there and back",
    ({ c, d, x }) => {
      const features = conv(down.unpack(c!), "c", x!, layers, { activation: tf.tanh });
      assert.deepEqual(features.shape, [2, 2, convFeatures(image, layers)]);
      const drawn = deconv(up.unpack(d!), "d", features, image, layers, { activation: tf.tanh });
      assert.deepEqual(drawn.shape, x!.shape);
      return [features, drawn];
    },
    inputs,
    { relative: 1e-4, absolute: 1e-4 },
  );
});

Deno.test("deconv() is the transpose of conv()", () => {
  const parts = layout(convParts("c", 2, layers));
  const theta = parts.init(seed(3));
  const [x, y] = [wave(1, ...image).data, wave(1, convFeatures(image, layers)).data];
  const linear = { activation: (x: tf.Tensor) => x };
  const { forward, back } = eagerForward(
    ({ x, y }) => {
      const p = parts.unpack(tf.tensor1d(theta));
      const q = { ...p, "c.b0": tf.zeros([2]), "c.b1": tf.zeros([3]) };
      return { forward: conv(p, "c", x!, layers, linear), back: deconv(q, "c", y!, image, layers, linear) };
    },
    { x: { shape: [1, ...image] }, y: { shape: [1, y.length] } },
    { x, y },
  );
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).reduce((sum, v, k) => sum + v * b[k]!, 0);
  assert.ok(Math.abs(dot(forward!, y) - dot(x, back!)) < 1e-4);
  assert.throws(
    () => deconv({}, "c", tf.zeros([1, 5]), image, layers),
    /expected 4 features \(\[1,2,2\]\), found \[1,5\]/,
  );
});
