/**
 * The words that all of `tensor/` shares: element types, shapes, and the runtime that executes a graph.
 * This file needs no tfjs and no ONNX Runtime, so anything may import it.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";

/** Element types that cross the border between our code and a graph. */
export type DType = "float32" | "int32" | "bool";

/** Shape and element type of an input; float32 unless stated. Shapes are static. */
export interface Spec {
  readonly shape: readonly number[];
  readonly dtype?: DType;
}

/** Named inputs or outputs, in order. */
export type Specs = Readonly<Record<string, Spec>>;

/** Named tfjs tensors: real ones when a function runs eagerly, symbolic ones while it is traced. */
export type Tensors = Record<string, tf.Tensor>;

/** The arrays behind the three element types: float32, int32, bool (0 or 1). */
export type Numbers = Float32Array | Int32Array | Uint8Array;

/** A plain array with its shape: what goes into a session and what comes out. */
export interface Value {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: Numbers;
}

/** An input or output of a compiled graph. An axis with a name is free (a batch, say). */
export interface Port {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly (number | string)[];
}

/** Executes ONNX models. `server` uses `runtime/node.ts`; a browser brings its own. */
export interface Runtime {
  readonly name: string;
  readonly version: string;
  /**
   * @param model the bytes of an ONNX file; never a path
   * @param heavy whether its operations are large enough to be shared out to the runtime's threads, where it has several
   * @throws UserError when the runtime refuses the model
   */
  load(model: Uint8Array, heavy?: boolean): Session;
}

/** A loaded model. */
export interface Session {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /**
   * Runs the graph once, synchronously.
   *
   * @param feeds every input by name
   * @param into outputs to write in place, of exactly the computed shape; the others are allocated
   * @returns every output by name; those given in `into` are the very values given
   */
  run(feeds: Readonly<Record<string, Value>>, into?: Readonly<Record<string, Value>>): Record<string, Value>;
  /** Gives the session back. Further calls are an error. */
  dispose(): void;
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
