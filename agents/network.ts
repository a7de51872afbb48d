/**
 * The network of an agent: feed-forward, or with a memory, a GRU between its hidden layers and its output.
 *
 * Shape letters: `B` rows, `U` sequences of `L` steps, `I` inputs, `H` hidden state, `F` outputs.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import {
  type Activation,
  gru,
  gruParts,
  layerNorm,
  layerNormParts,
  linear,
  linearParts,
  mlp,
  mlpParts,
  type Parts,
  scanGru,
  type Tensors,
} from "../tensor/mod.ts";

export interface Network {
  readonly parts: Parts;
  /** Size of the memory; 0 without one. */
  readonly H: number;
  /** One step: from `x [B,I]` and `hidden [B,H]` to `out [B,F]` and the next hidden state. */
  step(p: Tensors, x: tf.Tensor, hidden?: tf.Tensor): { out: tf.Tensor; hidden?: tf.Tensor };
  /**
   * Along sequences: from `x [U,L,I]`, `hidden [U,H]` before their first steps, and `first [U,L]`, 1 where an episode
   * begins, to `[U,L,F]`.
   */
  along(p: Tensors, x: tf.Tensor, hidden?: tf.Tensor, first?: tf.Tensor): tf.Tensor;
}

export interface NetworkOptions {
  /** Features of the input, of each hidden layer, and of the output. */
  readonly sizes: readonly number[];
  /** Size of the memory; 0 for none. */
  readonly memory: number;
  /** Orthogonal gain of the output. */
  readonly lastGain?: number;
  /** Between layers; tanh unless given. */
  readonly activation?: Activation;
  /** Layer normalisation before the activation of each hidden layer. */
  readonly norm?: boolean;
}

/** The network whose parameters begin with `prefix`. */
export function network(prefix: string, options: NetworkOptions): Network {
  const { sizes, memory: H, lastGain = 1, activation = tf.tanh, norm = false } = options;
  const parts = norm ? normedParts : mlpParts;
  const layers = norm ? normed : mlp;
  if (H === 0) {
    const run = (p: Tensors, x: tf.Tensor) => layers(p, prefix, x, { activation });
    return {
      parts: parts(prefix, sizes, { lastGain }),
      H,
      step: (p, x) => ({ out: run(p, x) }),
      along: run,
    };
  }
  const inner = sizes.slice(0, -1);
  /** The last inner layer is hidden too: what is behind it is normalised like the others. */
  const lastNorm = `${prefix}.norm${inner.length - 2}`;
  const features = (p: Tensors, x: tf.Tensor) => {
    const y = layers(p, prefix, x, { activation });
    return activation(norm ? layerNorm(p, lastNorm, y) : y);
  };
  return {
    parts: {
      ...parts(prefix, inner, { lastGain: Math.SQRT2 }),
      ...norm && layerNormParts(lastNorm, inner.at(-1)!),
      ...gruParts(`${prefix}.gru`, inner.at(-1)!, H),
      ...linearParts(`${prefix}.out`, H, sizes.at(-1)!, lastGain),
    },
    H,
    step(p, x, hidden) {
      const next = gru(p, `${prefix}.gru`, features(p, x), hidden!);
      return { out: linear(p, `${prefix}.out`, next), hidden: next };
    },
    along(p, x, hidden, first) {
      const timeFirst = tf.transpose(features(p, x), [1, 0, 2]);
      const states = scanGru(p, `${prefix}.gru`, timeFirst, hidden!, tf.transpose(first!));
      return tf.transpose(linear(p, `${prefix}.out`, states), [1, 0, 2]);
    },
  };
}

/** The parameters of `normed`: those of a multilayer perceptron, and of a normalisation behind each layer but its last. */
function normedParts(prefix: string, sizes: readonly number[], gains: { lastGain?: number }): Parts {
  const norms = sizes.slice(1, -1).map((size, i) => layerNormParts(`${prefix}.norm${i}`, size));
  return Object.assign({}, mlpParts(prefix, sizes, gains), ...norms);
}

/** A multilayer perceptron with layer normalisation before each of its own activations. */
function normed(
  p: Tensors,
  prefix: string,
  x: tf.Tensor,
  { activation }: { activation: Activation },
): tf.Tensor {
  let layer = 0;
  return mlp(p, prefix, x, { activation: (y) => activation(layerNorm(p, `${prefix}.norm${layer++}`, y)) });
}
