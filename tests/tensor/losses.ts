/** The standard graphs of these tests: PPO with discrete and with continuous actions, MAPPO with a cost critic. */
import * as tf from "@tensorflow/tfjs-core";
import { fillNormal, fork, integer, permutation, seed, type Stream } from "../../core/mod.ts";
import {
  categorical,
  gaussian,
  type Layout,
  layout,
  mlp,
  mlpParts,
  type Numbers,
  type Specs,
  type Tensors,
  type UpdateDefinition,
  zeros,
} from "../../tensor/mod.ts";

export const OBS = 18;
export const ACTIONS = 5;

const discrete = layout({
  ...mlpParts("pi", [OBS, 64, 64, ACTIONS], { lastGain: 0.01 }),
  ...mlpParts("vf", [OBS, 64, 64, 1]),
});

const continuous = layout({
  ...mlpParts("pi", [OBS, 64, 64, 3], { lastGain: 0.01 }),
  logStd: { shape: [3], init: zeros },
  ...mlpParts("vf", [OBS, 64, 64, 1]),
});

function surrogate(logp: tf.Tensor, entropy: tf.Tensor, value: tf.Tensor, b: Tensors, h: Tensors) {
  const ratio = tf.exp(tf.sub(logp, b.logp!));
  const clipped = tf.maximum(tf.sub(1, h.clip!), tf.minimum(tf.add(1, h.clip!), ratio));
  const policy = tf.neg(tf.mean(tf.minimum(tf.mul(ratio, b.advantage!), tf.mul(clipped, b.advantage!))));
  const valueClipped = tf.add(b.value!, tf.clipByValue(tf.sub(value, b.value!), -0.2, 0.2));
  const errors = [value, valueClipped].map((v) => tf.square(tf.sub(v, b.target!)));
  const valueLoss = tf.mul(0.5, tf.mean(tf.maximum(errors[0]!, errors[1]!)));
  const meanEntropy = tf.mean(entropy);
  const kl = tf.mean(tf.sub(tf.sub(ratio, 1), tf.sub(logp, b.logp!)));
  const loss = tf.sub(tf.add(policy, tf.mul(0.5, valueLoss)), tf.mul(h.entropy!, meanEntropy));
  return {
    loss,
    metrics: { policy, value: valueLoss, entropy: meanEntropy, kl },
    stop: tf.greater(kl, h.targetKl!),
  };
}

const HYPER = { "lr.net": 3e-4, clip: 0.2, entropy: 0.01, targetKl: 1e9 };

interface Sizes {
  samples: number;
  minibatch: number;
  epochs?: number;
}

/** PPO on 5 discrete actions, some of them masked. */
export function discretePpo({ samples, minibatch, epochs = 1 }: Sizes): UpdateDefinition {
  const row = { shape: [samples] };
  return {
    groups: { net: discrete },
    hyper: HYPER,
    data: {
      obs: { shape: [samples, OBS] },
      mask: { shape: [samples, ACTIONS] },
      actions: { shape: [samples], dtype: "int32" },
      logp: row,
      advantage: row,
      value: row,
      target: row,
    },
    epochs,
    minibatch,
    maxNorm: 0.5,
    loss(p, b, h) {
      const policy = categorical(mlp(p.net!, "pi", b.obs!), b.mask);
      const value = tf.reshape(mlp(p.net!, "vf", b.obs!), [-1]);
      return surrogate(policy.logp(b.actions!), policy.entropy(), value, b, h);
    },
  };
}

/** PPO on 3 continuous actions. */
export function continuousPpo({ samples, minibatch, epochs = 1 }: Sizes): UpdateDefinition {
  const row = { shape: [samples] };
  return {
    groups: { net: continuous },
    hyper: HYPER,
    data: {
      obs: { shape: [samples, OBS] },
      actions: { shape: [samples, 3] },
      logp: row,
      advantage: row,
      value: row,
      target: row,
    },
    epochs,
    minibatch,
    maxNorm: 0.5,
    loss(p, b, h) {
      const policy = gaussian(mlp(p.net!, "pi", b.obs!), p.net!.logStd!);
      const value = tf.reshape(mlp(p.net!, "vf", b.obs!), [-1]);
      return surrogate(policy.logp(b.actions!), policy.entropy(), value, b, h);
    },
  };
}

/** Made-up data for any specs: normal floats, small whole numbers. */
export function fakeData(specs: Specs, stream: Stream): Record<string, Numbers> {
  const entries = Object.entries(specs).map(([name, { shape, dtype = "float32" }]) => {
    const size = shape.reduce((n, m) => n * m, 1);
    const own = fork(stream, name);
    if (dtype === "int32") {
      return [
        name,
        Int32Array.from({ length: size }, () => integer(own, ACTIONS)),
      ] as const;
    }
    const values = new Float32Array(size);
    fillNormal(own, values);
    return [name, values] as const;
  });
  const data: Record<string, Numbers> = Object.fromEntries(entries);
  if (data.logp) data.logp = (data.logp as Float32Array).map((x) => Math.log(0.2) + 0.1 * x);
  // the mask forbids action 0 in some rows, and never the action taken
  if (data.mask) {
    data.mask.fill(1);
    data.actions!.forEach((action, i) => data.mask![i * ACTIONS] = action !== 0 && i % 3 === 0 ? 0 : 1);
  }
  return data;
}

/** A permutation of the samples for each epoch, cut into minibatches. */
export function shuffles({ data, epochs, minibatch }: UpdateDefinition, stream: Stream): Int32Array {
  const samples = Object.values(data)[0]!.shape[0]!;
  const used = Math.floor(samples / minibatch) * minibatch;
  const rows = new Int32Array(epochs * used);
  const epoch = new Int32Array(samples);
  for (let e = 0; e < epochs; e++) {
    permutation(stream, epoch);
    rows.set(epoch.subarray(0, used), e * used);
  }
  return rows;
}

/** Fills a fresh state: every group's parameters from its layout. */
export function start(state: Record<string, Float32Array>, groups: Record<string, Layout>, value = 1): void {
  for (const [name, group] of Object.entries(groups)) {
    state[`${name}.theta`]!.set(group.init(fork(seed(value), name)));
  }
}
