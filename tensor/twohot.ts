/**
 * Regression as classification: a number is spread over the two bins beside it, and a network's logits over the bins have
 * its mean. Targets of any size then give gradients of one size.
 *
 * Source   two-hot targets: Bellemare et al. 2017, arXiv:1707.06887, and Schrittwieser et al. 2020 (MuZero),
 *          arXiv:1911.08265, appendix F; bins spaced by symexp: Hafner et al. 2023 (DreamerV3), arXiv:2301.04104
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { expm1, UserError } from "../core/mod.ts";
import { logSoftmax } from "./distributions.ts";

/** `count` bins evenly from `low` to `high`. */
export function linearBins(low: number, high: number, count: number): number[] {
  if (!(count >= 2 && high > low)) {
    throw new UserError(`bins: expected at least 2 from low to high, found ${count} from ${low} to ${high}`);
  }
  return Array.from({ length: count }, (_, k) => low + (high - low) * k / (count - 1));
}

/** `count` bins from symexp(-limit) to symexp(limit), evenly in between before symexp; symmetric about 0. */
export function symexpBins(count = 255, limit = 20): number[] {
  const last = count - 1;
  return linearBins(0, last, count).map((k) => {
    const x = limit * (2 * k - last) / last;
    return Math.sign(x) * expm1(Math.abs(x));
  });
}

/**
 * How much of each bin a number is: the two bins beside it share 1, so that the mean is the number again. Numbers beyond
 * the outermost bins count as those.
 *
 * @param x [...]
 * @param bins ascending, [K]
 * @returns [..., K]
 */
export function twoHot(x: tf.Tensor, bins: readonly number[]): tf.Tensor {
  check(bins);
  const last = bins.length - 1;
  const inside = tf.expandDims(tf.clipByValue(x, bins[0]!, bins[last]!), -1);
  const row = (values: number[]) => tf.tensor1d(values);
  const gaps = bins.slice(1).map((bin, k) => bin - bins[k]!);
  // beyond the ends a bin as far away as the next one: what lies there is never asked for
  const below = bins.map((bin, k) => bin - (gaps[k - 1] ?? gaps[0]!));
  const above = bins.map((bin, k) => bin + (gaps[k] ?? gaps[last - 1]!));
  const rising = tf.div(tf.sub(inside, row(below)), row(bins.map((bin, k) => bin - below[k]!)));
  const falling = tf.div(tf.sub(row(above), inside), row(bins.map((bin, k) => above[k]! - bin)));
  return tf.maximum(0, tf.minimum(rising, falling));
}

/** A distribution over bins for each row. */
export interface Binned {
  /** Log-probabilities of the bins [..., K]. */
  readonly logits: tf.Tensor;
  /** Mean [...]. Exactly 0 where bins and probabilities are symmetric about 0, however large the bins. */
  mean(): tf.Tensor;
  /** Minus the cross-entropy with the two-hot target: the log-likelihood [...] to maximise. */
  logp(target: tf.Tensor): tf.Tensor;
}

/**
 * The distribution with the given logits.
 *
 * @param logits [..., K]
 * @param bins ascending, [K]
 */
export function binned(logits: tf.Tensor, bins: readonly number[]): Binned {
  check(bins);
  if (logits.shape.at(-1) !== bins.length) {
    throw new UserError(`binned: expected logits [..., ${bins.length}], found [${logits.shape}]`);
  }
  const normalised = logSoftmax(logits);
  return {
    logits: normalised,
    mean() {
      const parts = tf.mul(tf.exp(normalised), tf.tensor1d([...bins]));
      return tf.mul(tf.sum(tf.add(parts, tf.reverse(parts, -1)), -1), 0.5); // opposite bins cancel before they add up
    },
    logp: (target) => tf.sum(tf.mul(twoHot(target, bins), normalised), -1),
  };
}

function check(bins: readonly number[]): void {
  if (bins.length < 2 || bins.some((bin, k) => k > 0 && !(bin > bins[k - 1]!))) {
    throw new UserError(`bins: expected at least 2, ascending, found ${bins.length}: ${bins.slice(0, 4)}…`);
  }
}
