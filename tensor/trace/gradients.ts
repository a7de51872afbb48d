/**
 * Gradients that tfjs lacks or gets wrong. Importing this file registers them, for eager tfjs and for traces alike.
 *
 * @module
 */
import "@tensorflow/tfjs"; // registers tfjs's own gradients, which some below build on
import * as tf from "@tensorflow/tfjs-core";
import { none } from "./gradients/axes.ts";
import "./gradients/images.ts";
import "./gradients/picking.ts";
import "./gradients/products.ts";

/**
 * Kernels whose result does not change with a small change of the input: gradient zero. Without an entry, tfjs refuses
 * to differentiate through `tf.where(tf.greater(x, 0), …)`.
 */
const FLAT_IN_TWO = [
  "Greater",
  "GreaterEqual",
  "Less",
  "LessEqual",
  "Equal",
  "NotEqual",
  "LogicalAnd",
  "LogicalOr",
];
const FLAT_IN_ONE = ["LogicalNot", "IsNan", "IsInf", "IsFinite", "ArgMax", "ArgMin", "Any", "All"];

/** Kernels whose own gradient forgets that an operand was broadcast. */
const BROADCAST = ["Maximum", "Minimum", "SquaredDifference", "BatchMatMul"];

/**
 * Kernels whose own gradient reads their saved output, with their inputs. tfjs records the saved copy before the kernel
 * itself, so a second derivative does not see that the copy depends on the input, and is silently wrong. These
 * compute the output again (a trace finds the same operation and records nothing new).
 */
const FROM_OUTPUT = { Exp: ["x"], Pow: ["a", "b"], Sigmoid: ["x"], Softmax: ["logits"], Tanh: ["x"] };

for (const kernelName of FLAT_IN_TWO) {
  tf.registerGradient({
    kernelName,
    inputsToSave: ["a", "b"],
    gradFunc: (_dy, saved) => ({ a: none(saved[0]!), b: none(saved[1]!) }),
  });
}

for (const kernelName of FLAT_IN_ONE) {
  tf.registerGradient({
    kernelName,
    inputsToSave: ["x"],
    gradFunc: (_dy, saved) => ({ x: none(saved[0]!) }),
  });
}

for (const kernelName of BROADCAST) {
  const original = tf.getGradient(kernelName);
  tf.registerGradient({
    kernelName,
    inputsToSave: ["a", "b"],
    gradFunc(dy, saved, attributes) {
      const { a, b } = original.gradFunc(dy, saved, attributes);
      return { a: () => sumTo(a!(), saved[0]!.shape), b: () => sumTo(b!(), saved[1]!.shape) };
    },
  });
}

for (const [kernelName, names] of Object.entries(FROM_OUTPUT)) {
  const original = tf.getGradient(kernelName);
  tf.registerGradient({
    kernelName,
    inputsToSave: names,
    gradFunc(dy, saved, attributes) {
      const inputs = Object.fromEntries(names.map((name, k) => [name, saved[k]!]));
      const y: tf.Tensor = tf.engine().runKernel(kernelName, inputs, attributes);
      return original.gradFunc(dy, original.inputsToSave ? [...saved, y] : [y], attributes);
    },
  });
}

/** tfjs takes the slope of relu from a step that is NaN for NaN; a comparison is several times faster. */
tf.registerGradient({
  kernelName: "Relu",
  inputsToSave: ["x"],
  gradFunc: (dy, saved) => ({
    x: () => tf.mul(dy as tf.Tensor, tf.cast(tf.greater(saved[0]!, 0), "float32")),
  }),
});

/** A running sum's gradient is the running sum from the other end; tfjs transposes it when the axis is not the last. */
tf.registerGradient({
  kernelName: "Cumsum",
  gradFunc(dy, _saved, attributes) {
    const { axis, exclusive, reverse } = attributes as unknown as tf.CumsumAttrs;
    return { x: () => tf.cumsum(dy as tf.Tensor, axis, exclusive, !reverse) };
  },
});

/** Gathering with shared batch axes: one scatter for all of them, where tfjs records one per row of the batch. */
const plainGather = tf.getGradient("GatherV2");
tf.registerGradient({
  kernelName: "GatherV2",
  inputsToSave: ["x", "indices"],
  gradFunc(dy, saved, attributes) {
    const { batchDims } = attributes as unknown as tf.GatherV2Attrs;
    if (batchDims === 0) return plainGather.gradFunc(dy, saved, attributes);
    const [x, indices] = saved as [tf.Tensor, tf.Tensor];
    return { x: () => scatterBatches(dy as tf.Tensor, x.shape, indices, batchDims), indices: none(indices) };
  },
});

/** Adds rows dy [batch…, J, rest…] into zeros [batch…, K, rest…] at indices [batch…, J]. */
function scatterBatches(dy: tf.Tensor, shape: number[], indices: tf.Tensor, batchDims: number): tf.Tensor {
  const batches = tf.util.sizeFromShape(shape.slice(0, batchDims));
  const [rows, ...rest] = shape.slice(batchDims) as [number, ...number[]];
  const picks = indices.size / batches;
  const starts = tf.reshape(tf.mul(tf.range(0, batches, 1, "int32"), tf.scalar(rows, "int32")), [batches, 1]);
  const places = tf.reshape(tf.add(tf.reshape(indices, [batches, picks]), starts), [batches * picks]);
  const updates = tf.reshape(dy, [batches * picks, ...rest]);
  return tf.reshape(tf.unsortedSegmentSum(updates, places as tf.Tensor1D, batches * rows), shape);
}

/** Sums over the axes along which a tensor of the given shape was broadcast. */
function sumTo(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const missing = x.rank - shape.length;
  const axes = x.shape.map((_, i) => i).filter((i) =>
    i < missing || (shape[i - missing] === 1 && x.shape[i] !== 1)
  );
  return axes.length === 0 ? x : tf.reshape(tf.sum(x, axes), [...shape]);
}

/** `x` itself, but a constant to the gradient: what is upstream learns nothing through it. */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  const barrier = tf.customGrad((...inputs) => {
    const value = tf.clone(inputs[0] as tf.Tensor);
    return { value, gradFunc: () => tf.zeros(value.shape) };
  });
  return barrier(x) as T;
}
