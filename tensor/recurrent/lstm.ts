/**
 * Long short-term memory, one step or a whole sequence. Its state is one vector, the output h and then the memory c, so
 * that a policy carries it like any other hidden state.
 *
 *     i, f, o = σ(x W + b + h U)      g = tanh(x W + b + h U)      each with its own columns
 *     c'      = f c + i g
 *     h'      = o tanh(c')
 *
 * Source   Hochreiter, Schmidhuber 1997; forget gate: Gers et al. 2000, its bias of 1: Jozefowicz et al. 2015
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { constant, orthogonal, sideBySide, zeros } from "../init.ts";
import type { Parts } from "../layout.ts";
import { affine, part } from "../nets.ts";
import type { Tensors } from "../types.ts";
import { loop } from "../trace/loop.ts";
import { before, checkScan, keepOf, kept, row, type ScanOptions, stepByStep, UNROLL } from "./scan.ts";

/** Parameters of an LSTM: `prefix.wx` [I, 4H], `prefix.wh` [H, 4H], `prefix.b` [4H]. Gates stand in the order i, f, o, g. */
export function lstmParts(prefix: string, input: number, hidden: number, gain = 1): Parts {
  const gates = sideBySide([orthogonal(gain), orthogonal(gain), orthogonal(gain), orthogonal(gain)]);
  return {
    [`${prefix}.wx`]: { shape: [input, 4 * hidden], init: gates },
    [`${prefix}.wh`]: { shape: [hidden, 4 * hidden], init: gates },
    [`${prefix}.b`]: { shape: [4 * hidden], init: sideBySide([zeros, constant(1), zeros, zeros]) },
  };
}

/** One step: the next state [B, 2H] from x [B, I] and the state [B, 2H]. */
export function lstm(p: Tensors, prefix: string, x: tf.Tensor, state: tf.Tensor): tf.Tensor {
  const drive = affine(x, part(p, `${prefix}.wx`), part(p, `${prefix}.b`));
  return step(drive, state, part(p, `${prefix}.wh`)).state;
}

/** The output h [..., H] of states [..., 2H]. */
export function lstmOutput(state: tf.Tensor): tf.Tensor {
  return halves(state)[0];
}

/**
 * All steps, as `scanGru` does them.
 *
 * @param xs [T, B, I]
 * @param start [B, 2H], the state before the first step
 * @param reset [T, B]: 1 zeroes the state before that step
 * @returns the state after each step [T, B, 2H]; its output is `lstmOutput`
 */
export function scanLstm(
  p: Tensors,
  prefix: string,
  xs: tf.Tensor,
  start: tf.Tensor,
  reset?: tf.Tensor,
  { unroll = UNROLL }: ScanOptions = {},
): tf.Tensor {
  const wh = part(p, `${prefix}.wh`);
  const drive = affine(xs, part(p, `${prefix}.wx`), part(p, `${prefix}.b`));
  checkScan("scanLstm", xs, start, 2 * wh.shape[0]!, reset);
  const keep = keepOf(reset);
  if (xs.shape[0]! <= unroll) return stepByStep(drive, start, keep, (x, state) => step(x, state, wh).state);
  const scan = tf.customGrad((...args) => {
    const [drive, start, wh, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const { scan } = loop(drive.shape[0]!, { state: start }, (turn, { state }) => {
      const { state: next, ifo, g } = step(row(drive, turn), kept(state!, keep, turn), wh);
      return { carry: { state: next }, scan: { state: next, ifo, g } };
    });
    const { state, ifo, g } = scan as { state: tf.Tensor; ifo: tf.Tensor; g: tf.Tensor };
    save([before(start, state, keep), ifo, g, state, wh, ...(keep ? [keep] : [])]);
    return { value: state, gradFunc: backward };
  });
  return scan(drive, start, wh);
}

/** One step from x W + b, [B, 4H]: the sigmoid gates ifo [B, 3H], g [B, H] and the next state [B, 2H]. */
function step(drive: tf.Tensor, state: tf.Tensor, wh: tf.Tensor) {
  const hidden = wh.shape[0]!;
  const [h, c] = halves(state);
  const [toGates, toG] = tf.split(tf.add(drive, tf.matMul(h, wh)), [3 * hidden, hidden], 1) as [
    tf.Tensor,
    tf.Tensor,
  ];
  const ifo = tf.sigmoid(toGates);
  const g = tf.tanh(toG);
  const [i, f, o] = tf.split(ifo, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const next = tf.add(tf.mul(f, c), tf.mul(i, g));
  return { ifo, g, state: tf.concat([tf.mul(o, tf.tanh(next)), next], 1) };
}

function halves(state: tf.Tensor): [tf.Tensor, tf.Tensor] {
  return tf.split(state, 2, state.rank - 1) as [tf.Tensor, tf.Tensor];
}

/** From the last step to the first: what each step's pre-activations change, and the state before it. */
function backward(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [old, ifo, g, states, wh] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const keep = saved[5];
  const [steps, rows, hidden] = g.shape as [number, number, number];
  const { carry, scan } = loop(steps, { state: tf.zeros([rows, 2 * hidden]) }, (turn, carry) => {
    const t = tf.sub(tf.scalar(steps - 1, "int32"), turn);
    const [dh, dcDirect] = halves(tf.add(carry.state!, row(dy, t)));
    const gates = row(ifo, t);
    const [i, f, o] = tf.split(gates, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const gt = row(g, t);
    const bent = tf.tanh(halves(row(states, t))[1]);
    const dc = tf.add(dcDirect, tf.mul(tf.mul(dh, o), tf.sub(1, tf.square(bent))));
    const toGates = tf.concat([tf.mul(dc, gt), tf.mul(dc, halves(row(old, t))[1]), tf.mul(dh, bent)], 1);
    const difo = tf.mul(toGates, tf.mul(gates, tf.sub(1, gates)));
    const pull = tf.concat([difo, tf.mul(tf.mul(dc, i), tf.sub(1, tf.square(gt)))], 1);
    const next = tf.concat([tf.matMul(pull, wh, false, true), tf.mul(dc, f)], 1);
    return { carry: { state: kept(next, keep, t) }, scan: { pull } };
  });
  const dDrive = tf.reverse(scan.pull!, 0);
  const samples = steps * rows;
  const h = tf.reshape(halves(old)[0], [samples, hidden]);
  return [dDrive, carry.state!, tf.matMul(h, tf.reshape(dDrive, [samples, 4 * hidden]), true)];
}
