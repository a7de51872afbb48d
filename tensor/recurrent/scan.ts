/**
 * What scans over time share: the choice between a loop and an unrolled graph, and the resets.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../../core/mod.ts";
import { loop, type Looped, refuseTape, type Turn } from "../trace/loop.ts";
import type { Tensors } from "../types.ts";

/**
 * Up to this many steps a graph without a loop is taken. A gradient of scanGru, H = 64, one thread of an EPYC, loop and
 * unrolled: T = 10, B = 128: 3.2 and 2.6 ms; T = 10, B = 512: 12.6 and 10.4 ms; T = 64, B = 128: 21.7 and 19.0 ms, but
 * 14 and 401 ms to build.
 */
export const UNROLL = 16;

/** How a scan runs. */
export interface ScanOptions {
  /** Up to this many steps the graph is unrolled, beyond it is a loop whose graph does not grow with time. */
  readonly unroll?: number;
}

/**
 * The recurrence as tfjs differentiates it, each step its own nodes.
 *
 * @param drives [T, B, D]
 */
export function stepByStep(
  drives: tf.Tensor,
  start: tf.Tensor,
  keep: tf.Tensor | undefined,
  step: (drive: tf.Tensor, state: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const keeps = keep && tf.unstack(keep);
  let state = start;
  return tf.stack(
    tf.unstack(drives).map((drive, t) => {
      return state = step(drive, keeps ? tf.mul(state, keeps[t]!) : state);
    }),
  );
}

/** Up to this many turns each is recorded on its own: a loop takes a tenth more time, and builds faster. */
const FLAT = 16;

/**
 * A recurrence without a gradient of its own: its turns one after the other, or beyond `FLAT` a loop.
 *
 * @param rows what each turn reads a row of, [T, ...]
 * @param body takes the turn's rows and the carried values
 * @param order "backwards" begins with the last row; the collected rows are in the order of time all the same
 */
export function turns(
  rows: Tensors,
  carry: Tensors,
  body: (rows: Tensors, carry: Tensors) => Turn,
  order: "forwards" | "backwards" = "forwards",
): Looped {
  const entries = Object.entries(rows);
  const steps = entries[0]![1].shape[0]!;
  const backwards = order === "backwards";
  if (steps > FLAT) {
    const looped = loop(steps, carry, (turn, carry) => {
      const t = backwards ? tf.sub(tf.scalar(steps - 1, "int32"), turn) : turn;
      return body(Object.fromEntries(entries.map(([name, all]) => [name, row(all, t)])), carry);
    });
    const scan = Object.entries(looped.scan).map(([name, x]) => [name, backwards ? tf.reverse(x, 0) : x]);
    return { carry: looped.carry, scan: Object.fromEntries(scan) };
  }
  refuseTape();
  const apart = entries.map(([name, all]) => [name, tf.unstack(all)] as const);
  const scan: Record<string, tf.Tensor[]> = {};
  for (let i = 0; i < steps; i++) {
    const t = backwards ? steps - 1 - i : i;
    const turn = body(Object.fromEntries(apart.map(([name, each]) => [name, each[t]!])), carry);
    carry = turn.carry;
    for (const [name, value] of Object.entries(turn.scan ?? {})) (scan[name] ??= [])[t] = value;
  }
  return {
    carry,
    scan: Object.fromEntries(Object.entries(scan).map(([name, values]) => [name, tf.stack(values)])),
  };
}

/** One step of a sequence [T, ...]. */
export function row(x: tf.Tensor, turn: tf.Tensor): tf.Tensor {
  return tf.gather(x, turn as tf.Tensor1D);
}

/**
 * 1 where the carried state survives and 0 where it is zeroed before the step, [T, B, 1].
 *
 * @param reset [T, B], any type; undefined: nothing is ever reset
 */
export function keepOf(reset: tf.Tensor | undefined): tf.Tensor | undefined {
  return reset && tf.expandDims(tf.sub(1, tf.cast(reset, "float32")), 2);
}

/** A state [B, S], zeroed where it is reset. */
export function kept(state: tf.Tensor, keep: tf.Tensor | undefined, turn: tf.Tensor): tf.Tensor {
  return keep === undefined ? state : tf.mul(state, row(keep, turn));
}

/** States before each step, [T, B, S]: the start, then all but the last, zeroed where they are reset. */
export function before(start: tf.Tensor, states: tf.Tensor, keep: tf.Tensor | undefined): tf.Tensor {
  const steps = states.shape[0]!;
  const first = tf.expandDims(start, 0);
  const all = steps === 1 ? first : tf.concat([first, tf.slice(states, 0, steps - 1)], 0);
  return keep === undefined ? all : tf.mul(all, keep);
}

/** Checks the shapes of a scan's inputs. */
export function checkScan(
  what: string,
  xs: tf.Tensor,
  start: tf.Tensor,
  size: number,
  reset?: tf.Tensor,
): void {
  const [steps, rows] = xs.shape;
  if (xs.rank !== 3 || steps! < 1) {
    throw new UserError(`${what}: expected inputs [T, B, I], found [${xs.shape}]`);
  }
  if (start.rank !== 2 || start.shape[0] !== rows || start.shape[1] !== size) {
    throw new UserError(
      `${what}: expected a start of [B, ${size}] = [${rows}, ${size}], found [${start.shape}]`,
    );
  }
  if (reset !== undefined && (reset.rank !== 2 || reset.shape[0] !== steps || reset.shape[1] !== rows)) {
    throw new UserError(`${what}: expected reset [T, B] = [${steps}, ${rows}], found [${reset.shape}]`);
  }
}
