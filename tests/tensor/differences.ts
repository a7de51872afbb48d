/** Gradients against finite differences. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { eagerForward, type Tensors } from "../../tensor/mod.ts";
import type { Input } from "./compare.ts";

const STEP = 1e-2;

/** Asserts that the gradient of a weighted sum of `fn` on tfjs-cpu equals its central differences. */
export function matchesDifferences(fn: (x: Tensors) => tf.Tensor, inputs: Record<string, Input>): void {
  const specs = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [name, {
      shape,
      dtype: data instanceof Int32Array ? "int32" as const : "float32" as const,
    }]),
  );
  const names = Object.keys(inputs).filter((name) => specs[name]!.dtype === "float32");
  const total = (x: Tensors): tf.Scalar => {
    const y = fn(x);
    return tf.sum(tf.mul(y, tf.reshape(tf.add(tf.range(0, y.size), 1), y.shape))) as tf.Scalar;
  };
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, { data }]) => [name, data]));
  const gradients = eagerForward(
    (x) => {
      const of = (...values: tf.Tensor[]) =>
        total({ ...x, ...Object.fromEntries(values.map((v, k) => [names[k]!, v])) });
      return Object.fromEntries(tf.grads(of)(names.map((name) => x[name]!)).map((g, k) => [names[k]!, g]));
    },
    specs,
    feeds,
  );
  const value = (name: string, at: number, by: number): number => {
    const moved = { ...feeds, [name]: Float32Array.from(feeds[name]!, (x, k) => k === at ? x + by : x) };
    return eagerForward((x) => ({ y: total(x) }), specs, moved).y![0]!;
  };
  for (const name of names) {
    gradients[name]!.forEach((slope, at) => {
      const want = (value(name, at, STEP) - value(name, at, -STEP)) / (2 * STEP);
      assert.ok(
        Math.abs(slope - want) < 0.02 * Math.max(1, Math.abs(want)),
        `d${name}[${at}]: ${slope}, expected ${want}`,
      );
    });
  }
}
