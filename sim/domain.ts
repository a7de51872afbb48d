/**
 * Which backends give the same bits.
 *
 * @module
 */
import type { BackendName } from "./types.ts";

/** What a backend computes in. Within a domain, hashes are equal and replays verify; between them they do not. */
export type Domain = "f64" | "f32";

const DOMAINS: Readonly<Record<BackendName, Domain>> = {
  eval: "f64",
  js: "f64",
  wasm64: "f64",
  wasm32: "f32",
};

/** Every backend, slowest first. */
export const backends = Object.keys(DOMAINS) as readonly BackendName[];

export function domainOf(backend: BackendName): Domain {
  return DOMAINS[backend];
}
