/**
 * Value critics with separate heads: one network for the reward and one for each priced cost, each predicting in the
 * running scale of its own targets, so that a large cost cannot drown a small reward.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Group, World, WorldSpec } from "../sim/mod.ts";
import {
  compileForward,
  type Layout,
  layout,
  mlp,
  mlpParts,
  type Runtime,
  type Tensors,
} from "../tensor/mod.ts";
import type { Pricing } from "../constraints/mod.ts";
import { normaliser, valueScale } from "./normaliser.ts";
import { gae } from "./returns.ts";
import { criticRows, type CriticView, type Rollout } from "./rollout.ts";
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
  /** Normalisers, to keep in a checkpoint. */
  readonly state: State;
  /** Normalise raw critic inputs `[B,O_critic]`, and take them into the running statistics. */
  observe(raw: Float32Array, into: Float32Array): void;
  /** Values of all heads, `heads × [rows,1]`, in each head's scale; for use in a loss. */
  values(p: Tensors, criticObs: tf.Tensor): tf.Tensor[];
  /** Advantages and returns of `roll`, which ended where `world` is now. */
  estimate(roll: Rollout, world: World, theta: Float32Array): Estimate;
  /** Targets `[T·B, heads]` in the heads' scales, which take them in first. */
  scaleTargets(target: readonly Float32Array[], into: Float32Array): void;
  /** Bring the input normaliser up to date with what it observed. */
  refresh(): void;
  dispose(): void;
}

/** What the critics are built for. */
export interface CriticOptions {
  readonly spec: WorldSpec;
  readonly group: Group;
  readonly pricing: Pricing | undefined;
  readonly runtime: Runtime;
  readonly view: CriticView;
  readonly hidden: readonly number[];
  readonly gamma: number;
  readonly lambda: number;
  readonly valueBeta: number;
}

/** Critics for the rows of `roll`. */
export function critics(options: CriticOptions, roll: Rollout): Critics {
  const { spec, group, pricing, runtime, view, hidden, gamma, lambda } = options;
  const { T, B, O_critic } = roll;
  const limits = pricing?.limits ?? [];
  const heads = ["reward", ...limits.map((limit) => `cost.${limit.channel}`)];
  const signals = [roll.signals[0]!, ...limits.map((limit) => roll.signals[1 + limit.index]!)];
  const parameters = layout(
    Object.assign({}, ...heads.map((head) => mlpParts(head, [O_critic, ...hidden, 1], { lastGain: 1 }))),
  );
  const values = (p: Tensors, criticObs: tf.Tensor) => heads.map((head) => mlp(p, head, criticObs));
  const forward = compileForward({
    runtime,
    inputs: { theta: { shape: [parameters.size] }, criticObs: { shape: [B, O_critic] } },
    fn: ({ theta, criticObs }) => ({ value: tf.concat(values(parameters.unpack(theta!), criticObs!), -1) }),
  });

  const scale = normaliser(O_critic);
  const valueScales = heads.map(() => valueScale(options.valueBeta));
  const columns = (length: number) => heads.map(() => new Float32Array(length));
  const value = columns(T * B);
  const final = columns(T * B);
  const last = columns(B);
  const advantage = columns(T * B);
  const target = columns(T * B);
  const raw = new Float32Array(B * O_critic);
  const scaled = new Float32Array(B * O_critic);

  /** Values of normalised rows `[B,O_critic]`, in the unit of the signals, the first `count` of them put by `put`. */
  function evaluate(
    theta: Float32Array,
    criticObs: Float32Array,
    count: number,
    put: (head: number, row: number, value: number) => void,
  ): void {
    const out = forward.run({ theta, criticObs }).value!.data as Float32Array;
    valueScales.forEach((scale, j) => {
      const mean = scale.mean();
      const deviation = scale.deviation();
      for (let b = 0; b < count; b++) put(j, b, out[b * heads.length + j]! * deviation + mean);
    });
  }

  return {
    heads,
    layout: parameters,
    state: {
      input: scale.state,
      ...Object.fromEntries(heads.map((head, j) => [`value.${head}`, valueScales[j]!.state])),
    },
    observe(rows, into) {
      scale.update(rows);
      scale.apply(rows, into);
    },
    values,
    estimate(roll, world, theta) {
      for (let t = 0; t < T; t++) {
        const rows = roll.criticObs.subarray(t * B * O_critic, (t + 1) * B * O_critic);
        evaluate(theta, rows, B, (j, b, v) => value[j]![t * B + b] = v);
      }
      criticRows(world.obs, world.state, spec, group, view, raw);
      scale.apply(raw, scaled);
      evaluate(theta, scaled, B, (j, b, v) => last[j]![b] = v);
      for (const column of final) column.fill(0);
      for (let from = 0; from < roll.truncations.length; from += B) {
        const part = roll.truncations.slice(from, from + B);
        part.forEach(({ criticObs }, b) => raw.set(criticObs, b * O_critic));
        scale.apply(raw, scaled);
        evaluate(theta, scaled, part.length, (j, b, v) => final[j]![part[b]!.index] = v);
      }
      signals.forEach((reward, j) => {
        const signal = { reward, value: value[j]!, done: roll.done, final: final[j]!, last: last[j]! };
        gae(signal, gamma, lambda, { advantage: advantage[j]!, target: target[j]! });
      });
      return { advantage, target };
    },
    scaleTargets(target, into) {
      valueScales.forEach((scale, j) => {
        const column = target[j]!;
        scale.update(column);
        const mean = scale.mean();
        const deviation = scale.deviation();
        for (let i = 0; i < column.length; i++) into[i * heads.length + j] = (column[i]! - mean) / deviation;
      });
    },
    refresh: scale.refresh,
    dispose: () => forward.dispose(),
  };
}
