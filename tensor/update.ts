/**
 * A learner's whole update, epochs x minibatches, as one graph and one native call. Parameters and optimiser state live
 * in our own arrays; hyper-parameters, data and permutation are inputs, so nothing is ever compiled twice.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../core/mod.ts";
import { type EagerStep, eagerStep } from "./eager.ts";
import { encodeModel } from "./onnx/encode.ts";
import { countNodes, type Graph } from "./onnx/graph.ts";
import { stateSpecs, step, type UpdateDefinition } from "./step.ts";
import { loop } from "./trace/loop.ts";
import { trace } from "./trace/trace.ts";
import { type Numbers, type Runtime, sizeOf, type Specs, type Tensors, type Value } from "./types.ts";
import { valueOf, valuesOf } from "./values.ts";

/** What an update reports. */
export interface UpdateReport {
  /** One number per minibatch, by metric; when the update stopped, the last is the minibatch that was left out. */
  readonly metrics: Record<string, Float32Array>;
  /** Minibatches learned from. */
  readonly minibatches: number;
  /** Whether a minibatch asked to stop; that one changed nothing. */
  readonly stopped: boolean;
}

/** A compiled update and the state it advances. */
export interface Update {
  /**
   * `t` [1] and, for each group G, `G.theta` and what the optimiser keeps (Adam: `G.m`, `G.v`) [size]: the learner's own
   * arrays, zero at first.
   */
  readonly state: Record<string, Float32Array>;
  /** Minibatches of a full update: epochs · floor(samples / minibatch), the rows of the permutation. */
  readonly rows: number;
  /**
   * Runs all epochs once and advances `state`.
   *
   * @param data the rollout, flat, by name
   * @param permutation [rows, minibatch], the sample numbers of each minibatch
   * @param hyper every number the definition declares
   * @throws UserError when an array is missing, unknown or of the wrong length
   */
  run(
    data: Readonly<Record<string, Numbers>>,
    permutation: Int32Array,
    hyper: Readonly<Record<string, number>>,
  ): UpdateReport;
  /** One minibatch from the present state by tfjs-cpu, for tests; `state` does not change. */
  step(batch: Readonly<Record<string, Numbers>>, hyper?: Readonly<Record<string, number>>): EagerStep;
  /** The ONNX model. */
  readonly bytes: Uint8Array;
  /** Number of nodes in the graph, loop bodies included. */
  readonly nodes: number;
  dispose(): void;
}

/** Prefixes of the graph's inputs and outputs, so that the author's names never clash. */
const STATE = "state:";
const HYPER = "hyper:";
const DATA = "data:";
const NEXT = "next:";
const METRIC = "metric:";
const PERMUTATION = "permutation";
const STOPPED = "stopped";

/**
 * Compiles an update.
 *
 * @throws UserError when a learning rate is missing, the data disagree on the number of samples, a minibatch is larger
 * than the data, or the loss cannot be traced
 */
export function compileUpdate(
  { runtime, ...definition }: UpdateDefinition & { readonly runtime: Runtime },
): Update {
  const rows = definition.epochs * Math.floor(check(definition) / definition.minibatch);
  const specs = stateSpecs(definition.groups, definition);
  const graph = traceUpdate(definition, specs, rows);
  const bytes = encodeModel(graph);
  const session = runtime.load(bytes, true);

  const state = arrays(specs);
  const next = arrays(specs); // the runtime never writes where it reads
  const hyperSpecs = scalars(definition.hyper);
  const permutationSpec = { shape: [rows, definition.minibatch], dtype: "int32" } as const;
  const into = prefixed(NEXT, valuesOf(next, specs));

  return {
    state,
    rows,
    run(data, permutation, hyper) {
      const numbers = Object.entries(hyper).map(([name, value]) => [name, Float32Array.of(value)]);
      const results = session.run({
        ...prefixed(STATE, valuesOf(state, specs)),
        ...prefixed(HYPER, valuesOf(Object.fromEntries(numbers), hyperSpecs)),
        ...prefixed(DATA, valuesOf(data, definition.data)),
        [PERMUTATION]: valueOf(PERMUTATION, permutation, permutationSpec),
      }, into);
      for (const name of Object.keys(specs)) state[name]!.set(next[name]!);
      return report(results);
    },
    step: (batch, hyper = definition.hyper) => eagerStep(definition, state, batch, hyper),
    bytes,
    nodes: countNodes(graph),
    dispose: () => session.dispose(),
  };
}

function traceUpdate(definition: UpdateDefinition, specs: Specs, rows: number): Graph {
  const inputs = {
    ...prefixed(STATE, specs),
    ...prefixed(HYPER, scalars(definition.hyper)),
    ...prefixed(DATA, definition.data),
    [PERMUTATION]: { shape: [rows, definition.minibatch], dtype: "int32" as const },
  };
  return trace((x) => {
    const hyper = picked(x, HYPER, definition.hyper);
    const data = Object.entries(picked(x, DATA, definition.data));
    const { carry, scan } = loop(rows, picked(x, STATE, specs), (turn, state) => {
      const samples = tf.gather(x[PERMUTATION]!, turn as tf.Tensor1D);
      const batch = data.map(([name, all]) => [name, tf.gather(all, samples as tf.Tensor1D)]);
      const stepped = step(definition, state, Object.fromEntries(batch), hyper);
      const { stop = tf.scalar(false, "bool") } = stepped;
      const metrics = { ...prefixed(METRIC, stepped.metrics), [STOPPED]: stop };
      return { carry: stepped.state, scan: metrics, go: tf.logicalNot(stop) };
    });
    return { ...prefixed(NEXT, carry), ...scan };
  }, inputs);
}

/** Checks a definition and returns its number of samples. */
function check({ groups, hyper, data, epochs, minibatch }: UpdateDefinition): number {
  if (Object.keys(groups).length === 0) {
    throw new UserError("an update needs at least one group of parameters");
  }
  for (const group of Object.keys(groups)) {
    if (!(`lr.${group}` in hyper)) {
      throw new UserError(`group "${group}" has no learning rate: add hyper "lr.${group}"`);
    }
  }
  const counts = Object.entries(data).map(([name, { shape }]) => [name, shape[0] ?? 0] as const);
  const samples = counts[0]?.[1] ?? 0;
  const odd = counts.find(([, count]) => count !== samples);
  if (odd) {
    throw new UserError(
      `data "${odd[0]}" has ${odd[1]} samples, "${
        counts[0]![0]
      }" has ${samples}: the first axis is the sample`,
    );
  }
  if (!(epochs >= 1)) throw new UserError(`epochs: expected at least 1, found ${epochs}`);
  if (!(minibatch >= 1 && minibatch <= samples)) {
    throw new UserError(`minibatch: expected 1 to ${samples} (the number of samples), found ${minibatch}`);
  }
  return samples;
}

function report(results: Record<string, Value>): UpdateReport {
  const stops = results[STOPPED]!.data;
  const stopped = stops.at(-1) === 1;
  const curves = Object.entries(results).filter(([name]) => name.startsWith(METRIC));
  return {
    metrics: Object.fromEntries(
      curves.map(([name, { data }]) => [name.slice(METRIC.length), data as Float32Array]),
    ),
    minibatches: stops.length - (stopped ? 1 : 0),
    stopped,
  };
}

function arrays(specs: Specs): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => [name, new Float32Array(sizeOf(shape))]),
  );
}

function scalars(names: Readonly<Record<string, unknown>>): Specs {
  return Object.fromEntries(Object.keys(names).map((name) => [name, { shape: [] }]));
}

function prefixed<T>(prefix: string, record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [prefix + name, value]));
}

function picked(tensors: Tensors, prefix: string, names: Readonly<Record<string, unknown>>): Tensors {
  return Object.fromEntries(Object.keys(names).map((name) => [name, tensors[prefix + name]!]));
}
