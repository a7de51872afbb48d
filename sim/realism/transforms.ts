/**
 * What stands between a world and its policies: noisy sensors, and observations and actions that arrive late.
 *
 * They are plain data, so that configs, replays and workers carry them. Observations pass them in the order in which
 * they are given; actions pass theirs in that order too.
 *
 * @module
 */
import * as z from "zod";
import { UserError } from "../../core/mod.ts";

const steps = z.int().min(0).max(1000);
const transform = z.union([
  z.strictObject({
    sensorNoise: z.strictObject({
      deviation: z.union([z.number().min(0), z.array(z.number().min(0)).min(1)]),
      kind: z.enum(["normal", "uniform"]).default("normal"),
    }),
  }),
  z.strictObject({ observationDelay: z.strictObject({ steps, random: z.boolean().default(false) }) }),
  z.strictObject({ actuationDelay: z.strictObject({ steps, random: z.boolean().default(false) }) }),
]);

export type Transform = z.output<typeof transform>;

/**
 * Adds a number of its own to each entry of each observation at each step: normal with this deviation, or uniform
 * within ± this. A list gives one for each entry.
 */
export function sensorNoise(options: {
  readonly deviation: number | number[];
  readonly kind?: "normal" | "uniform";
}): Transform {
  return { sensorNoise: { kind: "normal", ...options } };
}

/** Shows what was seen `steps` earlier, the first observation until then; `random`: 0 to `steps`, drawn at each reset. */
export function observationDelay(options: { readonly steps: number; readonly random?: boolean }): Transform {
  return { observationDelay: { random: false, ...options } };
}

/** Does what was chosen `steps` earlier, action 0 (or the number nearest to 0) until then; `random` as above. */
export function actuationDelay(options: { readonly steps: number; readonly random?: boolean }): Transform {
  return { actuationDelay: { random: false, ...options } };
}

/**
 * Transforms that were given as data, those that change nothing left out.
 *
 * @throws UserError saying what there is
 */
export function readTransforms(scenario: string, given: unknown): readonly Transform[] {
  const parsed = z.array(transform).safeParse(given);
  if (!parsed.success) {
    throw new UserError(
      `${scenario}, realism: expected a list of { sensorNoise: { deviation } }, { observationDelay: { steps } } and ` +
        `{ actuationDelay: { steps } }, found ${JSON.stringify(given)}`,
    );
  }
  return parsed.data.filter((one) => {
    if ("observationDelay" in one) return one.observationDelay.steps > 0;
    if ("actuationDelay" in one) return one.actuationDelay.steps > 0;
    return [one.sensorNoise.deviation].flat().some((deviation) => deviation > 0);
  });
}
