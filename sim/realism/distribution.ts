/**
 * Params as distributions: what a world draws for each environment at each reset.
 *
 * @module
 */
import * as z from "zod";
import { cos, exp, log, suggest, UserError } from "../../core/mod.ts";

const real = z.number();

/** `{ uniform: [0.7, 1.3] }` and the like; `normal` is [mean, standard deviation]. */
const drawn = z.union([
  z.strictObject({ uniform: z.tuple([real, real]) }),
  z.strictObject({ normal: z.tuple([real, real]) }),
  z.strictObject({ logUniform: z.tuple([real, real]) }),
  z.strictObject({ choice: z.array(real).min(1) }),
]);

/** A distribution for each stage of a curriculum, or a number that is fixed in it. */
const staged = z.strictObject({ stages: z.array(z.union([real, drawn])).min(1) });

export type Drawn = z.output<typeof drawn>;
export type Staged = z.output<typeof staged>;
export type Distribution = Drawn | Staged;

/** What a value may be: bounds of a param; `open` ones are not reached. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

const KINDS = ["uniform", "normal", "logUniform", "choice", "stages"];
const EXPECTED = "{ uniform: [low, high] }, { normal: [mean, deviation] }, { logUniform: [low, high] } or " +
  "{ choice: [a, b, …] }";

/** Whether a param's value is meant as a distribution. */
export function isDistribution(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.keys(value).some((key) => KINDS.includes(key));
}

/**
 * Refuses an object for a param that takes numbers, where the name of its distribution is none.
 *
 * @throws UserError with the nearest name
 */
export function refuseMisnamed(name: string, value: unknown, schema: z.core.$ZodType): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const { type } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  if (type !== "number" && type !== "integer") return;
  throw new UserError(
    `${name}: expected a number, or ${EXPECTED}, found ${JSON.stringify(value)}${nearKind(value)}`,
  );
}

/** `. Did you mean "uniform"?` where a distribution's name was misspelt. */
function nearKind(value: unknown): string {
  const [key] = Object.keys(value as object);
  const near = key === undefined || KINDS.includes(key) ? undefined : suggest(key, KINDS);
  return near === undefined ? "" : `. Did you mean "${near}"?`;
}

/** Fractions for a param that takes whole numbers. Whether it can be drawn at all, only its scenario's trace tells. */
export class FractionsDrawn extends UserError {}

/**
 * A distribution as it was given, looked at.
 *
 * @param schema of the param: every value that can be drawn has to pass it
 * @throws UserError naming the param, what was expected and what was found
 */
export function readDistribution(name: string, value: unknown, schema: z.core.$ZodType): Distribution {
  const parsed = z.union([drawn, staged]).safeParse(value);
  if (!parsed.success) {
    throw new UserError(`${name}: expected ${EXPECTED}, found ${JSON.stringify(value)}${nearKind(value)}`);
  }
  const given = parsed.data;
  for (const number of samplesOf(name, given)) {
    if (z.safeParse(schema, number).success) continue;
    const refused = `${name}: ${JSON.stringify(value)} can give ${number}, which is`;
    if (z.safeParse(schema, Math.round(number)).success && !Number.isInteger(number)) {
      throw new FractionsDrawn(`${refused} no whole number`);
    }
    throw new UserError(`${refused} refused: keep the distribution within what the param allows`);
  }
  return given;
}

/** Values that stand for all that a distribution, or any stage of a curriculum, can give. */
export function samplesOf(name: string, given: Distribution): number[] {
  const each = "stages" in given ? given.stages : [given];
  return each.flatMap((one) => samples(name, one, given));
}

/** Values that stand for all that can be drawn: ends and a point between. */
function samples(name: string, one: number | Drawn, given: unknown): readonly number[] {
  if (typeof one === "number") return [one];
  if ("choice" in one) return one.choice;
  if ("normal" in one) {
    const [mean, deviation] = one.normal;
    if (deviation >= 0) return [mean];
    throw new UserError(`${name}: expected a deviation of at least 0, found ${JSON.stringify(given)}`);
  }
  const [low, high] = "uniform" in one ? one.uniform : one.logUniform;
  if (low > high) throw new UserError(`${name}: expected [low, high], found ${JSON.stringify(given)}`);
  if ("logUniform" in one && low <= 0) {
    throw new UserError(`${name}: logUniform needs a low above 0, found ${JSON.stringify(given)}`);
  }
  return [low, high, low + (high - low) * 0.381966];
}

/** The value that stands for a distribution where one number is asked for: its mean; a curriculum's first stage. */
export function nominal(given: Distribution | number): number {
  if (typeof given === "number") return given;
  if ("stages" in given) return nominal(given.stages[0]!);
  if ("normal" in given) return given.normal[0];
  if ("choice" in given) return given.choice[0]!;
  if ("uniform" in given) return (given.uniform[0] + given.uniform[1]) / 2;
  const [low, high] = given.logUniform;
  return exp((log(low) + log(high)) / 2);
}

/** What two numbers of [0, 1) draw, in plain numbers: for class worlds. */
export function pick(
  given: Distribution | number,
  { low, high }: Bounds,
  stage: number,
  u: number,
  v: number,
): number {
  if (typeof given === "number") return given;
  if ("stages" in given) {
    const last = given.stages.length - 1;
    return pick(given.stages[Math.max(0, Math.min(last, Math.round(stage)))]!, { low, high }, 0, u, v);
  }
  if ("uniform" in given) return u * (given.uniform[1] - given.uniform[0]) + given.uniform[0];
  if ("choice" in given) return given.choice[Math.floor(u * given.choice.length)]!;
  if ("normal" in given) {
    const [mean, deviation] = given.normal;
    const normal = Math.sqrt(-2 * log(1 - u)) * cos(2 * Math.PI * v);
    return Math.min(high, Math.max(low, normal * deviation + mean));
  }
  const [least, most] = given.logUniform;
  return Math.min(most, Math.max(least, exp(u * (log(most) - log(least)) + log(least))));
}

/** What a param's schema allows. A bound that is not allowed itself is kept off by a thousandth of the mean's distance. */
export function boundsOf(schema: z.core.$ZodType, mean: number): Bounds {
  const json = z.toJSONSchema(schema, { io: "input" }) as Record<string, unknown>;
  const number = (key: string) => typeof json[key] === "number" ? json[key] as number : undefined;
  const off = (bound: number | undefined) => bound === undefined ? undefined : bound + (mean - bound) / 1000;
  return {
    low: number("minimum") ?? off(number("exclusiveMinimum")) ?? -Infinity,
    high: number("maximum") ?? off(number("exclusiveMaximum")) ?? Infinity,
  };
}
