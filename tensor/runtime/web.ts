/**
 * ONNX Runtime in WebAssembly: the same graphs in a browser tab, or where the native library cannot be loaded. One
 * thread, 3 to 4 times slower than `node.ts`; its results differ from the native ones in low bits.
 *
 * The file imports nothing from `onnxruntime-web`, whose 14 MB belong in no bundle that does not ask for them. The caller
 * passes its module in:
 *
 *     import factory from "onnxruntime-web/ort-wasm-simd-threaded.mjs";
 *     const runtime = await webRuntime({ factory, wasm: "/ort-wasm-simd-threaded.wasm" });
 *
 * Only starting is asynchronous. The package's own `InferenceSession` is so throughout; we call the C functions under it
 * (`wasm.ts`), which are not.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { DType, Numbers, Port, Runtime, Session, Value } from "../types.ts";
import { cached } from "./cache.ts";
import { lastError, numbers, text, type WasmFactory, type WasmModule, words } from "./wasm.ts";

/** The release whose C functions these are. */
const VERSION = "1.30.0";

const LOG_ERRORS = 3;
const OPTIMISE_ALL = 99;
const SEQUENTIAL = 0;
const ON_CPU = 1;

/** TensorProto.DataType numbers of the types that cross the border, and their arrays. */
const TYPES: Readonly<Record<number, DType>> = { 1: "float32", 6: "int32", 9: "bool" };
const CODES: Readonly<Record<DType, number>> = { float32: 1, int32: 6, bool: 9 };
const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/**
 * Starts the runtime. Equal models share a session.
 *
 * @param options.factory the default export of `onnxruntime-web/ort-wasm-simd-threaded.mjs` 1.30.0
 * @param options.wasm the address of `ort-wasm-simd-threaded.wasm`, or its bytes; beside the factory unless given
 * @throws UserError when WebAssembly cannot start here
 */
export async function webRuntime(
  { factory, wasm }: { factory: WasmFactory; wasm?: string | URL | Uint8Array },
): Promise<Runtime> {
  const { Worker } = globalThis; // under Deno the factory takes itself to be in Node and puts Node's in its place
  let module: WasmModule;
  try {
    module = await factory({
      numThreads: 1,
      ...(wasm instanceof Uint8Array ? { wasmBinary: wasm } : wasm && { locateFile: () => String(wasm) }),
    });
  } catch (error) {
    throw new UserError(
      `ONNX Runtime cannot start in WebAssembly: ${error instanceof Error ? error.message : error}`,
    );
  } finally {
    globalThis.Worker = Worker;
  }
  if (module._OrtInit(1, LOG_ERRORS) !== 0) {
    throw new UserError(`ONNX Runtime cannot start in WebAssembly: ${lastError(module)}`);
  }
  return cached({ name: "onnxruntime-web", version: VERSION, load: (model) => load(module, model) });
}

/** A port and the address of its name. */
interface Named extends Port {
  readonly pointer: number;
}

function load(m: WasmModule, model: Uint8Array): Session {
  const options = m._OrtCreateSessionOptions(
    OPTIMISE_ALL,
    true,
    true,
    SEQUENTIAL,
    false,
    0,
    0,
    LOG_ERRORS,
    0,
    0,
  );
  const bytes = m._malloc(model.byteLength);
  m.HEAPU8.set(model, bytes);
  const handle = m._OrtCreateSession(bytes, model.byteLength, options);
  m._free(bytes);
  m._OrtReleaseSessionOptions(options);
  if (handle === 0) throw new UserError(`ONNX Runtime refuses the model: ${lastError(m)}`);
  const [inputCount, outputCount] = numbers(m, 2, (a, b) => m._OrtGetInputOutputCount(handle, a!, b!));
  const ports = Array.from({ length: inputCount! + outputCount! }, (_, k) => port(m, handle, k));
  const inputs = ports.slice(0, inputCount);
  const outputs = ports.slice(inputCount);
  return {
    inputs: inputs.map(plain),
    outputs: outputs.map(plain),
    run: (feeds, into = {}) => run(m, handle, [inputs, outputs], feeds, into),
    dispose() {
      ports.forEach(({ pointer }) => m._OrtFree(pointer));
      m._OrtReleaseSession(handle);
    },
  };
}

function plain({ name, dtype, shape }: Named): Port {
  return { name, dtype, shape };
}

function port(m: WasmModule, session: number, index: number): Named {
  const [pointer, about] = numbers(m, 2, (a, b) => m._OrtGetInputOutputMetadata(session, index, a!, b!)) as [
    number,
    number,
  ];
  const name = text(m, pointer);
  const [type, rank] = words(m, about, 2) as [number, number];
  const named = words(m, about + 8, rank);
  const sizes = words(m, about + 8 + 4 * rank, rank);
  const shape = sizes.map((size, i) => named[i] === 0 ? size : text(m, named[i]!));
  m._OrtFree(about);
  const dtype = TYPES[type];
  if (dtype === undefined) {
    throw new UserError(
      `the model's "${name}" has an unsupported type (${type}): expected float32, int32 or bool`,
    );
  }
  return { name, dtype, shape, pointer };
}

function run(
  m: WasmModule,
  session: number,
  [inputs, outputs]: readonly [readonly Named[], readonly Named[]],
  feeds: Readonly<Record<string, Value>>,
  into: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const stack = m.stackSave();
  const held: number[] = [];
  const tensors: number[] = [];
  const options = m._OrtCreateRunOptions(LOG_ERRORS, 0, false, 0);
  try {
    for (const { name } of inputs) {
      const value = feeds[name];
      if (value === undefined) throw new UserError(`the model's input "${name}" is not given`);
      const bytes = m._malloc(Math.max(1, value.data.byteLength));
      held.push(bytes);
      tensors.push(tensor(m, value, bytes));
    }
    const found = list(m, outputs.map(() => 0));
    const names = [inputs, outputs].map((ports) => list(m, ports.map(({ pointer }) => pointer))) as [
      number,
      number,
    ];
    const given = list(m, tensors);
    const code = m._OrtRun(session, names[0], given, inputs.length, names[1], outputs.length, found, options);
    if (code !== 0) throw new UserError(`ONNX Runtime cannot run the model: ${lastError(m)}`);
    const results = words(m, found, outputs.length);
    tensors.push(...results);
    return Object.fromEntries(
      outputs.map((port, k) => [port.name, read(m, results[k]!, port, into[port.name])]),
    );
  } finally {
    tensors.forEach((handle) => m._OrtReleaseTensor(handle));
    held.forEach((bytes) => m._free(bytes));
    m._OrtReleaseRunOptions(options);
    m.stackRestore(stack);
  }
}

/** A tensor on a copy of the value at `bytes`. */
function tensor(m: WasmModule, { dtype, shape, data }: Value, bytes: number): number {
  m.HEAPU8.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), bytes);
  const handle = m._OrtCreateTensor(
    CODES[dtype],
    bytes,
    data.byteLength,
    list(m, shape),
    shape.length,
    ON_CPU,
  );
  if (handle === 0) throw new UserError(`ONNX Runtime cannot take a tensor [${shape}]: ${lastError(m)}`);
  return handle;
}

/** The value of a computed tensor, written into `into` if that is given. */
function read(m: WasmModule, handle: number, { name, dtype }: Named, into: Value | undefined): Value {
  const found = numbers(m, 4, (...at) => m._OrtGetTensorData(handle, at[0]!, at[1]!, at[2]!, at[3]!));
  const [, bytes, dims, rank] = found as [number, number, number, number];
  const shape = words(m, dims, rank);
  m._OrtFree(dims);
  const size = shape.reduce((n, k) => n * k, 1);
  const source: Numbers = new ARRAYS[dtype](m.HEAPU8.buffer as ArrayBuffer, bytes, size);
  if (into === undefined) return { dtype, shape, data: source.slice() };
  if (into.data.length !== size) {
    throw new UserError(
      `the output "${name}" has the shape [${shape}], and [${into.shape}] was to be written`,
    );
  }
  into.data.set(source);
  return into;
}

/** Numbers on the stack. */
function list(m: WasmModule, values: readonly number[]): number {
  const at = m.stackAlloc(4 * Math.max(1, values.length));
  values.forEach((value, k) => m.setValue(at + 4 * k, value, "i32"));
  return at;
}
