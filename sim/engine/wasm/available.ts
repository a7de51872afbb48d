/**
 * Whether the backends `wasm64` and `wasm32` can run here.
 *
 * @module
 */

/** A module with one function that makes a vector. */
// deno-fmt-ignore
const SIMD = Uint8Array.of(
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0, 10, 8, 1, 6, 0, 0x41, 0, 0xfd, 15, 0x0b,
);

/** Whether this engine has SIMD in WebAssembly. */
export function hasSimd(): boolean {
  return WebAssembly.validate(SIMD);
}

/** Whether this engine, and in a page its policy, let worlds run on `wasm64` and `wasm32`. */
export function wasmRuns(): boolean {
  try {
    return new WebAssembly.Module(SIMD) instanceof WebAssembly.Module;
  } catch {
    return false;
  }
}
