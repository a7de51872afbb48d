/**
 * Named parameters in one flat vector. A flat vector makes an optimiser step, a norm, a soft update or a checkpoint
 * one operation or one file, and the gradient of a loss comes out flat too.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { fork, shape, type Stream, UserError } from "../core/mod.ts";
import type { Init } from "./init.ts";
import { sizeOf, type Tensors } from "./types.ts";

/** One named parameter: its shape and how it starts. */
export interface Part {
  readonly shape: readonly number[];
  readonly init: Init;
}

/** Parameters by name, in order. */
export type Parts = Readonly<Record<string, Part>>;

/** Where each parameter lies in the flat vector. */
export interface Layout {
  /** Length of the flat vector. */
  readonly size: number;
  readonly names: readonly string[];
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** First index of each parameter; parameters lie without gaps, in the order of `names`. */
  readonly offsets: Readonly<Record<string, number>>;
  /** Starting values [size]. Each parameter draws from its own fork, so adding one does not change the others. */
  init(stream: Stream): Float32Array;
  /** The parameters of a flat tensor [size], each in its shape; differentiable. */
  unpack(theta: tf.Tensor): Tensors;
  /** The parameters of a flat array [size] as views, each flat. */
  views(theta: Float32Array): Record<string, Float32Array>;
}

/**
 * Lays parameters out, one after the other.
 *
 * @throws UserError when there are none
 */
export function layout(parts: Parts): Layout {
  const names = Object.keys(parts);
  if (names.length === 0) throw new UserError("a layout needs at least one parameter");
  const sizes = names.map((name) => sizeOf(parts[name]!.shape));
  const offsets: Record<string, number> = {};
  let size = 0;
  names.forEach((name, k) => {
    offsets[name] = size;
    size += sizes[k]!;
  });

  function views(theta: Float32Array): Record<string, Float32Array> {
    shape("theta", [theta.length], { P: size });
    const view = (name: string, k: number) => theta.subarray(offsets[name]!, offsets[name]! + sizes[k]!);
    return Object.fromEntries(names.map((name, k) => [name, view(name, k)]));
  }

  return {
    size,
    names,
    shapes: Object.fromEntries(names.map((name) => [name, parts[name]!.shape])),
    offsets,
    init(stream) {
      const theta = new Float32Array(size);
      for (const [name, view] of Object.entries(views(theta))) {
        parts[name]!.init(fork(stream, name), parts[name]!.shape, view);
      }
      return theta;
    },
    unpack(theta) {
      shape("theta", theta.shape, { P: size });
      const pieces = names.length === 1 ? [theta] : tf.split(theta, sizes);
      return Object.fromEntries(
        names.map((name, k) => [name, tf.reshape(pieces[k]!, [...parts[name]!.shape])]),
      );
    },
    views,
  };
}
