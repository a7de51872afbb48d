/**
 * The compiled update's slow twin: the same step, run by tfjs-cpu op by op. Tests compare the two.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import "./trace/gradients.ts";
import { batchSpecs, stateSpecs, step, type UpdateDefinition } from "./step.ts";
import type { Numbers, Specs, Tensors } from "./types.ts";
import { valuesOf } from "./values.ts";

/** What one eager minibatch leaves, as plain numbers. */
export interface EagerStep {
  readonly state: Record<string, Float32Array>;
  readonly metrics: Record<string, number>;
  /** The gradient of each group before clipping [size]. */
  readonly gradients: Record<string, Float32Array>;
  readonly stopped: boolean;
}

/**
 * Learns from one minibatch on tfjs-cpu.
 *
 * @param state `t` and `G.theta`, `G.m`, `G.v` for each group G; not changed
 * @param batch the data with `minibatch` samples
 */
export function eagerStep(
  definition: UpdateDefinition,
  state: Readonly<Record<string, Float32Array>>,
  batch: Readonly<Record<string, Numbers>>,
  hyper: Readonly<Record<string, number>> = definition.hyper,
): EagerStep {
  return onCpu(() => {
    const numbers = Object.fromEntries(
      Object.entries(hyper).map(([name, value]) => [name, tf.scalar(value)]),
    );
    const result = step(
      definition,
      tensorsOf(state, stateSpecs(definition.groups, definition)),
      tensorsOf(batch, batchSpecs(definition)),
      numbers,
    );
    const metrics = Object.entries(result.metrics).map(([name, value]) =>
      [name, value.dataSync()[0]!] as const
    );
    return {
      state: read(result.state),
      metrics: Object.fromEntries(metrics),
      gradients: read(result.gradients),
      stopped: result.stop?.dataSync()[0] === 1,
    };
  });
}

/** Runs `fn` on tfjs-cpu with flat arrays and returns flat arrays; the twin of `compileForward`. */
export function eagerForward(
  fn: (inputs: Tensors) => Tensors,
  inputs: Specs,
  feeds: Readonly<Record<string, Numbers>>,
): Record<string, Numbers> {
  return onCpu(() => {
    const results = Object.entries(fn(tensorsOf(feeds, inputs)));
    return Object.fromEntries(results.map(([name, value]) => [name, numbersOf(value)]));
  });
}

/** Runs `fn` with tfjs-cpu as the backend, and disposes of the tensors it made. */
function onCpu<T>(fn: () => T): T {
  const before = tf.getBackend();
  tf.enableProdMode(); // tfjs would print an advertisement for its native backend
  tf.setBackend("cpu"); // synchronous, because the backend is
  const engine = tf.engine();
  engine.startScope();
  try {
    return fn();
  } finally {
    engine.endScope();
    if (before) tf.setBackend(before);
  }
}

function tensorsOf(arrays: Readonly<Record<string, Numbers>>, specs: Specs): Tensors {
  const values = Object.entries(valuesOf(arrays, specs));
  return Object.fromEntries(
    values.map(([name, { data, shape, dtype }]) => [name, tf.tensor(data.slice(), [...shape], dtype)]),
  );
}

function read(tensors: Tensors): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, value]) => [name, Float32Array.from(value.dataSync())]),
  );
}

/** A tensor's elements in the array of its type; tfjs-cpu may hold them in another. */
function numbersOf(value: tf.Tensor): Numbers {
  const elements = value.dataSync();
  if (value.dtype === "int32") return Int32Array.from(elements);
  return value.dtype === "bool" ? Uint8Array.from(elements) : Float32Array.from(elements);
}
