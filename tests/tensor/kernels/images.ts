/** Cases of kernels on images, and of tfjs's fused kernels. Images are [N, H, W, C], filters [H, W, in, out]. */
import * as tf from "@tensorflow/tfjs-core";
import { f } from "../compare.ts";
import { type Case, FORWARD, of, OWN, unary, wave } from "./case.ts";

const inputs = { x: wave(2, 5, 6, 3), w: wave(3, 2, 3, 4) };
const kernels = "Conv2D Conv2DBackpropInput Conv2DBackpropFilter";
const depthwise =
  "DepthwiseConv2dNative DepthwiseConv2dNativeBackpropInput DepthwiseConv2dNativeBackpropFilter";
const pads = ["valid", "same"] as const;
const steps: (number | [number, number])[] = [1, 2, [2, 3]];
const edges: [[number, number], [number, number], [number, number], [number, number]] = [[0, 0], [1, 2], [
  0,
  1,
], [0, 0]];

const conv = (x: tf.Tensor, w: tf.Tensor, ...rest: Rest<typeof tf.conv2d>): tf.Tensor =>
  tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, ...rest);
const apart = (x: tf.Tensor, w: tf.Tensor, ...rest: Rest<typeof tf.depthwiseConv2d>): tf.Tensor =>
  tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, ...rest);
type Rest<F> = F extends (x: never, w: never, ...rest: infer R) => unknown ? R : never;

const activations = ["linear", "relu", "relu6", "elu", "sigmoid"] as const;

export const images: readonly Case[] = [
  ...pads.flatMap((pad) =>
    steps.flatMap((step) => [
      of(kernels, ({ x, w }) => conv(x!, w!, step, pad), inputs),
      of(depthwise, ({ x, w }) => apart(x!, w!, step, pad), { x: wave(2, 5, 6, 3), w: wave(3, 2, 3, 2) }),
      of("MaxPool MaxPoolGrad", ({ x }) => tf.maxPool(x as tf.Tensor4D, [3, 2], step, pad), {
        x: wave(2, 5, 6, 3),
      }),
      of("AvgPool AvgPoolGrad", ({ x }) => tf.avgPool(x as tf.Tensor4D, [3, 2], step, pad), {
        x: wave(2, 5, 6, 3),
      }),
    ])
  ),
  of(kernels, ({ x, w }) => conv(x!, w!, 2, 1, "NHWC", 1, "floor"), {
    x: wave(1, 4, 4, 1),
    w: wave(3, 3, 1, 2),
  }, OWN),
  of(kernels, ({ x, w }) => conv(x!, w!, 2, edges), inputs),
  of(kernels, ({ x, w }) => conv(x!, w!, [1, 2], "same", "NCHW"), {
    x: wave(2, 3, 5, 6),
    w: wave(3, 2, 3, 4),
  }, {
    gradients: [],
  }),
  of(kernels, ({ x, w }) => conv(x!, w!, 1, "same", "NHWC", [2, 3]), inputs),
  of(
    kernels,
    ({ x, w }) => conv(x!, w!, 1, "valid", "NHWC", 2),
    { x: wave(1, 5, 5, 1), w: wave(2, 3, 1, 1) },
    OWN,
  ),
  of(kernels, ({ x, w }) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, 1, "same", "NWC", 3), {
    x: wave(2, 9, 2),
    w: wave(3, 2, 2),
  }),
  of("DepthwiseConv2dNative", ({ x, w }) => apart(x!, w!, 1, "valid", "NHWC", 2), {
    x: wave(1, 6, 6, 2),
    w: wave(2, 2, 2, 1),
  }, FORWARD),
  of(kernels, ({ x, w }) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, 2, "same"), {
    x: wave(2, 7, 3),
    w: wave(3, 3, 2),
  }),
  of(kernels, ({ x, w }) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 6, 8, 2], 2, "same"), {
    x: wave(2, 3, 4, 3),
    w: wave(3, 3, 2, 3),
  }),
  of(
    "Conv2DBackpropInput",
    ({ x, w }) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [1, 5, 5, 1], 2, "valid"),
    {
      x: wave(1, 2, 2, 1),
      w: wave(3, 3, 1, 1),
    },
    OWN,
  ),
  of(
    depthwise,
    ({ x, d, p }) => tf.separableConv2d(x as tf.Tensor4D, d as tf.Tensor4D, p as tf.Tensor4D, 1, "same"),
    { x: wave(2, 4, 4, 2), d: wave(3, 3, 2, 2), p: wave(1, 1, 4, 3) },
  ),
  of(
    "Conv2DBackpropFilter Conv2DBackpropInput",
    ({ x, w }) => {
      const slope = tf.grads((x: tf.Tensor, w: tf.Tensor) => tf.tanh(conv(x, w, 2, "same")));
      return slope([x!, w!]); // differentiated once more
    },
    { x: wave(1, 4, 4, 1), w: wave(2, 2, 1, 2) },
    OWN,
  ),
  of(
    "AvgPoolGrad",
    ({ x }) => tf.grad((x: tf.Tensor) => tf.square(tf.avgPool(x as tf.Tensor4D, 2, 2, "same")))(x!),
    {
      x: wave(1, 3, 3, 1),
    },
    OWN,
  ),
  unary("MaxPool MaxPoolGrad", (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 0, "ceil"), wave(1, 5, 5, 2)),
  unary(
    "MaxPool MaxPoolGrad",
    (x) => tf.maxPool(x as tf.Tensor4D, 2, 1, "valid"),
    f([1, 2, 3, 1], 1, 1, 1, 1, 1, 1),
  ),
  unary("AvgPool AvgPoolGrad", (x) => tf.avgPool(x as tf.Tensor4D, 3, 2, 1, "floor"), wave(1, 6, 5, 2), OWN),

  ...([[8, 9], [3, 2], [1, 1]] as [number, number][]).flatMap((size) =>
    [[false, false], [true, false], [false, true]].flatMap(([corners, half]) => [
      of(
        "ResizeBilinear",
        ({ x }) => tf.image.resizeBilinear(x as tf.Tensor4D, size, corners, half),
        { x: wave(1, 4, 5, 2) },
        OWN,
      ),
      of(
        "ResizeNearestNeighbor",
        ({ x }) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, corners, half),
        { x: wave(1, 4, 5, 2) },
        OWN,
      ),
    ])
  ),
  unary("DepthToSpace", (x) => tf.depthToSpace(x as tf.Tensor4D, 2), wave(1, 2, 3, 8), OWN),
  of(
    "FusedBatchNorm",
    ({ x, m, v, o, s }) =>
      tf.batchNorm(
        x as tf.Tensor4D,
        m as tf.Tensor1D,
        tf.exp(v!) as tf.Tensor1D,
        o as tf.Tensor1D,
        s as tf.Tensor1D,
        1e-3,
      ),
    { x: wave(2, 2, 2, 3), m: wave(3), v: f([3], 0, 1, -1), o: f([3], 1, 2, 3), s: f([3], -1, 2, 0.5) },
  ),
  of(
    "FusedBatchNorm",
    ({ x, m, v }) => tf.batchNorm(x as tf.Tensor4D, m as tf.Tensor1D, tf.exp(v!) as tf.Tensor1D),
    {
      x: wave(2, 2, 2, 3),
      m: wave(3),
      v: f([3], 0, 1, -1),
    },
    FORWARD, // tfjs's gradient wants a scale
  ),

  ...activations.map((activation) =>
    of("_FusedMatMul", ({ a, b, c }) => tf.fused.matMul({ a: a!, b: b!, bias: c!, activation }), {
      a: wave(3, 4),
      b: wave(4, 2),
      c: wave(2),
    }, activation === "relu" || activation === "linear" ? {} : FORWARD)
  ),
  of(
    "_FusedMatMul",
    ({ a, b }) =>
      tf.fused.matMul({ a: a!, b: b!, transposeB: true, activation: "leakyrelu", leakyreluAlpha: 0.1 }),
    {
      a: wave(3, 4),
      b: wave(2, 4),
    },
    FORWARD,
  ),
  of(
    "_FusedMatMul",
    ({ a, b, p }) => tf.fused.matMul({ a: a!, b: b!, activation: "prelu", preluActivationWeights: p! }),
    {
      a: wave(3, 4),
      b: wave(4, 2),
      p: f([2], 0.1, 0.3),
    },
    FORWARD,
  ),
  of(
    "FusedConv2D",
    ({ x, w, b }) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: w as tf.Tensor4D,
        strides: 1,
        pad: "same",
        bias: b!,
        activation: "relu",
      }),
    {
      ...inputs,
      b: wave(4),
    },
  ),
  of(
    "FusedDepthwiseConv2D",
    ({ x, w, b }) =>
      tf.fused.depthwiseConv2d({
        x: x as tf.Tensor4D,
        filter: w as tf.Tensor4D,
        strides: 1,
        pad: "same",
        bias: b!,
        activation: "relu6",
      }),
    { x: wave(2, 5, 6, 3), w: wave(3, 2, 3, 2), b: wave(6) },
    FORWARD,
  ),
];
