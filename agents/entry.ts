/**
 * How an algorithm comes onto the shelf.
 *
 * @module
 */
import type * as z from "zod";
import { settings } from "../core/mod.ts";
import { checkReplay } from "./first_step.ts";
import type { Algorithm, AlgorithmEntry } from "./types.ts";

/** The entry of `name`: its settings, and what they make of it. Throws a UserError on a wrong setting. */
export function entry<S extends z.ZodObject>(
  name: string,
  summary: string,
  schema: S,
  make: (set: Readonly<z.output<S>>) => Omit<Algorithm, "name" | "summary" | "settings">,
): AlgorithmEntry {
  return {
    name,
    summary,
    settings: schema,
    make(input) {
      const set = settings(schema, input, name);
      const algorithm = { name, summary, settings: set, ...make(set) };
      checkReplay(algorithm);
      return algorithm;
    },
  };
}
