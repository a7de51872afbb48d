/**
 * Puts core's exact functions in the place of the engine's, while planck loads: it takes them then, once, and keeps
 * them. `return_math.ts` puts the engine's back before any other code runs. Why: docs/decisions/0010-lunar-lander.md.
 *
 * @module
 */
import { atan2, cos, sin } from "../../core/mod.ts";

// deno-lint-ignore house/exact-math -- nothing is computed with it: what differs between engines is replaced in it
const engine = globalThis.Math;

/** What planck takes of it that the standard does not define to the bit. */
const exact = { atan2, cos, sin };

/** The engine's own, by name. */
const own = Object.fromEntries(
  Object.keys(exact).map((name) => [name, Object.getOwnPropertyDescriptor(engine, name)!]),
);

for (const [name, value] of Object.entries(exact)) {
  Object.defineProperty(engine, name, { ...own[name], value });
}

/** Puts the engine's functions back. */
export function returnMath(): void {
  Object.defineProperties(engine, own);
}
