/**
 * How an algorithm comes onto the shelf.
 *
 * @module
 */
import type * as z from "zod";
import { settings, UserError } from "../core/mod.ts";
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
      checkReplay(name, set);
      return { name, summary, settings: set, ...make(set) };
    },
  };
}

/** Refuse a replay that could never hold what the first gradient step waits for. */
function checkReplay(name: string, set: Readonly<Record<string, unknown>>): void {
  const { capacity, batch = 0, start = 0 } = set as Partial<Record<"capacity" | "batch" | "start", number>>;
  if (capacity === undefined || capacity >= Math.max(batch, start)) return;
  const most = batch > start ? "batch" : "start";
  const least = Math.max(batch, start);
  throw new UserError(
    `${name}.capacity: expected at least ${most}, which is ${least}, or no gradient step would ever be made; ` +
      `found ${capacity}. Say capacity=${least}, or a smaller ${most}`,
  );
}
