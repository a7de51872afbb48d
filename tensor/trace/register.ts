/**
 * Tells tfjs the rules: one kernel per entry, for the backend "onnx". Importing this file also brings the gradients,
 * of which `tfjs-core` alone has none.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import "./gradients.ts";
import { BACKEND, Recorder } from "./recorder.ts";
import type { Operands, Rule, Rules } from "./rule.ts";
import { arithmetic } from "./rules/arithmetic.ts";
import { compare } from "./rules/compare.ts";
import { convolution } from "./rules/convolution.ts";
import { create } from "./rules/create.ts";
import { functions } from "./rules/functions.ts";
import { fused } from "./rules/fused.ts";
import { gather } from "./rules/gather.ts";
import { image } from "./rules/image.ts";
import { matmul } from "./rules/matmul.ts";
import { pool } from "./rules/pool.ts";
import { reduce } from "./rules/reduce.ts";
import { shape } from "./rules/shape.ts";

/** Every rule, by the name of its tfjs kernel. */
export const rules: Rules = {
  ...arithmetic,
  ...compare,
  ...convolution,
  ...create,
  ...functions,
  ...fused,
  ...gather,
  ...image,
  ...matmul,
  ...pool,
  ...reduce,
  ...shape,
};

for (const [kernelName, rule] of Object.entries(rules)) {
  tf.registerKernel({
    kernelName,
    backendName: BACKEND,
    kernelFunc: ({ inputs, backend, attrs }) =>
      record(rule as unknown as Rule<unknown>, inputs, backend, attrs),
  });
}

function record(
  rule: Rule<unknown>,
  inputs: tf.NamedTensorInfoMap,
  backend: unknown,
  attributes: unknown,
): tf.TensorInfo | tf.TensorInfo[] {
  if (!(backend instanceof Recorder)) throw new Error("a recording kernel was called outside a trace");
  const named = Object.entries(inputs).flatMap(([name, info]) =>
    info ? [[name, backend.sym(info)] as const] : []
  );
  const operands = { ...Object.fromEntries(named), all: named.map(([, sym]) => sym) } as unknown as Operands;
  const made = rule(operands, attributes ?? {}, backend.builder);
  return Array.isArray(made) ? made.map((sym) => backend.info(sym)) : backend.info(made);
}
