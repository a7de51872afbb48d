/** Runs a function traced (ONNX Runtime) and eagerly (tfjs-cpu), and compares outputs and gradients. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import {
  compileForward,
  eagerForward,
  type Numbers,
  type Runtime,
  type Specs,
  type Tensors,
} from "../../tensor/mod.ts";
import { matchesDifferences } from "./differences.ts";

/** A function of tensors with one or several results. */
export type Fn = (x: Tensors) => tf.Tensor | tf.Tensor[];

/** An input by value. */
export interface Input {
  readonly shape: readonly number[];
  readonly data: Numbers;
}

export interface Comparing {
  /** Inputs to differentiate; all float32 inputs unless given. Empty: outputs only. */
  readonly gradients?: readonly string[];
  readonly relative?: number;
  readonly absolute?: number;
  /** Whether tfjs-cpu's gradients are held against finite differences too. */
  readonly differences?: boolean;
}

/** Asserts that both engines agree on outputs, and on the gradient of a weighted sum of them for each input. */
export function agree(
  runtime: Runtime,
  name: string,
  fn: Fn,
  inputs: Record<string, Input>,
  options: Comparing = {},
) {
  const specs: Specs = Object.fromEntries(
    Object.entries(inputs).map(([key, { shape, data }]) => [key, { shape, dtype: dtypeOf(data) }]),
  );
  const feeds = Object.fromEntries(Object.entries(inputs).map(([key, { data }]) => [key, data]));
  const floats = Object.keys(specs).filter((key) => specs[key]!.dtype === "float32");
  const probe = probed(fn, options.gradients ?? floats);
  if (options.differences) matchesDifferences((x) => tf.addN([fn(x)].flat().map(weighted)), inputs);
  const compiled = compileForward({ runtime, inputs: specs, fn: probe });
  const found = compiled.run(feeds);
  const expected = eagerForward(probe, specs, feeds);
  compiled.dispose();
  for (const [key, values] of Object.entries(expected)) {
    assert.equal(found[key]!.data.length, values.length, `${name}: ${key} has another length`);
    values.forEach((want, i) => close(found[key]!.data[i]!, want, `${name}: ${key}[${i}]`, options));
  }
  for (const key of Object.keys(expected)) {
    assert.equal(
      found[key]!.data.constructor,
      expected[key]!.constructor,
      `${name}: ${key} has another type`,
    );
  }
}

/** The function's results, and the gradients of their weighted sum. */
function probed(fn: Fn, names: readonly string[]): (x: Tensors) => Tensors {
  return (x) => {
    const results = [fn(x)].flat();
    const outputs = Object.fromEntries(results.map((y, i) => [`y${i}`, y]));
    if (names.length === 0) return outputs;
    const total = (...values: tf.Tensor[]) => {
      const given = { ...x, ...Object.fromEntries(values.map((value, i) => [names[i]!, value])) };
      return tf.addN([fn(given)].flat().map(weighted)) as tf.Scalar;
    };
    const grads = tf.grads(total)(names.map((name) => x[name]!));
    return { ...outputs, ...Object.fromEntries(grads.map((g, i) => [`d${names[i]!}`, g])) };
  };
}

/** A sum with distinct weights, so that a permuted gradient is noticed. */
function weighted(y: tf.Tensor): tf.Tensor {
  const weights = tf.reshape(tf.add(tf.mul(tf.range(0, y.size), 0.125), 0.5), y.shape);
  return tf.sum(tf.mul(tf.cast(y, "float32"), weights));
}

function close(
  found: number,
  want: number,
  what: string,
  { relative = 2e-5, absolute = 2e-6 }: Comparing,
): void {
  if (Object.is(found, want) || found === want) return;
  const ok = Math.abs(found - want) <= absolute + relative * Math.abs(want);
  assert.ok(ok, `${what}: traced ${found}, eager ${want}`);
}

function dtypeOf(data: Numbers): "float32" | "int32" | "bool" {
  return data instanceof Float32Array ? "float32" : data instanceof Int32Array ? "int32" : "bool";
}

/** Float input. */
export const f = (shape: readonly number[], ...data: number[]): Input => ({
  shape,
  data: Float32Array.from(data),
});
/** Whole-number input. */
export const i = (shape: readonly number[], ...data: number[]): Input => ({
  shape,
  data: Int32Array.from(data),
});
/** Boolean input. */
export const b = (shape: readonly number[], ...data: number[]): Input => ({
  shape,
  data: Uint8Array.from(data),
});
