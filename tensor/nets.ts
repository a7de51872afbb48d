/**
 * Networks as functions of named parameters. `…Parts` says which parameters a network has, the function of the same
 * name runs it; both take the same prefix.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../core/mod.ts";
import { constant, orthogonal, zeros } from "./init.ts";
import type { Parts } from "./layout.ts";
import type { Tensors } from "./types.ts";

/** A function between layers. */
export type Activation = (x: tf.Tensor) => tf.Tensor;

/** Parameters of an affine map from `from` to `to` features: `prefix.w` [from, to] and `prefix.b` [to]. */
export function linearParts(prefix: string, from: number, to: number, gain = 1): Parts {
  return {
    [`${prefix}.w`]: { shape: [from, to], init: orthogonal(gain) },
    [`${prefix}.b`]: { shape: [to], init: zeros },
  };
}

/** x @ w + b on the last axis of x [..., from], giving [..., to]. */
export function linear(p: Tensors, prefix: string, x: tf.Tensor): tf.Tensor {
  return affine(x, part(p, `${prefix}.w`), part(p, `${prefix}.b`));
}

/**
 * Parameters of a multilayer perceptron: `prefix.w0`, `prefix.b0`, `prefix.w1`, …
 *
 * @param sizes features of the input, of each hidden layer and of the output
 * @param gains orthogonal gain of the hidden layers (sqrt 2 unless given) and of the last one (1 unless given)
 */
export function mlpParts(
  prefix: string,
  sizes: readonly number[],
  { gain = Math.SQRT2, lastGain = 1 }: { gain?: number; lastGain?: number } = {},
): Parts {
  if (sizes.length < 2) {
    throw new UserError(`mlp ${prefix}: expected at least [input, output] sizes, found [${sizes}]`);
  }
  const layers = sizes.length - 1;
  const parts = Array.from({ length: layers }, (_, i): [string, Parts[string]][] => [
    [`${prefix}.w${i}`, {
      shape: [sizes[i]!, sizes[i + 1]!],
      init: orthogonal(i < layers - 1 ? gain : lastGain),
    }],
    [`${prefix}.b${i}`, { shape: [sizes[i + 1]!], init: zeros }],
  ]);
  return Object.fromEntries(parts.flat());
}

/**
 * A multilayer perceptron on x [..., input], giving [..., output]. The last layer has no activation.
 *
 * @param options.activation tanh unless given
 * @param options.layers number of affine maps; counted from the parameters unless given
 */
export function mlp(
  p: Tensors,
  prefix: string,
  x: tf.Tensor,
  { activation = tf.tanh, layers = countLayers(p, prefix) }: { activation?: Activation; layers?: number } =
    {},
): tf.Tensor {
  for (let i = 0; i < layers; i++) {
    x = affine(x, part(p, `${prefix}.w${i}`), part(p, `${prefix}.b${i}`));
    if (i < layers - 1) x = activation(x);
  }
  return x;
}

/** Parameters of a layer normalisation: `prefix.scale` and `prefix.shift`, both [features]. */
export function layerNormParts(prefix: string, features: number): Parts {
  return {
    [`${prefix}.scale`]: { shape: [features], init: constant(1) },
    [`${prefix}.shift`]: { shape: [features], init: zeros },
  };
}

/**
 * Layer normalisation on the last axis: (x - mean) / sqrt(variance + 1e-5) · scale + shift.
 *
 * Source   Ba, Kiros, Hinton 2016, arXiv:1607.06450
 */
export function layerNorm(p: Tensors, prefix: string, x: tf.Tensor): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(normal, part(p, `${prefix}.scale`)), part(p, `${prefix}.shift`));
}

/** Parameters of a root-mean-square normalisation: `prefix.scale` [features]. */
export function rmsNormParts(prefix: string, features: number): Parts {
  return { [`${prefix}.scale`]: { shape: [features], init: constant(1) } };
}

/**
 * Root-mean-square normalisation on the last axis: x / sqrt(mean of x² + 1e-5) · scale.
 *
 * Source   Zhang, Sennrich 2019, arXiv:1910.07467
 */
export function rmsNorm(p: Tensors, prefix: string, x: tf.Tensor): tf.Tensor {
  const power = tf.mean(tf.square(x), -1, true);
  return tf.mul(tf.mul(x, tf.rsqrt(tf.add(power, 1e-5))), part(p, `${prefix}.scale`));
}

/** x @ w + b; axes before the last are taken together, so that the product is one matrix product. */
export function affine(x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [from, to] = w.shape as [number, number];
  const rows = x.shape.length === 2 ? x : tf.reshape(x, [x.size / from, from]);
  const y = tf.add(tf.matMul(rows, w), b);
  return x.shape.length === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), to]);
}

function countLayers(p: Tensors, prefix: string): number {
  let layers = 0;
  while (`${prefix}.w${layers}` in p) layers++;
  if (layers === 0) part(p, `${prefix}.w0`);
  return layers;
}

/** A parameter by name. */
export function part(p: Tensors, name: string): tf.Tensor {
  const found = p[name];
  if (found === undefined) {
    throw new UserError(`no parameter "${name}". The layout has: ${Object.keys(p).join(", ")}`);
  }
  return found;
}
