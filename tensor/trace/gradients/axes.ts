/**
 * Moves along one axis that several gradients are made of.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/** A gradient of zero, for an input whose small change changes nothing. */
export const none = (x: tf.Tensor) => (): tf.Tensor => tf.zeros(x.shape);

/**
 * Adds each slice of `x` along `axis` to a zero tensor, at the place its number in `places` names: the gradient of
 * gathering constant places.
 *
 * @param size length of the axis in the result
 */
export function scatterAxis(x: tf.Tensor, axis: number, places: readonly number[], size: number): tf.Tensor {
  if (places.length === size && places.every((place, i) => place === i)) return x;
  const front = [axis, ...x.shape.map((_, i) => i).filter((i) => i !== axis)];
  const back = x.shape.map((_, i) => front.indexOf(i));
  const slices = tf.transpose(x, front);
  return tf.transpose(tf.unsortedSegmentSum(slices, tf.tensor1d([...places], "int32"), size), back);
}

/** `x` moved `by` places towards the start of `axis`, with zeros behind it. */
export function shiftLeft(x: tf.Tensor, axis: number, by: number): tf.Tensor {
  const length = x.shape[axis]!;
  if (by >= length) return tf.zerosLike(x);
  const begin = x.shape.map((_, i) => i === axis ? by : 0);
  const rest = tf.slice(x, begin, x.shape.map((n, i) => i === axis ? length - by : n));
  return tf.pad(rest, x.shape.map((_, i) => [0, i === axis ? by : 0] as [number, number]));
}
