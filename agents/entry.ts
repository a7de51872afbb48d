/**
 * How an algorithm comes onto the shelf.
 *
 * @module
 */
import type * as z from "zod";
import { settings } from "../core/mod.ts";
import type { Algorithm, AlgorithmEntry } from "./types.ts";

/** The entry of `name`: its settings, and what they make of it. Throws a UserError on a wrong setting. */
export function entry<S extends z.ZodObject>(
  name: string,
  summary: string,
  schema: S,
  make: (set: Readonly<z.output<S>>) => Pick<Algorithm, "needs" | "groups" | "onPolicy" | "obeys" | "start">,
): AlgorithmEntry {
  return {
    name,
    summary,
    settings: schema,
    make(input) {
      const set = settings(schema, input, name);
      return { name, summary, settings: set, ...make(set) };
    },
  };
}
