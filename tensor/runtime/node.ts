/**
 * ONNX Runtime's native engine under Deno and Node: the only file that knows `onnxruntime-node`, pinned to 1.30.0.
 *
 * It takes the package's internal synchronous binding: `InferenceSession.run` of the public API waits for a
 * `setImmediate`, which costs 3 to 12 µs a call and makes every caller asynchronous.
 *
 * @module
 */
import { createRequire } from "node:module";
import { UserError } from "../../core/mod.ts";
import type { DType, Port, Runtime, Session, Value } from "../types.ts";
import { cached } from "./cache.ts";

/** What the binding takes and gives for a tensor. */
interface NativeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: Value["data"];
  readonly location: "cpu";
}

/** What the binding says of an input or output; a dimension of -1 has a name. */
interface NativePort {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type: number;
  readonly shape: readonly number[];
  readonly symbolicDimensions: readonly string[];
}

interface NativeSession {
  readonly inputMetadata: readonly NativePort[];
  readonly outputMetadata: readonly NativePort[];
  loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: Record<string, unknown>): void;
  run(
    feeds: Record<string, NativeTensor>,
    fetches: Record<string, NativeTensor | null>,
    options: Record<string, unknown>,
  ): Record<string, NativeTensor>;
  dispose(): void;
}

interface Native {
  readonly binding: { readonly InferenceSession: new () => NativeSession };
  readonly initOrt: () => void;
}

/** TensorProto.DataType numbers of the types that cross the border. */
const DTYPES: Readonly<Record<number, DType>> = { 1: "float32", 6: "int32", 9: "bool" };

/**
 * The native runtime. Equal models share a session.
 *
 * @param options.threads threads inside one operation of a heavy model, such as an update. The others have one: their
 * operations are over sooner than a thread wakes up, and a session's threads stay awake for a while after each run, in
 * the way of the next. What is computed is the same for any number
 * @throws UserError where the native library cannot be loaded: `web.ts` runs the same graphs
 */
export function nodeRuntime({ threads = 1 }: { threads?: number } = {}): Runtime {
  const require = createRequire(import.meta.url);
  const { binding, initOrt } = native(require);
  initOrt(); // first: without it the process dies with SIGSEGV
  const { version } = require("onnxruntime-node/package.json") as { version: string };
  const options = {
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 3, // a loop that stops early would warn about its shorter curves at every call
  };
  return cached({
    name: "onnxruntime-node",
    version,
    load(model, heavy) {
      const native = new binding.InferenceSession();
      try {
        const intraOpNumThreads = heavy ? threads : 1;
        const { buffer, byteOffset, byteLength } = model;
        native.loadModel(buffer, byteOffset, byteLength, { ...options, intraOpNumThreads });
      } catch (error) {
        throw new UserError(`ONNX Runtime refuses the model: ${message(error)}`);
      }
      return session(native);
    },
  });
}

function native(require: (path: string) => unknown): Native {
  try {
    return require("onnxruntime-node/dist/binding.js") as Native;
  } catch (error) {
    throw new UserError(`ONNX Runtime's native library cannot be loaded here: ${message(error)}`);
  }
}

function session(native: NativeSession): Session {
  const inputs = native.inputMetadata.map(port);
  const outputs = native.outputMetadata.map(port);
  const dtypes = new Map(outputs.map(({ name, dtype }) => [name, dtype]));
  return {
    inputs,
    outputs,
    run(feeds, into = {}) {
      const given: Record<string, NativeTensor> = {};
      for (const { name } of inputs) given[name] = tensor(name, feeds[name]);
      const fetches: Record<string, NativeTensor | null> = {};
      for (const { name } of outputs) {
        fetches[name] = into[name] === undefined ? null : tensor(name, into[name]);
      }
      const results = native.run(given, fetches, {});
      const values: Record<string, Value> = {};
      for (const { name } of outputs) values[name] = into[name] ?? value(results[name]!, dtypes.get(name)!);
      return values;
    },
    dispose: () => native.dispose(),
  };
}

function tensor(name: string, value: Value | undefined): NativeTensor {
  if (value === undefined) throw new UserError(`the model's input "${name}" is not given`);
  return { type: value.dtype, dims: value.shape, data: value.data, location: "cpu" };
}

function value({ dims, data }: NativeTensor, dtype: DType): Value {
  return { dtype, shape: dims, data };
}

function port({ name, isTensor, type, shape, symbolicDimensions }: NativePort): Port {
  const dtype = isTensor ? DTYPES[type] : undefined;
  if (dtype === undefined) {
    throw new UserError(
      `the model's "${name}" has an unsupported type (${type}): expected float32, int32 or bool`,
    );
  }
  return { name, dtype, shape: shape.map((n, i) => n >= 0 ? n : symbolicDimensions[i] || `axis${i}`) };
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
