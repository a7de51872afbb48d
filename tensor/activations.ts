/**
 * Activations that tfjs has no op for, each smooth and with its gradient through tfjs's own.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/**
 * x · Φ(x), with Φ the normal distribution function.
 *
 * Source   Hendrycks, Gimpel 2016, arXiv:1606.08415
 */
export function gelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/**
 * x · sigmoid(x), also called swish.
 *
 * Source   Elfwing, Uchibe, Doya 2017, arXiv:1702.03118
 */
export function silu(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.sigmoid(x));
}

/**
 * x · tanh(softplus(x)).
 *
 * Source   Misra 2019, arXiv:1908.08681
 */
export function mish(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.tanh(tf.softplus(x)));
}

/** sign(x) · log(1 + |x|): squeezes targets of any size; `symexp` undoes it (Hafner et al. 2023, arXiv:2301.04104, eq. 9). */
export function symlog(x: tf.Tensor): tf.Tensor {
  const side = sideOf(x);
  return tf.mul(side, tf.log1p(tf.mul(side, x)));
}

/** sign(x) · (exp |x| - 1) */
export function symexp(x: tf.Tensor): tf.Tensor {
  const side = sideOf(x);
  return tf.mul(side, tf.expm1(tf.mul(side, x)));
}

/** -1 below zero and 1 elsewhere, so that the slope at zero is 1; with tf.sign it would be 0. */
function sideOf(x: tf.Tensor): tf.Tensor {
  return tf.where(tf.less(x, 0), tf.fill(x.shape, -1), tf.ones(x.shape));
}
