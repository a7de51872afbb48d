/**
 * Recurrence through time whose graph does not grow with time: forward a loop, backward a second loop. (Unrolling 400
 * steps takes 17 s to build.)
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../../core/mod.ts";
import { loop } from "./loop.ts";
import { recorder } from "./recorder.ts";

/** One step: the next hidden state from the present one, the input [...] and the parameters. */
export type Cell = (hidden: tf.Tensor, input: tf.Tensor, parameters: tf.Tensor) => tf.Tensor;

/**
 * h₀ = start, hₜ = cell(hₜ₋₁, xₜ, parameters). Differentiable in start, inputs and parameters; the backward pass computes
 * each step again instead of storing its insides. Eagerly it is a plain loop.
 *
 * @param start [...H]
 * @param inputs [T, ...]
 * @param parameters [P], one flat vector: unpack it inside the cell
 * @returns h₁ … h_T, [T, ...H]
 */
export function scanRnn(cell: Cell, start: tf.Tensor, inputs: tf.Tensor, parameters: tf.Tensor): tf.Tensor {
  if (inputs.rank < 1 || inputs.shape[0]! < 1) {
    throw new UserError(`scanRnn: expected inputs [T, ...] with T >= 1, found [${inputs.shape}]`);
  }
  if (recorder() === undefined) return unrolled(cell, start, inputs, parameters);
  const scan = tf.customGrad((...args) => {
    const [start, inputs, parameters, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const value = forward(cell, start, inputs, parameters);
    save([start, inputs, parameters, value]);
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => backward(cell, dy, saved) };
  });
  return scan(start, inputs, parameters);
}

function unrolled(cell: Cell, start: tf.Tensor, inputs: tf.Tensor, parameters: tf.Tensor): tf.Tensor {
  let hidden = start;
  const steps = Array.from({ length: inputs.shape[0]! }, (_, t) => {
    const input = tf.reshape(tf.slice(inputs, t, 1), inputs.shape.slice(1));
    return hidden = cell(hidden, input, parameters);
  });
  return tf.stack(steps);
}

function forward(cell: Cell, start: tf.Tensor, inputs: tf.Tensor, parameters: tf.Tensor): tf.Tensor {
  const { scan } = loop(inputs.shape[0]!, { hidden: start }, (turn, carry) => {
    const hidden = cell(carry.hidden!, row(inputs, turn), parameters);
    return { carry: { hidden }, scan: { hidden } };
  });
  return scan.hidden!;
}

/** From the last step to the first: dhₜ₋₁, dxₜ and dθ from dhₜ, by the gradient of one cell. */
function backward(cell: Cell, dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [start, inputs, parameters, hidden] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const steps = inputs.shape[0]!;
  const first = tf.expandDims(start, 0);
  const before = steps === 1 ? first : tf.concat([first, tf.slice(hidden, 0, steps - 1)], 0);
  const zeros = { dHidden: tf.zeros(start.shape), dParameters: tf.zeros(parameters.shape) };
  const { carry, scan } = loop(steps, zeros, (turn, carry) => {
    const t = tf.sub(tf.scalar(steps - 1, "int32"), turn);
    const pull = tf.add(carry.dHidden!, row(dy, t));
    const of = (h: tf.Tensor, x: tf.Tensor, p: tf.Tensor) => tf.sum(tf.mul(cell(h, x, p), pull));
    const [dHidden, dInput, dParameters] = nestedGrads(of, [row(before, t), row(inputs, t), parameters]);
    return {
      carry: { dHidden: dHidden!, dParameters: tf.add(carry.dParameters!, dParameters!) },
      scan: { dInput: dInput! },
    };
  });
  return [carry.dHidden!, tf.reverse(scan.dInput!, 0), carry.dParameters!];
}

function row(x: tf.Tensor, turn: tf.Tensor): tf.Tensor {
  return tf.gather(x, turn as tf.Tensor1D);
}

/** tf.grads inside the backward pass of another gradient: without the raised depth tfjs would clear the outer tape. */
function nestedGrads(
  fn: (h: tf.Tensor, x: tf.Tensor, p: tf.Tensor) => tf.Tensor,
  at: [tf.Tensor, tf.Tensor, tf.Tensor],
): tf.Tensor[] {
  const { state } = tf.engine();
  const tape = state.activeTape;
  state.gradientDepth++;
  try {
    return tf.grads(fn)(at);
  } finally {
    state.gradientDepth--;
    state.activeTape = tape;
  }
}
