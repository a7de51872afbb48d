/**
 * Optimisers by kind: each is plain settings and one entry of a table, so that a run's configuration can name it. The
 * learning rate is no setting: it is an input of the graph (`lr.GROUP`), and schedules never recompile.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../core/mod.ts";
import { ADAM, adam, type AdamSettings } from "./optimiser.ts";
import type { Tensors } from "./types.ts";

/** Adam with weight decay beside the gradient instead of in it: Loshchilov, Hutter 2019, arXiv:1711.05101. */
export interface AdamW extends Partial<AdamSettings> {
  readonly kind: "adamw";
  /** Share of each parameter that a step takes away, times the learning rate. 0.01 unless given. */
  readonly decay?: number;
}

/** Adam: Kingma, Ba 2015, arXiv:1412.6980. */
export interface Adam extends Partial<AdamSettings> {
  readonly kind: "adam";
}

/** RMSProp as PyTorch computes it (eps outside the root): Tieleman, Hinton 2012; centred: Graves 2013, arXiv:1308.0850. */
export interface RmsProp {
  readonly kind: "rmsprop";
  /** How much of the averages a step keeps. 0.99 unless given. */
  readonly alpha?: number;
  /** 1e-8 unless given. */
  readonly eps?: number;
  /** Whether the average gradient is taken off, so that the divisor is a standard deviation. */
  readonly centred?: boolean;
  /** How much of the last change a step repeats. 0 unless given. */
  readonly momentum?: number;
  /** Added to the gradient per unit of each parameter. 0 unless given. */
  readonly decay?: number;
}

/** Gradient descent, with momentum (Polyak 1964) or Nesterov's (Sutskever et al. 2013). */
export interface Sgd {
  readonly kind: "sgd";
  /** 0 unless given. */
  readonly momentum?: number;
  readonly nesterov?: boolean;
  /** Added to the gradient per unit of each parameter. 0 unless given. */
  readonly decay?: number;
}

/** Which optimiser, with what settings. */
export type OptimiserSettings = Adam | AdamW | RmsProp | Sgd;

/** An optimiser at work. */
export interface Optimiser {
  /** Names of the vectors it keeps beside `theta`, each as long and zero at first. */
  readonly slots: readonly string[];
  /**
   * One step.
   *
   * @param state `theta` and the slots, all [P]
   * @param gradient [P]
   * @param t number of this step, from 1, no axes
   * @param rate learning rate, no axes
   * @returns the next `theta` and slots
   */
  step(state: Tensors, gradient: tf.Tensor, t: tf.Tensor, rate: tf.Tensor): Tensors;
}

/** The optimiser that some settings describe. */
export function optimiserOf(settings: OptimiserSettings): Optimiser {
  switch (settings.kind) {
    case "adam":
      return adamOptimiser(settings, 0);
    case "adamw":
      return adamOptimiser(settings, settings.decay ?? 0.01);
    case "rmsprop":
      return rmsProp(settings);
    case "sgd":
      return sgd(settings);
    default: {
      const { kind } = settings as { kind: unknown };
      throw new UserError(`no optimiser "${kind}". There are: adam, adamw, rmsprop, sgd`);
    }
  }
}

function adamOptimiser({ beta1, beta2, eps }: Partial<AdamSettings>, decay: number): Optimiser {
  const set = {
    beta1: beta1 ?? ADAM.beta1,
    beta2: beta2 ?? ADAM.beta2,
    eps: eps ?? ADAM.eps,
  };
  return {
    slots: ["m", "v"],
    step({ theta, m, v }, gradient, t, rate) {
      const start = decay === 0 ? theta! : tf.sub(theta!, tf.mul(theta!, tf.mul(rate, decay)));
      return { ...adam({ theta: start, m: m!, v: v! }, gradient, t, rate, set) };
    },
  };
}

function rmsProp({ alpha = 0.99, eps = 1e-8, centred = false, momentum = 0, decay = 0 }: RmsProp): Optimiser {
  const slots = ["v", ...(centred ? ["mean"] : []), ...(momentum > 0 ? ["m"] : [])];
  return {
    slots,
    step(state, gradient, _t, rate) {
      const theta = state.theta!;
      const slope = decayed(gradient, theta, decay);
      const next: Tensors = { v: blend(state.v!, tf.square(slope), alpha) };
      let variance = next.v!;
      if (centred) {
        next.mean = blend(state.mean!, slope, alpha);
        variance = tf.maximum(0, tf.sub(variance, tf.square(next.mean))); // rounding can leave less than nothing
      }
      let change = tf.div(slope, tf.add(tf.sqrt(variance), eps));
      if (momentum > 0) change = next.m = tf.add(tf.mul(state.m!, momentum), change);
      return { theta: tf.sub(theta, tf.mul(rate, change)), ...next };
    },
  };
}

function sgd({ momentum = 0, nesterov = false, decay = 0 }: Sgd): Optimiser {
  return {
    slots: momentum > 0 ? ["m"] : [],
    step(state, gradient, _t, rate) {
      const theta = state.theta!;
      const slope = decayed(gradient, theta, decay);
      if (momentum === 0) return { theta: tf.sub(theta, tf.mul(rate, slope)) };
      const m = tf.add(tf.mul(state.m!, momentum), slope);
      const change = nesterov ? tf.add(slope, tf.mul(m, momentum)) : m;
      return { theta: tf.sub(theta, tf.mul(rate, change)), m };
    },
  };
}

function decayed(gradient: tf.Tensor, theta: tf.Tensor, decay: number): tf.Tensor {
  return decay === 0 ? gradient : tf.add(gradient, tf.mul(theta, decay));
}

/** A running average: `keep` of the old, the rest of the new. */
function blend(old: tf.Tensor, fresh: tf.Tensor, keep: number): tf.Tensor {
  return tf.add(tf.mul(old, keep), tf.mul(fresh, 1 - keep));
}
