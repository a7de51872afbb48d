/**
 * One minibatch of learning, as tfjs expressions: loss, gradients, clipping, optimiser, and the decision to stop.
 * It runs traced (`update.ts`) and eagerly (`eager.ts`), unchanged.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../core/mod.ts";
import type { Layout } from "./layout.ts";
import { type AdamSettings, clipNorm, clipValue } from "./optimiser.ts";
import { type Optimiser, optimiserOf, type OptimiserSettings } from "./optimisers.ts";
import type { Specs, Tensors } from "./types.ts";

/** What a loss function returns. All are tensors with no axes. */
export interface Loss {
  readonly loss: tf.Tensor;
  /** Numbers to report, by name. "loss" and "norm.GROUP" are reported unasked and may not be used. */
  readonly metrics: Tensors;
  /** A boolean: true leaves this minibatch out and ends the update (a KL limit, say). */
  readonly stop?: tf.Tensor;
}

/** A learner's update: what it trains, on what, and by which loss. */
export interface UpdateDefinition {
  /** Trainable parameters; each group has its own optimiser state and its own learning rate. */
  readonly groups: Readonly<Record<string, Layout>>;
  /** Numbers the loss reads, with their defaults: inputs of the graph, so schedules never recompile. `lr.GROUP` is required. */
  readonly hyper: Readonly<Record<string, number>>;
  /** The rollout; the first axis of each is the sample. */
  readonly data: Specs;
  /** How often each sample is used. */
  readonly epochs: number;
  /** Samples per minibatch. Samples that fill no whole minibatch are left out of that epoch. */
  readonly minibatch: number;
  /** Longest gradient of a group; longer ones are scaled down. No limit unless given. */
  readonly maxNorm?: number;
  /** Largest element of a gradient; cut before the length is taken. No limit unless given. */
  readonly maxValue?: number;
  /** Adam unless given. */
  readonly optimiser?: OptimiserSettings;
  /** Settings of Adam, where no optimiser is given. */
  readonly adam?: Partial<AdamSettings>;
  /**
   * @param p the parameters of each group, by name
   * @param batch the minibatch: the data with `minibatch` samples
   * @param hyper the numbers, as tensors with no axes
   */
  loss(p: Record<string, Tensors>, batch: Tensors, hyper: Tensors): Loss;
}

/** The optimiser of an update. */
function optimiserFor({ optimiser, adam }: Pick<UpdateDefinition, "optimiser" | "adam">): Optimiser {
  return optimiserOf(optimiser ?? { kind: "adam", ...adam });
}

/**
 * The learner's state: `t` (steps taken, no axes), and for each group G `G.theta` and what the optimiser keeps (for Adam
 * `G.m` and `G.v`), all [size].
 */
export function stateSpecs(
  groups: UpdateDefinition["groups"],
  definition: Pick<UpdateDefinition, "optimiser" | "adam"> = {},
): Specs {
  const parts = ["theta", ...optimiserFor(definition).slots];
  const vectors = Object.entries(groups).flatMap(([group, { size }]) =>
    parts.map((part) => [`${group}.${part}`, { shape: [size] }] as const)
  );
  return { t: { shape: [] }, ...Object.fromEntries(vectors) };
}

/** The specs of one minibatch. */
export function batchSpecs({ data, minibatch }: UpdateDefinition): Specs {
  return Object.fromEntries(
    Object.entries(data).map((
      [name, spec],
    ) => [name, { ...spec, shape: [minibatch, ...spec.shape.slice(1)] }]),
  );
}

/** What one minibatch leaves. */
export interface Stepped {
  readonly state: Tensors;
  /** float32, no axes. */
  readonly metrics: Tensors;
  /** The gradient of each group before clipping [size]. */
  readonly gradients: Tensors;
  /** bool, no axes; undefined when the loss never stops. */
  readonly stop: tf.Tensor | undefined;
}

/** Learns from one minibatch. */
export function step(definition: UpdateDefinition, state: Tensors, batch: Tensors, hyper: Tensors): Stepped {
  const { groups, maxNorm, maxValue } = definition;
  const optimiser = optimiserFor(definition);
  const { result, gradients } = differentiate(definition, state, batch, hyper);
  const t = tf.add(state.t!, 1);
  const next: Tensors = { t };
  const metrics: Tensors = { loss: result.loss };
  for (const group of Object.keys(groups)) {
    const whole = gradients[group]!;
    const gradient = maxValue === undefined ? whole : clipValue(whole, maxValue);
    const { clipped, norm } = clipNorm(gradient, maxNorm ?? Infinity);
    const own = Object.fromEntries(
      ["theta", ...optimiser.slots].map((part) => [part, state[`${group}.${part}`]!]),
    );
    const rate = hyper[`lr.${group}`]!;
    const stepped = optimiser.step(own, maxNorm === undefined ? gradient : clipped, t, rate);
    for (const [part, value] of Object.entries(stepped)) next[`${group}.${part}`] = value;
    metrics[`norm.${group}`] = norm;
  }
  for (const [name, value] of Object.entries(result.metrics)) {
    if (name in metrics) throw new UserError(`the loss reports a metric "${name}", a name that is taken`);
    metrics[name] = scalar(`metric "${name}"`, tf.cast(value, "float32"));
  }
  const stop = result.stop && scalar("stop", tf.cast(result.stop, "bool"));
  return { state: stop ? unless(stop, next, state) : next, metrics, gradients, stop };
}

/** The loss and its gradient for each group. */
function differentiate(
  { groups, loss }: UpdateDefinition,
  state: Tensors,
  batch: Tensors,
  hyper: Tensors,
): { result: Loss; gradients: Tensors } {
  const names = Object.keys(groups);
  let kept: Loss | undefined;
  const thetas = names.map((name) => state[`${name}.theta`]!);
  const forward = () => {
    const parameters = names.map((name, k) => [name, groups[name]!.unpack(thetas[k]!)] as const);
    const result = loss(Object.fromEntries(parameters), batch, hyper);
    kept = each(result, (x) => tf.keep(tf.clone(x)));
    return scalar("loss", result.loss);
  };
  const grads: (tf.Tensor | null)[] = tf.engine().gradients(forward, thetas, undefined, true).grads;
  const gradients = names.map((name, k) => {
    const gradient = grads[k];
    if (!gradient) throw new UserError(`the loss does not depend on the parameters of group "${name}"`);
    return [name, gradient] as const;
  });
  return { result: each(kept!, released), gradients: Object.fromEntries(gradients) };
}

/** What the loss returned, with `f` applied to each tensor. */
function each({ loss, metrics, stop }: Loss, f: (x: tf.Tensor) => tf.Tensor): Loss {
  const named = Object.entries(metrics).map(([name, value]) => [name, f(value)] as const);
  return { loss: f(loss), metrics: Object.fromEntries(named), ...(stop && { stop: f(stop) }) };
}

/** A kept tensor handed back to the scope that is open now: eager tfjs would otherwise never free it. */
function released(kept: tf.Tensor): tf.Tensor {
  const copy = tf.clone(kept);
  kept.dispose();
  return copy;
}

/** `before` where `condition` holds, else `after`. */
function unless(condition: tf.Tensor, after: Tensors, before: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, tf.where(condition, before[name]!, value)]),
  );
}

function scalar(what: string, value: tf.Tensor): tf.Tensor {
  if (value.rank === 0) return value;
  throw new UserError(
    `${what}: expected a tensor with no axes, found [${value.shape}]. Take its mean or sum`,
  );
}
