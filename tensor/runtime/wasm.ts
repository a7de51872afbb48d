/**
 * The C functions of ONNX Runtime's WebAssembly module, as far as `web.ts` calls them. A handle is an address; 0 is none.
 * Functions that return a code return 0 when they succeed. Addresses and sizes have 4 bytes.
 *
 * Source   onnxruntime-web 1.30.0, lib/wasm/wasm-types.ts and wasm-core-impl.ts
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";

export interface WasmModule {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(at: number): void;
  stackSave(): number;
  stackRestore(stack: number): void;
  stackAlloc(bytes: number): number;
  getValue(at: number, type: "i32"): number;
  setValue(at: number, value: number, type: "i32"): void;
  UTF8ToString(at: number): string;
  _OrtInit(threads: number, logLevel: number): number;
  _OrtGetLastError(code: number, message: number): number;
  _OrtCreateSessionOptions(
    optimisation: number,
    arena: boolean,
    pattern: boolean,
    mode: number,
    profiling: boolean,
    profile: number,
    log: number,
    logLevel: number,
    verbosity: number,
    optimised: number,
  ): number;
  _OrtReleaseSessionOptions(options: number): number;
  _OrtCreateSession(model: number, bytes: number, options: number): number;
  _OrtReleaseSession(session: number): number;
  _OrtGetInputOutputCount(session: number, inputs: number, outputs: number): number;
  _OrtGetInputOutputMetadata(session: number, index: number, name: number, about: number): number;
  _OrtFree(at: number): number;
  _OrtCreateTensor(
    type: number,
    data: number,
    bytes: number,
    dims: number,
    rank: number,
    location: number,
  ): number;
  _OrtGetTensorData(tensor: number, type: number, data: number, dims: number, rank: number): number;
  _OrtReleaseTensor(tensor: number): number;
  _OrtCreateRunOptions(logLevel: number, verbosity: number, terminate: boolean, tag: number): number;
  _OrtReleaseRunOptions(options: number): number;
  _OrtRun(
    session: number,
    inputNames: number,
    inputs: number,
    inputCount: number,
    outputNames: number,
    outputCount: number,
    outputs: number,
    options: number,
  ): number;
}

/** Makes a module from its settings. */
export type WasmFactory = (settings: {
  readonly numThreads: number;
  readonly wasmBinary?: Uint8Array;
  readonly locateFile?: (file: string) => string;
}) => Promise<WasmModule>;

/** The numbers that `call` writes at the `count` addresses it is given. */
export function numbers(m: WasmModule, count: number, call: (...at: number[]) => number): number[] {
  const stack = m.stackSave();
  try {
    const at = m.stackAlloc(4 * count);
    const code = call(...Array.from({ length: count }, (_, k) => at + 4 * k));
    if (code !== 0) throw new UserError(`ONNX Runtime: ${lastError(m)}`);
    return words(m, at, count);
  } finally {
    m.stackRestore(stack);
  }
}

/** `count` numbers at an address. */
export function words(m: WasmModule, at: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => m.getValue(at + 4 * k, "i32"));
}

/** The text at an address. */
export function text(m: WasmModule, at: number): string {
  return m.UTF8ToString(at);
}

/** What went wrong last. */
export function lastError(m: WasmModule): string {
  const stack = m.stackSave();
  const at = m.stackAlloc(8);
  m._OrtGetLastError(at, at + 4);
  const message = m.getValue(at + 4, "i32");
  const found = message === 0 ? "no reason given" : m.UTF8ToString(message);
  m.stackRestore(stack);
  return found;
}
