/**
 * Settings: one frozen object made from a zod schema, where defaults, ranges and docs are declared once.
 *
 * @module
 */
import * as z from "zod";
import { UserError } from "./errors.ts";
import { expectation, quote } from "./expectation.ts";
import { suggest } from "./suggest.ts";

/**
 * The settings that `input` gives, defaults filled in, frozen to the leaves (typed arrays and objects that
 * the schema passes through untouched stay as they are).
 *
 * Unknown keys are errors at every depth, whether or not the schema is strict; only `z.looseObject` and
 * `catchall` allow them.
 *
 * @param what whose settings these are, the first word of every message
 * @throws UserError with one line for each fault:
 * `mappo has no setting "gama". Did you mean "gamma"? It has: gamma, clip`,
 * `mappo.gamma: expected a number of at most 1, found 2`
 */
export function settings<S extends z.ZodObject>(
  schema: S,
  input: unknown,
  what: string,
): Readonly<z.output<S>> {
  const parsed = schema.safeParse(input);
  const faults = unknownKeys([schema], input, what);
  const unknownSeen = faults.length > 0;
  for (const issue of parsed.error?.issues ?? []) {
    if (issue.code === "unrecognized_keys" && unknownSeen) continue;
    faults.push(fault(issue, input, what));
  }
  if (faults.length > 0 || !parsed.success) throw new UserError(faults.join("\n"));
  return freeze(parsed.data, input);
}

/** One line for one issue: the field, what was expected, what was found. */
function fault(issue: z.core.$ZodIssue, input: unknown, what: string): string {
  const field = [what, ...issue.path.map(String)].join(".");
  if (issue.code === "unrecognized_keys") {
    return `${field} has no setting ${issue.keys.map(quote).join(", ")}`;
  }
  const found = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown>)?.[key],
    input,
  );
  const wanted = expectation(issue, found);
  if (issue.code === "custom" && issue.path.length === 0) return `${field}: ${wanted}`;
  if (found === undefined) return `${field} is missing: ${wanted}`;
  return `${field}: ${wanted}, found ${quote(found)}${nearValue(issue, found)}`;
}

/** `. Did you mean "joint"?` when a choice was misspelt. */
function nearValue(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.code !== "invalid_value" || typeof found !== "string") return "";
  const near = suggest(found, issue.values.filter((value) => typeof value === "string"));
  return near === undefined ? "" : `. Did you mean ${quote(near)}?`;
}

/** One line for each key of `value`, at any depth, that none of the alternative schemas knows. */
function unknownKeys(schemas: readonly z.core.$ZodType[], value: unknown, name: string): string[] {
  const all = schemas.flatMap(unwrap);
  if (Array.isArray(value)) {
    const elements = all.filter((schema) => schema instanceof z.ZodArray).map((schema) => schema.element);
    return value.flatMap((item, i) => unknownKeys(elements, item, `${name}.${i}`));
  }
  if (typeof value !== "object" || value === null) return [];
  const objects = all.filter((schema) => schema instanceof z.ZodObject);
  const values = all.filter((schema) => schema instanceof z.ZodRecord).map((schema) => schema.valueType);
  const open = values.length > 0 || objects.length === 0 || objects.some(isOpen);
  const known = new Set(objects.flatMap((object) => Object.keys(object.shape)));
  return Object.entries(value).flatMap(([key, item]) => {
    if (!open && !known.has(key)) return [unknownKey(key, [...known], name)];
    const fields = objects.flatMap((object) => Object.hasOwn(object.shape, key) ? [object.shape[key]!] : []);
    return unknownKeys([...fields, ...values], item, `${name}.${key}`);
  });
}

function unknownKey(key: string, known: string[], name: string): string {
  const near = suggest(key, known);
  const hint = near === undefined ? "" : ` Did you mean ${quote(near)}?`;
  return `${name} has no setting ${quote(key)}.${hint} It has: ${known.join(", ") || "none"}`;
}

/** Whether an object schema allows keys beyond its own. */
function isOpen(object: z.ZodObject): boolean {
  const { catchall } = object.def;
  return catchall !== undefined && catchall._zod.def.type !== "never";
}

/** The schemas behind optional, default, pipe and the like; each option of a union. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(unwrap);
  if (schema instanceof z.ZodIntersection) return [schema.def.left, schema.def.right].flatMap(unwrap);
  if (schema instanceof z.ZodPipe) return unwrap(schema.in);
  if (schema instanceof z.ZodLazy) return unwrap(schema.unwrap());
  const { def } = schema._zod;
  return "innerType" in def ? unwrap(def.innerType as z.core.$ZodType) : [schema];
}

/**
 * Freezes what the schema built, to the leaves; what it took over from the input as it was is not ours to
 * freeze.
 */
function freeze<T>(value: T, source: unknown): T {
  if (typeof value !== "object" || value === null || value === source) return value;
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!plain) return value;
  for (const [key, item] of Object.entries(value)) {
    freeze(item, (source as Record<string, unknown> | undefined)?.[key]);
  }
  return Object.freeze(value);
}
