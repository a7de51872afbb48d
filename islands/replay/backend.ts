/**
 * What a page simulates on. Its policy forbids code made out of text, so there is no `js`.
 *
 * @module
 */
import { type BackendName, domainOf, type Replay, wasmRuns } from "../../sim/mod.ts";

/** WebAssembly in the bits of the recording; where this browser cannot run it, `eval`: the same bits, slowly. */
export function backendFor({ header }: Replay): BackendName {
  if (domainOf(header.backend) === "f32") return "wasm32";
  return wasmRuns() ? "wasm64" : "eval";
}
