/**
 * The params that a world was given, sorted: numbers, distributions, and what stands between world and policy.
 *
 * @module
 */
import * as z from "zod";
import { UserError } from "../../core/mod.ts";
import type { Scenario } from "../language/scenario.ts";
import type { WorldSpec } from "../types.ts";
import {
  type Bounds,
  boundsOf,
  type Distribution,
  FractionsDrawn,
  isDistribution,
  nominal,
  readDistribution,
  refuseMisnamed,
  samplesOf,
} from "./distribution.ts";
import { readTransforms, type Transform } from "./transforms.ts";

/** A param that is drawn at each reset. */
export interface Randomised {
  readonly name: string;
  /** Its place among the scenario's params, which numbers its draws. */
  readonly place: number;
  readonly given: Distribution;
  /** What a normal distribution is clipped to. */
  readonly bounds: Bounds;
}

export interface Sorted {
  /** Each drawn param by the number that stands for it. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly randomised: Readonly<Record<string, Randomised>>;
  readonly transforms: readonly Transform[];
}

/** The key under which transforms may stand among the params, so that they go wherever params go. */
const KEY = "realism";

/** @throws UserError naming a wrong distribution or transform */
export function sortParams(
  scenario: Scenario,
  given: Readonly<Record<string, unknown>>,
  realism: readonly Transform[] | undefined,
): Sorted {
  const shape = scenario.params.shape;
  const params: Record<string, unknown> = {};
  const randomised: Record<string, Randomised> = {};
  const places = Object.keys(shape);
  const byPlace = Object.entries(given).toSorted(([a], [b]) => places.indexOf(a) - places.indexOf(b));
  for (const [name, value] of byPlace) {
    if (name === KEY && !(KEY in shape)) continue;
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (schema === undefined || !isDistribution(value)) {
      if (schema !== undefined) refuseMisnamed(`${scenario.id}.${name}`, value, schema);
      params[name] = value;
      continue;
    }
    const distribution = read(scenario, name, value, schema);
    const mean = nominal(distribution);
    params[name] = mean;
    randomised[name] = {
      name,
      place: places.indexOf(name),
      given: distribution,
      bounds: boundsOf(schema, mean),
    };
  }
  together(scenario, params, randomised);
  const among = KEY in shape ? undefined : given[KEY];
  if (among !== undefined && realism !== undefined) {
    throw new UserError(`${scenario.id}: realism stands among the params and beside them: leave out one`);
  }
  return { params, randomised, transforms: readTransforms(scenario.id, realism ?? among ?? []) };
}

/** Reads a distribution. Where a param refuses its fractions, the error tells what the param takes instead. */
function read(scenario: Scenario, name: string, value: unknown, schema: z.core.$ZodType): Distribution {
  try {
    return readDistribution(`${scenario.id}.${name}`, value, schema);
  } catch (error) {
    if (!(error instanceof FractionsDrawn)) throw error;
    throw new CannotDraw(scenario, name, error.message, "only { choice: [1, 2, 3] } draws whole numbers");
  }
}

/** What a param may be can depend on the others: refuses what could be drawn and does not go with them. */
function together(
  { id, params: schema }: Scenario,
  params: Readonly<Record<string, unknown>>,
  randomised: Sorted["randomised"],
): void {
  if (!z.safeParse(schema, params).success) return;
  for (const { name, given } of Object.values(randomised)) {
    for (const number of samplesOf(`${id}.${name}`, given)) {
      const { error } = z.safeParse(schema, { ...params, [name]: number });
      if (error === undefined) continue;
      const why = error.issues.map(({ message }) => message).join("; ");
      throw new UserError(
        `${id}.${name}: ${JSON.stringify(given)} can give ${number}, which is refused: ${why}`,
      );
    }
  }
}

/**
 * Params whose drawn ones refuse to be read as numbers: sizes and what a scenario computes outside its expressions
 * cannot vary between environments.
 */
export function guarded(
  scenario: Scenario,
  params: Readonly<Record<string, unknown>>,
  { randomised }: Sorted,
): Readonly<Record<string, unknown>> {
  const names = Object.keys(randomised);
  if (names.length === 0) return params;
  const into: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(params)) {
    if (!names.includes(name)) into[name] = value;
    else Object.defineProperty(into, name, { enumerable: true, get: () => fixed(scenario, name) });
  }
  return Object.freeze(into);
}

/** A param that cannot be drawn at all, or not in this way. */
export class CannotDraw extends UserError {
  constructor(
    readonly scenario: Scenario,
    readonly param: string,
    why = `${scenario.id}.${param} cannot be drawn: it is one number for all environments`,
    /** What draws it, where it can be drawn at all. */
    readonly cure?: string,
  ) {
    super(why);
  }
}

function fixed(scenario: Scenario, name: string): never {
  throw new CannotDraw(scenario, name);
}

/** The params of a world as they were given: distributions, and transforms under "realism". */
export function paramsOf(
  { params, realism }: Pick<WorldSpec, "params" | "realism">,
): Record<string, unknown> {
  if (realism === undefined) return { ...params };
  const { transforms } = realism;
  return { ...params, ...realism.params, ...transforms.length > 0 && { [KEY]: transforms } };
}

/** What a spec says of it; undefined for a world as its scenario is. */
export function realismOf({ randomised, transforms }: Sorted): WorldSpec["realism"] {
  const params = Object.fromEntries(Object.values(randomised).map(({ name, given }) => [name, given]));
  return Object.keys(params).length + transforms.length === 0 ? undefined : { params, transforms };
}
