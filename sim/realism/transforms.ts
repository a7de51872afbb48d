/**
 * What stands between a world and its policies: noisy sensors, and observations and actions that arrive late.
 *
 * They are plain data, so that configs, replays and workers carry them. Observations pass them in the order in which
 * they are given; actions pass theirs in that order too.
 *
 * @module
 */
import * as z from "zod";
import { settings, suggest, UserError } from "../../core/mod.ts";

const error = "expected a whole number from 0 to 1000";
const steps = z.int({ error }).min(0, { error }).max(1000, { error });
const delay = z.strictObject({ steps, random: z.boolean().default(false) });
const noise = z.strictObject({
  deviation: z.union([z.number().min(0), z.array(z.number().min(0)).min(1)]),
  kind: z.enum(["normal", "uniform"]).default("normal"),
});
/** Each transform: what it takes, and which of that its number means where a number is given alone. */
export const flaws = {
  sensorNoise: { options: noise, number: "deviation" },
  observationDelay: { options: delay, number: "steps" },
  actuationDelay: { options: delay, number: "steps" },
} as const;

/** Whether a transform is called `name`. */
export function isFlaw(name: string): name is keyof typeof flaws {
  return Object.hasOwn(flaws, name);
}

export type Transform =
  | { sensorNoise: z.output<typeof noise> }
  | { observationDelay: z.output<typeof delay> }
  | { actuationDelay: z.output<typeof delay> };

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
 * @throws UserError that names the field, what was expected and what was found
 */
export function readTransforms(scenario: string, given: unknown): readonly Transform[] {
  if (!Array.isArray(given)) throw noTransform(scenario, given);
  return given.map((one) => readTransform(scenario, one)).filter((one) => {
    if ("observationDelay" in one) return one.observationDelay.steps > 0;
    if ("actuationDelay" in one) return one.actuationDelay.steps > 0;
    return [one.sensorNoise.deviation].flat().some((deviation) => deviation > 0);
  });
}

/** One transform: an object with the name of one, and its options behind it. */
function readTransform(scenario: string, given: unknown): Transform {
  const [[name, value] = [], ...more] = Object.entries(given ?? {});
  if (name === undefined || more.length > 0 || !isFlaw(name)) {
    throw noTransform(scenario, given, name);
  }
  const { options }: { options: z.ZodObject } = flaws[name];
  return { [name]: settings(options, value, `${scenario}, realism: ${name}`) } as unknown as Transform;
}

function noTransform(scenario: string, given: unknown, name = ""): UserError {
  const near = isFlaw(name) ? undefined : suggest(name, Object.keys(flaws));
  return new UserError(
    `${scenario}, realism: expected a list of { sensorNoise: { deviation } }, { observationDelay: { steps } } and ` +
      `{ actuationDelay: { steps } }, found ${JSON.stringify(given)}` +
      (near === undefined ? "" : `. Did you mean "${near}"?`),
  );
}
