/**
 * Gradients of kernels on images, of which tfjs has none or a wrong one. With those of Conv2DBackpropFilter and AvgPoolGrad, a
 * convolutional net has second derivatives (natural gradients, gradient penalties).
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../types.ts";
import { type Interpolation, type Resize, resizing } from "../resize.ts";
import { held, window } from "../window.ts";
import { none, scatterAxis } from "./axes.ts";

/** The gradient to the filter is linear in both the image and dy. */
tf.registerGradient({
  kernelName: "Conv2DBackpropFilter",
  inputsToSave: ["x", "dy"],
  gradFunc(ddw, saved, attributes) {
    const [x, dy] = saved as [tf.Tensor4D, tf.Tensor4D];
    const { strides, pad, dataFormat, dimRoundingMode } =
      attributes as unknown as tf.Conv2DBackpropFilterAttrs;
    const filter = ddw as tf.Tensor4D;
    const toImage = {
      strides,
      pad,
      dataFormat,
      inputShape: x.shape,
      ...(dimRoundingMode && { dimRoundingMode }),
    };
    return {
      x: (): tf.Tensor => tf.engine().runKernel("Conv2DBackpropInput", { dy, filter }, toImage),
      dy: () => tf.conv2d(x, filter, strides, pad, dataFormat, 1, dimRoundingMode),
    };
  },
});

/** tfjs has no gradient with dilation; a dilated filter is a larger one with zeros in between. */
const plainConv = tf.getGradient("Conv2D");
tf.registerGradient({
  ...plainConv,
  gradFunc(dy, saved, attributes) {
    const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
    const a = attributes as unknown as tf.Conv2DAttrs;
    const [rows, columns] = [a.dilations].flat() as [number, number?];
    const by = [rows, columns ?? rows];
    if (by.every((n) => n === 1)) return plainConv.gradFunc(dy, saved, attributes);
    const sizes = by.map((n, axis) => (filter.shape[axis]! - 1) * n + 1);
    const places = by.map((n, axis) => Array.from({ length: filter.shape[axis]! }, (_, k) => n * k));
    const wide = () =>
      sizes.reduce((w: tf.Tensor, size, axis) => scatterAxis(w, axis, places[axis]!, size), filter);
    const rest = { ...attributes, dilations: [1, 1] } as typeof attributes;
    const of = (filter: tf.Tensor) => plainConv.gradFunc(dy, [x, filter], rest);
    return {
      x: () => of(wide()).x!(),
      filter: () =>
        tf.stridedSlice(of(wide()).filter!(), [0, 0, 0, 0], [...sizes, ...filter.shape.slice(2)], [
          ...by,
          1,
          1,
        ]),
    };
  },
});

/** tfjs forgets how the size of the result was rounded. */
tf.registerGradient({
  kernelName: "MaxPool",
  inputsToSave: ["x"],
  outputsToSave: [true],
  gradFunc(dy, saved, attributes) {
    const [input, output] = saved as [tf.Tensor, tf.Tensor];
    const inputs = { dy: dy as tf.Tensor, input, output };
    return { x: (): tf.Tensor => tf.engine().runKernel("MaxPoolGrad", inputs, attributes) };
  },
});

/** tfjs divides by the size of a whole window, also where it reaches over the border and the average does not. */
tf.registerGradient({
  kernelName: "AvgPool",
  inputsToSave: ["x"],
  gradFunc(dy, saved, attributes) {
    const [input] = saved as [tf.Tensor4D];
    const inputs = { dy: tf.mul(dy as tf.Tensor, overhang(input, attributes)), input };
    return { x: (): tf.Tensor => tf.engine().runKernel("AvgPoolGrad", inputs, attributes) };
  },
});

tf.registerGradient({
  kernelName: "AvgPoolGrad",
  inputsToSave: ["input"],
  gradFunc(ddx, saved, attributes) {
    const [input] = saved as [tf.Tensor4D];
    const average: tf.Tensor = tf.engine().runKernel("AvgPool", { x: ddx as tf.Tensor }, attributes);
    return { dy: () => tf.div(average, overhang(input, attributes)), input: none(input) };
  },
});

/** Size of a whole window over the elements of the image that each holds [H', W', 1]. */
function overhang(input: tf.Tensor4D, attributes: tf.NamedAttrMap): tf.Tensor {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as tf.AvgPoolAttrs;
  const at = window(
    tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad, dimRoundingMode),
  );
  return tf.tensor(held(at).map((n) => sizeOf(at.kernel) / n), [...at.output, 1]);
}

for (
  const [kernelName, kind] of [["ResizeBilinear", "bilinear"], ["ResizeNearestNeighbor", "nearest"]] as const
) {
  tf.registerGradient({
    kernelName,
    inputsToSave: ["images"],
    gradFunc: (dy, saved, attributes) => ({
      images: () => resizedBack(dy as tf.Tensor4D, saved[0]!.shape, kind, attributes as unknown as Resize),
    }),
  });
}

/** Resizing is linear along each axis, so its gradient is the transposed matrix along each axis. */
function resizedBack(dy: tf.Tensor4D, shape: number[], kind: Interpolation, a: Resize): tf.Tensor {
  const [, height, width] = shape as [number, number, number];
  const [samples, newHeight, newWidth, channels] = dy.shape;
  const rows = tf.tensor(resizing(height, newHeight, kind, a), [1, newHeight, height]);
  const columns = tf.tensor(resizing(width, newWidth, kind, a), [1, newWidth, width]);
  const flat = tf.reshape(dy, [samples, newHeight, newWidth * channels]);
  const low = tf.matMul(rows, flat, true);
  const lines = tf.reshape(low, [samples * height, newWidth, channels]);
  return tf.reshape(tf.matMul(columns, lines, true), shape);
}

/** Blocks of pixels back to channels. */
tf.registerGradient({
  kernelName: "DepthToSpace",
  inputsToSave: ["x"],
  gradFunc(dy, saved, attributes) {
    const { blockSize: b } = attributes as unknown as tf.DepthToSpaceAttrs;
    const [samples, height, width, depth] = saved[0]!.shape as [number, number, number, number];
    const split = [samples, height, b, width, b, depth / (b * b)];
    const gathered = () => tf.transpose(tf.reshape(dy as tf.Tensor, split), [0, 1, 3, 2, 4, 5]);
    return { x: () => tf.reshape(gathered(), saved[0]!.shape) };
  },
});
