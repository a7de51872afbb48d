/**
 * Tracing: a function on tensors is run once with symbols, and what it did becomes an ONNX graph, gradients included.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../../core/mod.ts";
import type { Graph } from "../onnx/graph.ts";
import type { DType, Specs, Tensors } from "../types.ts";
import { Builder } from "./builder.ts";
import { explained } from "./explain.ts";
import { finish } from "./finish.ts";
import { BACKEND, Recorder } from "./recorder.ts";
import "./register.ts";

/** tfjs ops that draw random numbers: traced, they would repeat the same numbers in every run. */
const RANDOM_OPS = new Set([
  "dropout",
  "multinomial",
  "rand",
  "randomGamma",
  "randomNormal",
  "randomStandardNormal",
  "randomUniform",
  "randomUniformInt",
  "truncatedNormal",
]);

/**
 * Runs `fn` once on symbols and returns the graph of its outputs.
 *
 * @param fn plain tfjs ops; its outputs are named by the keys it returns
 * @param inputs shape and type of each input, in order
 * @throws UserError when the function draws random numbers, reads a value, returns no tensor, or uses a kernel
 * without a rule
 */
export function trace(fn: (inputs: Tensors) => Tensors, inputs: Specs): Graph {
  if (tf.getBackend() === BACKEND) {
    throw new UserError("a traced function cannot trace another: call it directly");
  }
  const before = tf.getBackend();
  const recorder = new Recorder(new Builder());
  tf.registerBackend(BACKEND, () => recorder, 0);
  const release = refuseRandomOps();
  try {
    tf.setBackend(BACKEND); // synchronous, because the factory is
    tf.tidy(() => record(recorder, fn, inputs));
  } catch (error) {
    throw explained(error);
  } finally {
    release();
    tf.removeBackend(BACKEND);
    if (before) tf.setBackend(before);
  }
  finish(recorder.builder.scope);
  return recorder.builder.graph;
}

function record(recorder: Recorder, fn: (inputs: Tensors) => Tensors, inputs: Specs): void {
  const { builder } = recorder;
  const { graph } = builder;
  const tensors: Tensors = {};
  for (const [name, { shape, dtype = "float32" }] of Object.entries(inputs)) {
    checkName(name);
    graph.inputs.push({ name, dtype, dims: shape });
    tensors[name] = recorder.tensor(builder.named(name, shape, dtype));
  }
  for (const [name, tensor] of Object.entries(fn(tensors))) {
    if (!(tensor instanceof tf.Tensor)) {
      throw new UserError(`the traced function's output "${name}" is no tensor`);
    }
    checkName(name);
    if (name in inputs) {
      throw new UserError(
        `"${name}" is both an input and an output, and ONNX wants distinct names: call the output "${name}_next", say`,
      );
    }
    const { shape, dtype } = tensor;
    graph.nodes.push({
      op: "Identity",
      inputs: [builder.name(recorder.sym(tensor))],
      outputs: [name],
      attributes: {},
    });
    graph.outputs.push({ name, dtype: dtype as DType, dims: shape });
  }
  if (graph.outputs.length === 0) throw new UserError("the traced function returned no tensors");
}

function checkName(name: string): void {
  if (name === "" || name.startsWith("/")) {
    throw new UserError(
      `"${name}" cannot name an input or output: it must not be empty or begin with a slash`,
    );
  }
}

/** Makes random ops throw until the returned function is called. tfjs opens a named scope for each op it runs. */
function refuseRandomOps(): () => void {
  const engine = tf.engine();
  const original = engine.startScope;
  engine.startScope = function (name?: string): void {
    const op = name?.replace(/__op$/, "") ?? "";
    if (RANDOM_OPS.has(op)) {
      throw new UserError(
        `tf.${op} in a traced function would repeat the same numbers in every run: make the noise an input ` +
          "and fill it from a stream (fillNormal, fillUniform, fillGumbel)",
      );
    }
    original.call(engine, name);
  };
  return () => {
    Reflect.deleteProperty(engine, "startScope"); // the method of the class shows again
  };
}
