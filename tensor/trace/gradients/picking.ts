/**
 * Gradients of kernels that pick, place or repeat elements, of which tfjs has none, or a wrong one (MirrorPad's leaves
 * out what was mirrored).
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { mirrored } from "../mirror.ts";
import { strided } from "../strided.ts";
import { none, scatterAxis } from "./axes.ts";

tf.registerGradient({
  kernelName: "GatherNd",
  inputsToSave: ["params", "indices"],
  gradFunc(dy, saved) {
    const [params, indices] = saved as [tf.Tensor, tf.Tensor];
    return { params: () => tf.scatterND(indices, dy as tf.Tensor, params.shape), indices: none(indices) };
  },
});

tf.registerGradient({
  kernelName: "ScatterNd",
  inputsToSave: ["indices"],
  gradFunc(dy, saved) {
    const [indices] = saved as [tf.Tensor];
    return { indices: none(indices), updates: () => tf.gatherND(dy as tf.Tensor, indices) };
  },
});

tf.registerGradient({
  kernelName: "TensorScatterUpdate",
  inputsToSave: ["indices", "updates"],
  gradFunc(slope, saved) {
    const dy = slope as tf.Tensor;
    const [indices, updates] = saved as [tf.Tensor, tf.Tensor];
    return {
      tensor: () => { // not by tf.tensorScatterUpdate: tfjs-cpu writes into what it is given
        const replaced = tf.scatterND(indices, tf.ones(updates.shape), dy.shape);
        return tf.where(tf.greater(replaced, 0), tf.zerosLike(dy), dy);
      },
      indices: none(indices),
      updates: () => tf.gatherND(dy, indices),
    };
  },
});

/** Each of the k values [..., k] came from one of n elements [..., n]. */
tf.registerGradient({
  kernelName: "TopK",
  inputsToSave: ["x"],
  outputsToSave: [false, true],
  gradFunc(dys, saved) {
    const [x, places] = saved as [tf.Tensor, tf.Tensor];
    const [dy] = dys as tf.Tensor[];
    const chosen = tf.oneHot(places, x.shape.at(-1)!, 1, 0, "float32");
    return { x: () => tf.sum(tf.mul(tf.expandDims(dy!, -1), chosen), -2) };
  },
});

tf.registerGradient({
  kernelName: "StridedSlice",
  inputsToSave: ["x"],
  gradFunc(dy, saved, attributes) {
    const [x] = saved as [tf.Tensor];
    const { begin, strides, lengths } = strided(x.shape, attributes as unknown as tf.StridedSliceAttrs);
    const spread = () =>
      lengths.reduce((whole: tf.Tensor, length, axis) => {
        const places = Array.from({ length }, (_, i) => begin[axis]! + i * strides[axis]!);
        return scatterAxis(whole, axis, places, x.shape[axis]!);
      }, tf.reshape(dy as tf.Tensor, lengths));
    return { x: spread };
  },
});

tf.registerGradient({
  kernelName: "MirrorPad",
  inputsToSave: ["x"],
  gradFunc(dy, saved, attributes) {
    const [x] = saved as [tf.Tensor];
    const { paddings, mode } = attributes as unknown as tf.MirrorPadAttrs;
    const folded = () =>
      paddings.reduce(
        (whole, [before, after], axis) =>
          scatterAxis(whole, axis, mirrored(x.shape[axis]!, before, after, mode), x.shape[axis]!),
        dy as tf.Tensor,
      );
    return { x: folded };
  },
});

/** tfjs hands over the gradient of a single output bare, and its own gradients of these two want a list. */
for (const kernelName of ["SplitV", "Unpack"]) {
  const original = tf.getGradient(kernelName);
  tf.registerGradient({
    ...original,
    gradFunc: (dy, saved, attributes) => original.gradFunc([dy].flat() as tf.Tensor[], saved, attributes),
  });
}

tf.registerGradient({
  kernelName: "Diag",
  inputsToSave: ["x"],
  gradFunc(dy, saved) {
    const [x] = saved as [tf.Tensor];
    const diagonal = () => tf.sum(tf.mul(tf.reshape(dy as tf.Tensor, [x.size, x.size]), tf.eye(x.size)), 1);
    return { x: () => tf.reshape(diagonal(), x.shape) };
  },
});
