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
import { loop } from "../trace/loop.ts";
import { before, checkScan, keepOf, kept, row, type ScanOptions, stepByStep, UNROLL } from "./scan.ts";

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
  return step(drive, h, part(p, `${prefix}.wh`), part(p, `${prefix}.bn`)).h;
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
  { unroll = UNROLL }: ScanOptions = {},
): tf.Tensor {
  const wh = part(p, `${prefix}.wh`);
  const drive = affine(xs, part(p, `${prefix}.wx`), part(p, `${prefix}.b`));
  checkScan("scanGru", xs, h0, wh.shape[0]!, reset);
  const keep = keepOf(reset);
  const bn = part(p, `${prefix}.bn`);
  if (xs.shape[0]! <= unroll) return stepByStep(drive, h0, keep, (x, h) => step(x, h, wh, bn).h);
  const scan = tf.customGrad((...args) => {
    const [drive, h0, wh, bn, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const { scan } = loop(drive.shape[0]!, { h: h0 }, (turn, { h }) => {
      const { h: next, rz, m, n } = step(row(drive, turn), kept(h!, keep, turn), wh, bn);
      return { carry: { h: next }, scan: { h: next, rz, m, n } };
    });
    const { h, rz, m, n } = scan as { h: tf.Tensor; rz: tf.Tensor; m: tf.Tensor; n: tf.Tensor };
    save([before(h0, h, keep), rz, m, n, wh, ...(keep ? [keep] : [])]);
    return { value: h, gradFunc: backward };
  });
  return scan(drive, h0, wh, bn);
}

/** One step from x W + b, [B, 3H]: both gates rz [B, 2H], m = h Uₙ + cₙ, n and the next h, all [B, H]. */
function step(drive: tf.Tensor, h: tf.Tensor, wh: tf.Tensor, bn: tf.Tensor) {
  const hidden = h.shape[1]!;
  const parts = [2 * hidden, hidden];
  const [driveGates, driveN] = tf.split(drive, parts, 1) as [tf.Tensor, tf.Tensor];
  const [pullGates, pullN] = tf.split(tf.matMul(h, wh), parts, 1) as [tf.Tensor, tf.Tensor];
  const rz = tf.sigmoid(tf.add(driveGates, pullGates));
  const [r, z] = tf.split(rz, 2, 1) as [tf.Tensor, tf.Tensor];
  const m = tf.add(pullN, bn);
  const n = tf.tanh(tf.add(driveN, tf.mul(r, m)));
  return { rz, m, n, h: tf.add(n, tf.mul(z, tf.sub(h, n))) };
}

/** From the last step to the first: what each step's pre-activations change, and the state before it. */
function backward(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [h, rz, m, n, wh] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const keep = saved[5];
  const [steps, rows, hidden] = h.shape as [number, number, number];
  const { carry, scan } = loop(steps, { dh: tf.zeros([rows, hidden]) }, (turn, carry) => {
    const t = tf.sub(tf.scalar(steps - 1, "int32"), turn);
    const dh = tf.add(carry.dh!, row(dy, t));
    const gates = row(rz, t);
    const [r, z] = tf.split(gates, 2, 1) as [tf.Tensor, tf.Tensor];
    const nt = row(n, t);
    const dn = tf.mul(tf.mul(dh, tf.sub(1, z)), tf.sub(1, tf.square(nt)));
    const toGates = tf.concat([tf.mul(dn, row(m, t)), tf.mul(dh, tf.sub(row(h, t), nt))], 1);
    const drz = tf.mul(toGates, tf.mul(gates, tf.sub(1, gates)));
    const dm = tf.mul(dn, r);
    const next = tf.add(tf.mul(dh, z), tf.matMul(tf.concat([drz, dm], 1), wh, false, true));
    return { carry: { dh: kept(next, keep, t) }, scan: { drz, dm, dn } };
  });
  const [drz, dm, dn] = [scan.drz!, scan.dm!, scan.dn!].map((x) => tf.reverse(x, 0)) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const flat = (x: tf.Tensor) => tf.reshape(x, [steps * rows, x.shape[2]!]);
  const dwh = tf.concat([drz, dm].map((x) => tf.matMul(flat(h), flat(x), true)), 1);
  return [tf.concat([drz, dn], 2), carry.dh!, dwh, tf.sum(flat(dm), 0)];
}
