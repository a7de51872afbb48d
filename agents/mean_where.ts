/**
 * The mean over the rows that a loss is about.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/** Mean of `x` over the entries that count, where `counts`, of its shape, is 1; 0 where none does. */
export function meanWhere(x: tf.Tensor, counts: tf.Tensor): tf.Tensor {
  return tf.div(tf.sum(tf.mul(x, counts)), tf.maximum(tf.sum(counts), 1));
}
