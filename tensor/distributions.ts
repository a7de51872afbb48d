/**
 * Distributions over actions, as tfjs expressions. Noise comes in from outside, so that all randomness is drawn from
 * the project's own streams and a sample is the same wherever it is computed.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/** log(2π) / 2 */
const HALF_LOG_2PI = 0.9189385332046727;

/** The logit of a forbidden action: its probability is exactly 0, and nothing becomes NaN when all are forbidden. */
const FORBIDDEN = -1e9;

/**
 * log(softmax(x)) over the last axis. Unlike tf.logSoftmax it has a right second derivative, which natural gradients
 * need: the gradient is a function of the input, not of a saved output that the tape cannot trace back.
 */
export function logSoftmax(x: tf.Tensor): tf.Tensor {
  const shifted = (x: tf.Tensor) => tf.sub(x, tf.max(x, -1, true));
  const value = (x: tf.Tensor) => tf.sub(shifted(x), tf.log(tf.sum(tf.exp(shifted(x)), -1, true)));
  const differentiable = tf.customGrad((...args) => {
    const [x, save] = args as [tf.Tensor, tf.GradSaveFunc];
    save([x]);
    return {
      value: value(x),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.sub(dy, tf.mul(tf.sum(dy, -1, true), tf.exp(value(saved[0]!)))),
    };
  });
  return differentiable(x);
}

/** A distribution over `A` discrete actions for each row. */
export interface Categorical {
  /** Normalised log-probabilities [..., A]. */
  readonly logits: tf.Tensor;
  /** Log-probability [...] of actions, int32 [...]. */
  logp(actions: tf.Tensor): tf.Tensor;
  /** Entropy [...] in nats. */
  entropy(): tf.Tensor;
  /** Actions, int32 [...], from standard Gumbel noise [..., A] (Gumbel-max). */
  sample(noise: tf.Tensor): tf.Tensor;
  /** The likeliest actions, int32 [...]; the first of equals. */
  mode(): tf.Tensor;
  /** KL(this || other) [...] in nats. */
  kl(other: Categorical): tf.Tensor;
}

/**
 * The distribution with the given unnormalised log-probabilities.
 *
 * @param logits [..., A]
 * @param mask [..., A], positive where an action is allowed; a row that allows none counts as uniform
 */
export function categorical(logits: tf.Tensor, mask?: tf.Tensor): Categorical {
  const allowed = mask === undefined ? logits : tf.where(tf.greater(mask, 0), logits, tf.scalar(FORBIDDEN));
  const normalised = logSoftmax(allowed);
  const actions = logits.shape.at(-1)!;
  return {
    logits: normalised,
    logp: (chosen) =>
      tf.sum(tf.mul(normalised, tf.oneHot(tf.cast(chosen, "int32"), actions, 1, 0, "float32")), -1),
    entropy: () => tf.neg(tf.sum(tf.mul(tf.exp(normalised), normalised), -1)),
    sample: (noise) => tf.argMax(tf.add(normalised, noise), -1),
    mode: () => tf.argMax(normalised, -1),
    kl: (other) => tf.sum(tf.mul(tf.exp(normalised), tf.sub(normalised, other.logits)), -1),
  };
}

/** A distribution over vectors of `A` real actions for each row. */
export interface Gaussian {
  readonly mean: tf.Tensor;
  /** Log of the standard deviation, with the shape of `mean`. */
  readonly logStd: tf.Tensor;
  /** Log-density [...] of actions [..., A]. */
  logp(actions: tf.Tensor): tf.Tensor;
  /** Differential entropy [...] in nats. */
  entropy(): tf.Tensor;
  /** Actions [..., A] from standard normal noise [..., A]; differentiable in mean and logStd. */
  sample(noise: tf.Tensor): tf.Tensor;
  /** The mean. */
  mode(): tf.Tensor;
  /** KL(this || other) [...] in nats. */
  kl(other: Gaussian): tf.Tensor;
}

/**
 * Independent normal distributions.
 *
 * @param mean [..., A]
 * @param logStd [..., A], or [A] for all rows alike
 */
export function gaussian(mean: tf.Tensor, logStd: tf.Tensor): Gaussian {
  const wide = tf.add(logStd, tf.zerosLike(mean));
  return {
    mean,
    logStd: wide,
    logp(actions) {
      const z = tf.mul(tf.sub(actions, mean), tf.exp(tf.neg(logStd)));
      return tf.sum(tf.sub(tf.sub(tf.mul(tf.square(z), -0.5), logStd), HALF_LOG_2PI), -1);
    },
    entropy: () => tf.sum(tf.add(wide, 0.5 + HALF_LOG_2PI), -1),
    sample: (noise) => tf.add(mean, tf.mul(tf.exp(logStd), noise)),
    mode: () => mean,
    kl(other) {
      const ratio = tf.exp(tf.mul(tf.sub(wide, other.logStd), 2));
      const distance = tf.mul(tf.square(tf.sub(mean, other.mean)), tf.exp(tf.mul(other.logStd, -2)));
      const terms = tf.add(tf.sub(other.logStd, wide), tf.mul(tf.sub(tf.add(ratio, distance), 1), 0.5));
      return tf.sum(terms, -1);
    },
  };
}

/** A Gaussian squeezed through tanh into (-1, 1). */
export interface SquashedGaussian {
  /** Actions [..., A] and their log-density [...] from standard normal noise [..., A]; differentiable. */
  sample(noise: tf.Tensor): { readonly actions: tf.Tensor; readonly logp: tf.Tensor };
  /** Log-density [...] of actions [..., A]; those at ±1 are taken as ±(1 - 1e-6). */
  logp(actions: tf.Tensor): tf.Tensor;
  /** tanh of the mean. */
  mode(): tf.Tensor;
}

/**
 * tanh of a Gaussian. The correction log(1 - tanh²u) is computed as 2 (log 2 - u - softplus(-2u)), which stays exact
 * where tanh u rounds to ±1.
 *
 * Source   Haarnoja et al. 2018, arXiv:1801.01290, appendix C
 */
export function squashedGaussian(mean: tf.Tensor, logStd: tf.Tensor): SquashedGaussian {
  const base = gaussian(mean, logStd);
  const correction = (u: tf.Tensor) =>
    tf.sum(tf.mul(tf.sub(tf.sub(Math.LN2, u), tf.softplus(tf.mul(u, -2))), 2), -1);
  const density = (u: tf.Tensor) => tf.sub(base.logp(u), correction(u));
  return {
    sample(noise) {
      const u = base.sample(noise);
      return { actions: tf.tanh(u), logp: density(u) };
    },
    logp(actions) {
      const inside = tf.clipByValue(actions, -1 + 1e-6, 1 - 1e-6);
      return density(tf.mul(tf.sub(tf.log1p(inside), tf.log1p(tf.neg(inside))), 0.5));
    },
    mode: () => tf.tanh(mean),
  };
}

/** A distribution over {0, 1} for each element. */
export interface Bernoulli {
  /** Probability of 1. */
  mean(): tf.Tensor;
  /** Log-probability of outcomes, with the shape of the logits; fractions count as mixtures. */
  logp(outcomes: tf.Tensor): tf.Tensor;
  /** Entropy of each element in nats. */
  entropy(): tf.Tensor;
  /** Outcomes, float32, from uniform noise in [0, 1) of the shape of the logits. */
  sample(noise: tf.Tensor): tf.Tensor;
  /** The likelier outcomes, float32; 0 of equals. */
  mode(): tf.Tensor;
}

/** Coins with the given log-odds [...], each by itself. */
export function bernoulli(logits: tf.Tensor): Bernoulli {
  const mean = () => tf.sigmoid(logits);
  return {
    mean,
    logp: (outcomes) => tf.sub(tf.mul(outcomes, logits), tf.softplus(logits)),
    entropy: () => tf.sub(tf.softplus(logits), tf.mul(mean(), logits)),
    sample: (noise) => tf.cast(tf.less(noise, mean()), "float32"),
    mode: () => tf.cast(tf.greater(logits, 0), "float32"),
  };
}
