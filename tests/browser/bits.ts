/**
 * The program that every engine runs: core's hashes, and the plays of the golden file on some backends.
 *
 * @module
 */
import { type BackendName, makeWorld } from "../../sim/mod.ts";
import { type Golden, golden, nameOf, subjects } from "../conformance/golden.ts";
import { computed } from "../core/golden.ts";

export interface Outcome {
  /** Function of core -> hash of its results. */
  readonly core: Readonly<Record<string, string>>;
  /** Subject -> hash of its traced code. */
  readonly code: Readonly<Record<string, string>>;
  /** Backend -> subject -> its plays, or why there are none. */
  readonly plays: Readonly<Record<string, Readonly<Record<string, Golden | string>>>>;
}

/** Plays everything on each of `backends`. */
export function run(backends: readonly BackendName[]): Outcome {
  const known = subjects();
  const each = <T>(of: (subject: typeof known[number]) => T) =>
    Object.fromEntries(known.map((subject) => [nameOf(subject), of(subject)]));
  return {
    core: computed(),
    code: each(({ scenario, actions }) => makeWorld(scenario, { actions, backend: "eval" }).spec.codeHash),
    plays: Object.fromEntries(backends.map((backend) => [
      backend,
      each((subject) => {
        try {
          return golden(subject, backend);
        } catch (error) {
          return String(error);
        }
      }),
    ])),
  };
}
