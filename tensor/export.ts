/**
 * A policy as one ONNX file: weights and metadata inside, the batch axis free.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Layout } from "./layout.ts";
import { encodeModel } from "./onnx/encode.ts";
import { symbolic } from "./symbolic.ts";
import { trace } from "./trace/trace.ts";
import type { Specs, Tensors } from "./types.ts";

/** Two batch sizes to trace at: primes, so that no other axis or offset is mistaken for the batch. */
const SIZES = [1009, 1013] as const;

/** What to export. */
export interface Policy {
  /**
   * The policy, from its parameters by group and name and its inputs by name. Outputs need names that no input has.
   */
  fn(p: Record<string, Tensors>, inputs: Tensors): Tensors;
  /** Parameters of each group, flat; they are copied into the file. */
  readonly weights: Readonly<Record<string, { readonly layout: Layout; readonly theta: Float32Array }>>;
  /** Shapes of the inputs at a batch size. */
  inputs(batch: number): Specs;
  /** Free-form texts kept in the file: spaces, algorithm, seed, … */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * The bytes of an ONNX file (opset 18, IR 8) whose inputs and outputs have a free axis "batch".
 *
 * @throws UserError when the function depends on the batch size in a way that no free axis can express
 */
export function exportPolicy({ fn, weights, inputs, metadata = {} }: Policy): Uint8Array<ArrayBuffer> {
  const record = (batch: number) => trace((x) => fn(constants(weights), x), inputs(batch));
  return encodeModel(symbolic([record(SIZES[0]), record(SIZES[1])], SIZES), metadata);
}

/** The parameters as constants of the trace that is running. */
function constants(weights: Policy["weights"]): Record<string, Tensors> {
  const groups = Object.entries(weights).map(([group, { layout, theta }]) => {
    const named = Object.entries(layout.views(theta)).map(([name, view]) =>
      [name, tf.tensor(view.slice(), [...layout.shapes[name]!], "float32")] as const
    );
    return [group, Object.fromEntries(named)] as const;
  });
  return Object.fromEntries(groups);
}
