/**
 * How learners of action values explore: ε-greedy over the legal actions.
 *
 * @module
 */
import * as z from "zod";
import { integer, type Stream, uniform } from "../core/mod.ts";

/** The settings of ε. */
export const epsilonSettings = {
  epsilonStart: z.number().min(0).max(1).default(1).describe("share of random actions at first"),
  epsilonEnd: z.number().min(0).max(1).default(0.05).describe("share of random actions in the end"),
  epsilonUntil: z.number().positive().max(1).default(0.3).describe(
    "share of the training in which ε falls to its end",
  ),
};

/** ε when a share `progress` of the training is done: it falls linearly. */
export function epsilonAt(
  set: { readonly epsilonStart: number; readonly epsilonEnd: number; readonly epsilonUntil: number },
  progress: number,
): number {
  const share = Math.min(1, progress / set.epsilonUntil);
  return set.epsilonStart + (set.epsilonEnd - set.epsilonStart) * share;
}

/** Replace a share `epsilon` of `actions [B]` by random legal ones; `mask [B,A]`. */
export function explore(actions: Int32Array, mask: Float32Array, epsilon: number, stream: Stream): void {
  const A = mask.length / actions.length;
  for (let b = 0; b < actions.length; b++) {
    if (uniform(stream) < epsilon) actions[b] = randomLegal(mask.subarray(b * A, (b + 1) * A), stream);
  }
}

/** A random action among the legal ones of `mask [A]`; 0 where none is. */
function randomLegal(mask: Float32Array, stream: Stream): number {
  let legal = 0;
  for (let a = 0; a < mask.length; a++) if (mask[a] !== 0) legal++;
  let left = integer(stream, Math.max(1, legal));
  for (let a = 0; a < mask.length; a++) if (mask[a] !== 0 && left-- === 0) return a;
  return 0;
}
