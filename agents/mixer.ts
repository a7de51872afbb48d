/**
 * Mixers: how the values of the agents make the value of the team.
 *
 *     none       each agent its own                                        IQL
 *     sum        Q_tot = Σ_i Q_i                                           VDN
 *     monotonic  Q_tot = |w₂(s)|ᵀ elu(|W₁(s)| Q + b₁(s)) + v(s)            QMIX, eq. 4 to 6: ∂Q_tot/∂Q_i ≥ 0
 *
 * Source   Sunehag et al. 2018, arXiv:1706.05296; Rashid et al. 2018, arXiv:1803.11485, figure 2
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { mlp, mlpParts, type Parts, type Tensors } from "../tensor/mod.ts";

export type MixerName = "none" | "sum" | "monotonic";

/** A mixer: its parameters, and what it makes of values `[R,M]` in states `[R,S]`: `[R,M]` or `[R,1]`. */
export interface Mixer {
  readonly parts: Parts;
  mix(p: Tensors, values: tf.Tensor, state: tf.Tensor): tf.Tensor;
}

/** Sizes of the monotonic mixer: its hidden layer, and that of the networks that make its weights. */
export interface MixerSizes {
  readonly mixing: number;
  readonly hyper: number;
}

/** The mixer of that name for `M` agents and states of size `S`. */
export function mixer(name: MixerName, M: number, S: number, sizes: MixerSizes): Mixer {
  if (name === "none") return { parts: {}, mix: (_, values) => values };
  if (name === "sum") return { parts: {}, mix: (_, values) => tf.sum(values, -1, true) };
  const { mixing, hyper } = sizes;
  const relu = { activation: tf.relu };
  return {
    parts: {
      ...mlpParts("mix.w1", [S, hyper, M * mixing]),
      ...mlpParts("mix.b1", [S, mixing]),
      ...mlpParts("mix.w2", [S, hyper, mixing]),
      ...mlpParts("mix.v", [S, mixing, 1]),
    },
    mix(p, values, state) {
      const rows = values.shape[0]!;
      const w1 = tf.abs(tf.reshape(mlp(p, "mix.w1", state, relu), [rows, M, mixing]));
      const weighted = tf.sum(tf.mul(tf.expandDims(values, -1), w1), 1);
      const hidden = tf.elu(tf.add(weighted, mlp(p, "mix.b1", state)));
      const w2 = tf.abs(mlp(p, "mix.w2", state, relu));
      return tf.add(tf.sum(tf.mul(hidden, w2), -1, true), mlp(p, "mix.v", state, relu));
    },
  };
}
