/**
 * The gated recurrent unit, one step or a whole sequence.
 *
 *     r  = σ(x Wᵣ + bᵣ + h Uᵣ)
 *     z  = σ(x W_z + b_z + h U_z)
 *     n  = tanh(x Wₙ + bₙ + r (h Uₙ + cₙ))
 *     h' = (1 - z) n + z h
 *
 * Source   Cho et al. 2014, arXiv:1406.1078, with the reset gate behind the product, as cuDNN and PyTorch compute it
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { orthogonal, sideBySide, zeros } from "../init.ts";
import type { Parts } from "../layout.ts";
import { affine, part } from "../nets.ts";
import type { Tensors } from "../types.ts";
import { before, checkScan, keepOf, type ScanOptions, stepByStep, turns } from "./scan.ts";

/**
 * Parameters of a GRU: `prefix.wx` [I, 3H], `prefix.wh` [H, 3H], `prefix.b` [3H], `prefix.bn` [H] (cₙ above).
 * Gates stand in the order r, z, n.
 */
export function gruParts(prefix: string, input: number, hidden: number, gain = 1): Parts {
  const gates = sideBySide([orthogonal(gain), orthogonal(gain), orthogonal(gain)]);
  return {
    [`${prefix}.wx`]: { shape: [input, 3 * hidden], init: gates },
    [`${prefix}.wh`]: { shape: [hidden, 3 * hidden], init: gates },
    [`${prefix}.b`]: { shape: [3 * hidden], init: zeros },
    [`${prefix}.bn`]: { shape: [hidden], init: zeros },
  };
}

/** One step: h' [B, H] from x [B, I] and h [B, H]. */
export function gru(p: Tensors, prefix: string, x: tf.Tensor, h: tf.Tensor): tf.Tensor {
  const drive = affine(x, part(p, `${prefix}.wx`), part(p, `${prefix}.b`));
  return step(halves(drive), h, halves(part(p, `${prefix}.wh`)), part(p, `${prefix}.bn`)).h;
}

/**
 * All steps. The products of inputs and of gradients with weights that need not wait for one another are one matrix
 * product each, outside of the recurrence.
 *
 * @param xs [T, B, I]
 * @param h0 [B, H], the state before the first step
 * @param reset [T, B]: 1 zeroes the state before that step, as at the start of an episode
 * @returns h after each step [T, B, H]
 */
export function scanGru(
  p: Tensors,
  prefix: string,
  xs: tf.Tensor,
  h0: tf.Tensor,
  reset?: tf.Tensor,
  { unroll = 0 }: ScanOptions = {},
): tf.Tensor {
  const wh = part(p, `${prefix}.wh`);
  checkScan("scanGru", xs, h0, wh.shape[0]!, reset);
  const keep = keepOf(reset);
  const bn = part(p, `${prefix}.bn`);
  const [wxGates, wxN] = halves(part(p, `${prefix}.wx`));
  const [bGates, bN] = halves(part(p, `${prefix}.b`));
  const weights = halves(wh);
  const gates = affine(xs, wxGates, bGates);
  const own = affine(xs, wxN, bN);
  if (xs.shape[0]! <= unroll) {
    const drive = tf.concat([gates, own], 2);
    return stepByStep(drive, h0, keep, (x, h) => step(halves(x), h, weights, bn).h);
  }
  const scan = tf.customGrad((...args) => {
    const [gates, own, h0, whGates, whN, bn, save] = args as [...Six, tf.GradSaveFunc];
    const { scan } = turns({ gates, own, ...keep && { keep } }, { h: h0 }, (x, { h }) => {
      const start = x.keep ? tf.mul(h!, x.keep) : h!;
      const { h: next, r, z, m, n } = step([x.gates!, x.own!], start, [whGates, whN], bn);
      return { carry: { h: next }, scan: { h: next, r, z, m, n } };
    });
    const { h, r, z, m, n } = scan as Record<"h" | "r" | "z" | "m" | "n", tf.Tensor>;
    save([before(h0, h, keep), r, z, m, n, whGates, whN, ...(keep ? [keep] : [])]);
    return { value: h, gradFunc: backward };
  });
  return scan(gates, own, h0, ...weights, bn);
}

type Six = [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];

/** The columns of both gates, and those of n: [..., 2H] and [..., H] of [..., 3H]. */
function halves(x: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const hidden = x.shape.at(-1)! / 3;
  return tf.split(x, [2 * hidden, hidden], x.rank - 1) as [tf.Tensor, tf.Tensor];
}

/** One step from x W + b and U, each in halves: both gates, m = h Uₙ + cₙ, n and the next h, all [B, H]. */
function step(
  [driveGates, driveN]: [tf.Tensor, tf.Tensor],
  h: tf.Tensor,
  [whGates, whN]: [tf.Tensor, tf.Tensor],
  bn: tf.Tensor,
) {
  const rz = tf.sigmoid(tf.add(tf.matMul(h, whGates), driveGates));
  const [r, z] = tf.split(rz, 2, 1) as [tf.Tensor, tf.Tensor];
  const m = tf.add(tf.matMul(h, whN), bn);
  const n = tf.tanh(tf.add(driveN, tf.mul(r, m)));
  return { r, z, m, n, h: tf.add(n, tf.mul(z, tf.sub(h, n))) };
}

/**
 * The gradient. How much of dh each pre-activation gets does not depend on dh, so all of it is computed at once; from
 * the last step to the first goes only dh itself.
 */
function backward(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [h, r, z, m, n, whGates, whN] = saved as [...Six, tf.Tensor];
  const keep = saved[7];
  const [steps, rows, hidden] = h.shape as [number, number, number];
  const notZ = tf.sub(1, z);
  const toN = tf.mul(notZ, tf.sub(1, tf.square(n)));
  const toM = tf.mul(toN, r);
  const toR = tf.mul(tf.mul(toM, m), tf.sub(1, r));
  const toZ = tf.mul(tf.sub(h, n), tf.mul(z, notZ));
  const { carry, scan } = turns(
    { dy, z, toR, toZ, toM, ...keep && { keep } },
    { dh: tf.zeros([rows, hidden]) },
    (x, carry) => {
      const dh = tf.add(carry.dh!, x.dy!);
      const gates = tf.concat([tf.mul(dh, x.toR!), tf.mul(dh, x.toZ!)], 1);
      const dm = tf.mul(dh, x.toM!);
      const own = tf.add(tf.matMul(dm, whN, false, true), tf.mul(dh, x.z!));
      const next = tf.add(tf.matMul(gates, whGates, false, true), own);
      return { carry: { dh: x.keep ? tf.mul(next, x.keep) : next }, scan: { dh, gates, dm } };
    },
    "backwards",
  );
  const { dh, gates, dm } = scan as Record<"dh" | "gates" | "dm", tf.Tensor>;
  const flat = (x: tf.Tensor) => tf.reshape(x, [steps * rows, x.shape[2]!]);
  const dWhole = [gates, dm].map((x) => tf.matMul(flat(h), flat(x), true));
  return [gates, tf.mul(dh, toN), carry.dh!, ...dWhole, tf.sum(flat(dm), 0)];
}
