/**
 * Optimiser steps on flat vectors, as tfjs expressions.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/** Decay rates of Adam's two averages, and the term that keeps it from dividing by zero. */
export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
}

/** eps 1e-5 rather than the paper's 1e-8: near-zero gradients then do not turn rounding noise into steps. */
export const ADAM: AdamSettings = { beta1: 0.9, beta2: 0.999, eps: 1e-5 };

/** Parameters with their running averages of the gradient (`m`) and its square (`v`), all [P]. */
export interface AdamState {
  readonly theta: tf.Tensor;
  readonly m: tf.Tensor;
  readonly v: tf.Tensor;
}

/**
 * One step of Adam.
 *
 * @param gradient [P]
 * @param step number of this step, from 1, no axes
 * @param rate learning rate, no axes
 *
 * Source   Kingma, Ba 2015, arXiv:1412.6980, algorithm 1
 */
export function adam(
  { theta, m, v }: AdamState,
  gradient: tf.Tensor,
  step: tf.Tensor,
  rate: tf.Tensor,
  { beta1, beta2, eps }: AdamSettings = ADAM,
): AdamState {
  const mNext = tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1));
  const vNext = tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2));
  const mScale = tf.div(rate, tf.sub(1, tf.pow(beta1, step)));
  const vScale = tf.div(1, tf.sub(1, tf.pow(beta2, step)));
  const change = tf.div(tf.mul(mNext, mScale), tf.add(tf.sqrt(tf.mul(vNext, vScale)), eps));
  return { theta: tf.sub(theta, change), m: mNext, v: vNext };
}

/**
 * Scales a gradient down to length `maxNorm` when it is longer.
 *
 * @param gradient [P]
 * @returns the gradient, and its length before clipping
 */
export function clipNorm(gradient: tf.Tensor, maxNorm: number): { clipped: tf.Tensor; norm: tf.Tensor } {
  const norm = tf.sqrt(tf.sum(tf.square(gradient)));
  const scale = tf.minimum(1, tf.div(maxNorm, tf.add(norm, 1e-6)));
  return { clipped: tf.mul(gradient, scale), norm };
}

/** Cuts each element of a gradient to [-limit, limit]. */
export function clipValue(gradient: tf.Tensor, limit: number): tf.Tensor {
  return tf.clipByValue(gradient, -limit, limit);
}
