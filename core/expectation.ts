/**
 * The words for what a zod schema expected and what it found.
 *
 * @module
 */
import type * as z from "zod";

const kinds: Record<string, string> = {
  number: "a number",
  int: "a whole number",
  string: "text",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
  tuple: "a list",
};

const units: Record<string, string> = { string: " characters", array: " items", set: " items" };

/**
 * What the issue's schema expected, starting with "expected"; a message written into the schema goes first.
 */
export function expectation(issue: z.core.$ZodIssue, found: unknown): string {
  if (!/^(Invalid|Too (small|big)|Unrecognized)\b/.test(issue.message)) return issue.message;
  return `expected ${wanted(issue, found)}`;
}

function wanted(issue: z.core.$ZodIssue, found: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      if (typeof found === "number" && !Number.isFinite(found)) return "a finite number";
      return kinds[issue.expected] ?? issue.expected;
    case "too_small":
      return bound(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
    case "too_big":
      return bound(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum);
    case "not_multiple_of":
      return `a multiple of ${issue.divisor}`;
    case "invalid_value":
      return oneOf(issue.values);
    case "invalid_union":
      if ("options" in issue) return oneOf(issue.options as unknown[]);
      return [...new Set(issue.errors.flat().map((inner) => within(inner, found)))].join(" or ");
    case "invalid_format":
      return issue.pattern === undefined
        ? `text in the form of ${issue.format}`
        : `text that matches ${issue.pattern}`;
    default:
      return issue.message;
  }
}

/** An option of a union may fail at a field of its own: name that field. */
function within(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.path.length === 0) return wanted(issue, found);
  return `${issue.path.join(".")} to be ${wanted(issue, undefined)}`;
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin in units) return `${relation} ${limit}${units[origin]}`;
  return `${kinds[origin] ?? "a number"} of ${relation} ${limit}`;
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? quote(values[0]) : `one of ${values.map(quote).join(", ")}`;
}

/** A value as it would be typed, at most 60 letters of it. */
export function quote(value: unknown): string {
  if (typeof value === "number" || value === undefined) return String(value);
  if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") {
    return `a ${typeof value}`;
  }
  const text = JSON.stringify(value, (_, item) => typeof item === "bigint" ? String(item) : item) ??
    String(value);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
