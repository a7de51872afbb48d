/**
 * Gradients that tfjs lacks: kernels whose result does not change with a small change of the input have gradient
 * zero. Without an entry, tfjs refuses to differentiate through `tf.where(tf.greater(x, 0), …)`.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

const FLAT = {
  a_b: ["Greater", "GreaterEqual", "Less", "LessEqual", "Equal", "NotEqual", "LogicalAnd", "LogicalOr"],
  x: ["LogicalNot", "IsNan", "IsInf", "IsFinite", "ArgMax", "ArgMin", "Any", "All"],
} as const;

const none = (x: tf.Tensor) => () => tf.zeros(x.shape);

for (const kernelName of FLAT.a_b) {
  tf.registerGradient({
    kernelName,
    inputsToSave: ["a", "b"],
    gradFunc: (_dy, saved) => ({ a: none(saved[0]!), b: none(saved[1]!) }),
  });
}

for (const kernelName of FLAT.x) {
  tf.registerGradient({
    kernelName,
    inputsToSave: ["x"],
    gradFunc: (_dy, saved) => ({ x: none(saved[0]!) }),
  });
}

/** `x` itself, but a constant to the gradient: what is upstream learns nothing through it. */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  const barrier = tf.customGrad((...inputs) => {
    const value = tf.clone(inputs[0] as tf.Tensor);
    return { value, gradFunc: () => tf.zeros(value.shape) };
  });
  return barrier(x) as T;
}
