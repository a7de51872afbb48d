/**
 * Value critics with separate heads: one network for the reward and one for each priced cost, each predicting in the
 * running scale of its own targets, so that a large cost cannot drown a small reward.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { World } from "../sim/mod.ts";
import { compileForward, type Layout, layout, type Runtime, type Tensors } from "../tensor/mod.ts";
import type { Pricing } from "../constraints/mod.ts";
import { criticScale } from "./critic_scale.ts";
import { network } from "./network.ts";
import { type Normaliser, valueScale } from "./normaliser.ts";
import { gae } from "./returns.ts";
import { criticRows, forgetAtFirst, type Rollout } from "./rollout.ts";
import type { State } from "./types.ts";

/** What the advantages and targets of a rollout are, head by head. */
export interface Estimate {
  /** `heads × [T,B]` in the unit of the signal. */
  readonly advantage: readonly Float32Array[];
  /** `heads × [T,B]` returns, in the unit of the signal. */
  readonly target: readonly Float32Array[];
}

/** The critics of one group. */
export interface Critics {
  /** `reward`, then `cost.CHANNEL` for each priced limit. */
  readonly heads: readonly string[];
  readonly layout: Layout;
  /** Normalisers and memory, to keep in a checkpoint. */
  readonly state: State;
  /** `[U, heads·H]` the critics' memory before each sequence of the rollout that was estimated last. */
  readonly hidden: Float32Array;
  /** Take in what the critics see of `world` at the rollout's present step, whose `obs` is written. */
  observe(world: World): void;
  /** Values `[U,L,heads]` along sequences `[U,L,O_critic]`, in each head's scale; for use in a loss. */
  values(p: Tensors, criticObs: tf.Tensor, hidden?: tf.Tensor, first?: tf.Tensor): tf.Tensor;
  /** Advantages and returns of `roll`, which ended where `world` is now. */
  estimate(roll: Rollout, world: World, theta: Float32Array): Estimate;
  /** Targets `[T·B, heads]` in the heads' scales, which first take in those of the rows that count, `counts [T·B]`. */
  scaleTargets(target: readonly Float32Array[], counts: Float32Array, into: Float32Array): void;
  /** Forget the running episodes: others will have played on in them. */
  forget(): void;
  /** Bring the input normaliser up to date with what it observed. */
  refresh(): void;
  dispose(): void;
}

/** What the critics are built for. */
export interface CriticOptions {
  readonly pricing: Pricing | undefined;
  readonly runtime: Runtime;
  /** The normaliser of the actor's observations. */
  readonly scale: Normaliser;
  readonly hidden: readonly number[];
  /** Units of each head's memory; 0 for none. */
  readonly memory: number;
  readonly gamma: number;
  readonly lambda: number;
  readonly valueBeta: number;
}

/** Critics for the rows of `roll`. */
export function critics(options: CriticOptions, roll: Rollout): Critics {
  const { pricing, runtime, hidden, memory: H, gamma, lambda } = options;
  const { T, B, L, U, O_critic } = roll;
  const limits = pricing?.limits ?? [];
  const heads = ["reward", ...limits.map((limit) => `cost.${limit.channel}`)];
  const signals = [roll.signals[0]!, ...limits.map((limit) => roll.signals[1 + limit.index]!)];
  const nets = heads.map((head) => network(head, { sizes: [O_critic, ...hidden, 1], memory: H }));
  const width = heads.length * H;
  const parameters = layout(Object.assign({}, ...nets.map(({ parts }) => parts)));
  /** The part of the memory that head `j` keeps. */
  const own = (memory: tf.Tensor | undefined, j: number) =>
    memory && tf.slice(memory, [0, j * H], [memory.shape[0]!, H]);
  const values = (p: Tensors, criticObs: tf.Tensor, memory?: tf.Tensor, first?: tf.Tensor) =>
    tf.concat(nets.map((net, j) => net.along(p, criticObs, own(memory, j), first)), -1);
  const forward = compileForward({
    runtime,
    inputs: {
      theta: { shape: [parameters.size] },
      criticObs: { shape: [B, O_critic] },
      ...H > 0 && { memory: { shape: [B, width] } },
    },
    fn: ({ theta, criticObs, memory }) => {
      const p = parameters.unpack(theta!);
      const steps = nets.map((net, j) => net.step(p, criticObs!, own(memory, j)));
      return {
        value: tf.concat(steps.map(({ out }) => out), -1),
        ...memory && { next: tf.concat(steps.map(({ hidden }) => hidden!), -1) },
      };
    },
  });

  /** Without a memory, the whole rollout at once. */
  const whole = H > 0 ? undefined : compileForward({
    runtime,
    inputs: { theta: { shape: [parameters.size] }, criticObs: { shape: [T * B, O_critic] } },
    fn: ({ theta, criticObs }) => ({ value: values(parameters.unpack(theta!), criticObs!) }),
  });

  const scale = criticScale(roll, options.scale);
  const valueScales = heads.map(() => valueScale(options.valueBeta));
  const columns = (length: number) => heads.map(() => new Float32Array(length));
  const value = columns(T * B);
  const final = columns(T * B);
  const last = columns(B);
  const advantage = columns(T * B);
  const target = columns(T * B);
  const raw = new Float32Array(B * O_critic);
  const scaled = new Float32Array(B * O_critic);
  /** `[B,width]` the memory of the running episodes, and one that may be lost. */
  const memory = new Float32Array(B * width);
  const scratch = new Float32Array(B * width);
  const before = new Float32Array(U * width);

  /**
   * Values of normalised rows, `[B,O_critic]` or the whole rollout's, in the unit of the signals, the first `count` of
   * them put by `put`. Brings `memory` up to date.
   */
  function evaluate(
    theta: Float32Array,
    criticObs: Float32Array,
    memory: Float32Array,
    count: number,
    put: (head: number, row: number, value: number) => void,
  ): void {
    const rows = criticObs.length / O_critic;
    const compiled = rows === B ? forward : whole!;
    const { value, next } = compiled.run({ theta, criticObs, ...H > 0 && { memory } });
    const out = value!.data as Float32Array;
    if (next) memory.set(next.data);
    valueScales.forEach((scale, j) => {
      const mean = scale.mean();
      const deviation = scale.deviation();
      for (let b = 0; b < count; b++) put(j, b, out[b * heads.length + j]! * deviation + mean);
    });
  }

  /** Fill `value` of a rollout without memory. */
  function atOnce(roll: Rollout, theta: Float32Array): Float32Array {
    evaluate(theta, roll.criticObs, memory, T * B, (j, i, v) => value[j]![i] = v);
    return new Float32Array();
  }

  /** Fill `value` step by step; returns the memory `[width]` after each truncation, which meets what followed. */
  function alongTime(roll: Rollout, theta: Float32Array): Float32Array {
    const remembered = new Float32Array(roll.truncations.length * width);
    let met = 0;
    for (let t = 0; t < T; t++) {
      forgetAtFirst(roll, t, memory);
      if (t % L === 0) before.set(memory, t / L * B * width);
      const rows = roll.criticObs.subarray(t * B * O_critic, (t + 1) * B * O_critic);
      evaluate(theta, rows, memory, B, (j, b, v) => value[j]![t * B + b] = v);
      for (; met < roll.truncations.length && roll.truncations[met]!.index < (t + 1) * B; met++) {
        const b = roll.truncations[met]!.index - t * B;
        remembered.set(memory.subarray(b * width, (b + 1) * width), met * width);
      }
    }
    return remembered;
  }

  return {
    heads,
    layout: parameters,
    hidden: before,
    state: {
      ...scale.state,
      ...H > 0 && { memory },
      ...Object.fromEntries(heads.map((head, j) => [`value.${head}`, valueScales[j]!.state])),
    },
    observe: scale.observe,
    values,
    estimate(roll, world, theta) {
      const remembered = whole ? atOnce(roll, theta) : alongTime(roll, theta);
      criticRows(roll, world.obs, world.state, raw);
      scale.apply(raw, scaled);
      scratch.set(memory);
      evaluate(theta, scaled, scratch, B, (j, b, v) => last[j]![b] = v);
      for (const column of final) column.fill(0);
      for (let from = 0; from < roll.truncations.length; from += B) {
        const part = roll.truncations.slice(from, from + B);
        part.forEach(({ criticObs }, b) => raw.set(criticObs, b * O_critic));
        scale.apply(raw, scaled);
        scratch.set(remembered.subarray(from * width, (from + part.length) * width));
        evaluate(theta, scaled, scratch, part.length, (j, b, v) => final[j]![part[b]!.index] = v);
      }
      signals.forEach((reward, j) => {
        const signal = { reward, value: value[j]!, done: roll.done, final: final[j]!, last: last[j]! };
        gae(signal, gamma, lambda, { advantage: advantage[j]!, target: target[j]! });
      });
      return { advantage, target };
    },
    forget: () => void memory.fill(0),
    scaleTargets(target, counts, into) {
      valueScales.forEach((scale, j) => {
        const column = target[j]!;
        scale.update(column, counts);
        const mean = scale.mean();
        const deviation = scale.deviation();
        for (let i = 0; i < column.length; i++) into[i * heads.length + j] = (column[i]! - mean) / deviation;
      });
    },
    refresh: scale.refresh,
    dispose() {
      forward.dispose();
      whole?.dispose();
    },
  };
}
