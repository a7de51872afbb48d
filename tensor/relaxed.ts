/**
 * Discrete choices that gradients pass through.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { logSoftmax } from "./distributions.ts";
import { stopGradient } from "./trace/gradients.ts";

/**
 * The value of `hard`, the gradient of `soft`.
 *
 * Source   Bengio, Léonard, Courville 2013, arXiv:1308.3432
 */
export function straightThrough(hard: tf.Tensor, soft: tf.Tensor): tf.Tensor {
  return tf.add(stopGradient(tf.sub(hard, soft)), soft);
}

/**
 * A relaxed one-hot sample: softmax((logits + noise) / temperature), a point inside the simplex that tends to a
 * one-hot sample of the distribution as the temperature tends to 0.
 *
 * @param logits [..., A]
 * @param noise standard Gumbel noise [..., A]
 * @param options.hard whether the value is the one-hot vector itself, with the gradient of the relaxed one
 *
 * Source   Jang, Gu, Poole 2017, arXiv:1611.01144; Maddison, Mnih, Teh 2017, arXiv:1611.00712
 */
export function gumbelSoftmax(
  logits: tf.Tensor,
  noise: tf.Tensor,
  temperature: number | tf.Tensor,
  { hard = false }: { readonly hard?: boolean } = {},
): tf.Tensor {
  const soft = tf.softmax(tf.div(tf.add(logits, noise), temperature));
  return hard ? straightThrough(oneHotMode(soft), soft) : soft;
}

/**
 * A one-hot sample [..., A] with the gradient of the probabilities, as DreamerV2 draws its latent states.
 *
 * @param noise standard Gumbel noise [..., A]
 *
 * Source   Hafner et al. 2021, arXiv:2010.02193, algorithm 1
 */
export function oneHotSample(logits: tf.Tensor, noise: tf.Tensor): tf.Tensor {
  return straightThrough(oneHotMode(tf.add(logits, noise)), tf.softmax(logits));
}

/** The log-probabilities of a distribution of which `share` is uniform: no choice ever has probability 0. */
export function unimix(logits: tf.Tensor, share = 0.01): tf.Tensor {
  const choices = logits.shape.at(-1)!;
  return tf.log(tf.add(tf.mul(tf.exp(logSoftmax(logits)), 1 - share), share / choices));
}

function oneHotMode(x: tf.Tensor): tf.Tensor {
  return tf.oneHot(tf.argMax(x, -1), x.shape.at(-1)!, 1, 0, "float32");
}
