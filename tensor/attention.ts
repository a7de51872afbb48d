/**
 * Transformers: self-attention, the pre-norm block, a stack of blocks, and embeddings. Sequences are [B, T, D].
 *
 * Source   Vaswani et al. 2017, arXiv:1706.03762; the norm in front: Xiong et al. 2020, arXiv:2002.04745; how parameters
 *          start: Radford et al. 2019 (GPT-2), as Decision Transformer (Chen et al. 2021, arXiv:2106.01345) takes them
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../core/mod.ts";
import { gelu } from "./activations.ts";
import { normal, zeros } from "./init.ts";
import type { Parts } from "./layout.ts";
import { type Activation, affine, layerNorm, layerNormParts, part } from "./nets.ts";
import type { Tensors } from "./types.ts";

/** Added to the score of what may not be seen: its weight is exactly 0. */
const UNSEEN = -1e9;

/** Standard deviation of a transformer's first weights. */
const STD = 0.02;

/** What a token may see. */
export interface AttentionOptions {
  readonly heads: number;
  /** Whether a token sees itself and those before it only. True unless given. */
  readonly causal?: boolean;
  /** Positive where a token may be seen: [B, T] by key, or [B, T, T] by query and key (B may be 1). A query that sees nothing sees everything evenly. */
  readonly mask?: tf.Tensor;
}

/** Parameters of an affine map started as GPT-2 does: `prefix.w` [from, to] and `prefix.b` [to]. */
function projectionParts(prefix: string, from: number, to: number, std = STD): Parts {
  return {
    [`${prefix}.w`]: { shape: [from, to], init: normal(std) },
    [`${prefix}.b`]: { shape: [to], init: zeros },
  };
}

function project(p: Tensors, prefix: string, x: tf.Tensor): tf.Tensor {
  return affine(x, part(p, `${prefix}.w`), part(p, `${prefix}.b`));
}

/**
 * Parameters of self-attention: `prefix.qkv.w` [D, 3D], `prefix.out.w` [D, D], and their biases.
 *
 * @param std spread of the output's weights
 */
export function attentionParts(prefix: string, width: number, std = STD): Parts {
  return {
    ...projectionParts(`${prefix}.qkv`, width, 3 * width),
    ...projectionParts(`${prefix}.out`, width, width, std),
  };
}

/** Self-attention with several heads: x [B, T, D] to [B, T, D]. Each head has D / heads features. */
export function attention(p: Tensors, prefix: string, x: tf.Tensor, options: AttentionOptions): tf.Tensor {
  const [batch, length, width] = x.shape as [number, number, number];
  const { heads } = options;
  if (x.rank !== 3) throw new UserError(`attention ${prefix}: expected x [B, T, D], found [${x.shape}]`);
  if (width % heads !== 0) {
    throw new UserError(`attention ${prefix}: ${width} features do not divide into ${heads} heads`);
  }
  const features = width / heads;
  const byHead = (all: tf.Tensor) =>
    tf.transpose(tf.reshape(all, [batch, length, heads, features]), [0, 2, 1, 3]);
  const [query, key, value] = tf.split(project(p, `${prefix}.qkv`, x), 3, 2).map(byHead) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const scores = tf.matMul(tf.mul(query, 1 / Math.sqrt(features)), key, false, true); // [B, heads, T, T]
  const seen = visible(length, options);
  const weights = tf.softmax(seen === undefined ? scores : tf.add(scores, seen));
  const mixed = tf.transpose(tf.matMul(weights, value), [0, 2, 1, 3]);
  return project(p, `${prefix}.out`, tf.reshape(mixed, [batch, length, width]));
}

/** 0 where a token may be seen and UNSEEN elsewhere, to broadcast with [B, heads, T, T]; undefined: everything may. */
function visible(length: number, { causal = true, mask }: AttentionOptions): tf.Tensor | undefined {
  const past = causal ? tf.reshape(lowerTriangle(length), [1, 1, length, length]) : undefined;
  if (mask === undefined) return past && penalty(past);
  const { shape } = mask;
  const fits = shape.at(-1) === length && (mask.rank === 2 || (mask.rank === 3 && shape[1] === length));
  if (!fits) {
    throw new UserError(
      `attention: expected a mask [B, T] or [B, T, T] with T = ${length}, found [${shape}]`,
    );
  }
  const wide = [shape[0]!, 1, mask.rank === 3 ? length : 1, length];
  const allowed = tf.greater(tf.reshape(mask, wide), 0);
  return penalty(past === undefined ? allowed : tf.logicalAnd(allowed, past));
}

function penalty(seen: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sub(1, tf.cast(seen, "float32")), UNSEEN);
}

/** True where the column is not beyond the row, [T, T]. */
function lowerTriangle(length: number): tf.Tensor {
  const at = tf.range(0, length, 1, "int32");
  return tf.lessEqual(tf.expandDims(at, 0), tf.expandDims(at, 1));
}

/** Sizes of a transformer. */
export interface TransformerSizes {
  /** Features of a token. */
  readonly width: number;
  readonly blocks: number;
  /** Features inside a block's perceptron; 4 · width unless given. */
  readonly inner?: number;
}

/** Parameters of one block: two norms, attention, and a perceptron width, inner, width. */
export function blockParts(prefix: string, { width, blocks, inner = 4 * width }: TransformerSizes): Parts {
  const std = STD / Math.sqrt(2 * blocks); // so that the sum over all blocks stays as wide as one
  return {
    ...layerNormParts(`${prefix}.norm1`, width),
    ...attentionParts(`${prefix}.attention`, width, std),
    ...layerNormParts(`${prefix}.norm2`, width),
    ...projectionParts(`${prefix}.in`, width, inner),
    ...projectionParts(`${prefix}.out`, inner, width, std),
  };
}

/** One block: x + attention(norm x), then that + perceptron(norm of that). x [B, T, D] to [B, T, D]. */
export function block(
  p: Tensors,
  prefix: string,
  x: tf.Tensor,
  { activation = gelu, ...options }: AttentionOptions & { readonly activation?: Activation },
): tf.Tensor {
  const attended = attention(p, `${prefix}.attention`, layerNorm(p, `${prefix}.norm1`, x), options);
  const between = tf.add(x, attended);
  const inner = activation(project(p, `${prefix}.in`, layerNorm(p, `${prefix}.norm2`, between)));
  return tf.add(between, project(p, `${prefix}.out`, inner));
}

/** Parameters of a stack of blocks with a norm behind the last. */
export function transformerParts(prefix: string, sizes: TransformerSizes): Parts {
  const stack = Array.from({ length: sizes.blocks }, (_, k) => blockParts(`${prefix}.block${k}`, sizes));
  return Object.assign({}, ...stack, layerNormParts(`${prefix}.norm`, sizes.width)) as Parts;
}

/** A stack of blocks with a norm behind the last: x [B, T, D] to [B, T, D]. The blocks are counted from the parameters. */
export function transformer(
  p: Tensors,
  prefix: string,
  x: tf.Tensor,
  options: AttentionOptions & { readonly activation?: Activation },
): tf.Tensor {
  for (let k = 0; `${prefix}.block${k}.in.w` in p; k++) x = block(p, `${prefix}.block${k}`, x, options);
  return layerNorm(p, `${prefix}.norm`, x);
}

/** Parameters of an embedding: `prefix.table` [count, width]. */
export function embeddingParts(prefix: string, count: number, width: number): Parts {
  return { [`${prefix}.table`]: { shape: [count, width], init: normal(STD) } };
}

/** A table up to this long is read by a matrix product, whose gradient is one too; a longer one by its rows. */
const SHORT = 512;

/** The rows of the table that `ids` int32 [...] name, [..., width]. */
export function embed(p: Tensors, prefix: string, ids: tf.Tensor): tf.Tensor {
  const table = part(p, `${prefix}.table`);
  const [count, width] = table.shape as [number, number];
  const flat = tf.reshape(ids, [ids.size]) as tf.Tensor1D;
  const rows = count > SHORT
    ? tf.gather(table, flat)
    : tf.matMul(tf.oneHot(flat, count, 1, 0, "float32") as tf.Tensor2D, table);
  return tf.reshape(rows, [...ids.shape, width]);
}
