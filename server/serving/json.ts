/**
 * Reading parsed JSON that anyone may have sent: one question at a time, each with its refusal.
 *
 * @module
 */
import { suggest } from "../../core/mod.ts";
import { Problem } from "../problem.ts";

export type Json = Readonly<Record<string, unknown>>;

/** `value` as an object. `where` names it in the refusal. */
export function object(value: unknown, where: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw expected(where, "an object", value);
  }
  if (Object.hasOwn(value, "__proto__")) {
    throw new Problem(400, `${where}: "__proto__" is no key of this protocol`);
  }
  return value as Json;
}

/** `value` as an array of at most `most` entries. */
export function array(value: unknown, where: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw expected(where, "an array", value);
  if (value.length > most) {
    throw new Problem(400, `${where}: expected at most ${most} entries, found ${value.length}`);
  }
  return value;
}

/** `value` as a string of at most `most` characters. */
export function string(value: unknown, where: string, most: number): string {
  if (typeof value !== "string") throw expected(where, "a string", value);
  if (value.length > most) {
    throw new Problem(400, `${where}: expected at most ${most} characters, found ${value.length}`);
  }
  return value;
}

/** Refuses keys of an optional `parameters` object that are not in `known`. */
export function parameters(value: unknown, where: string, known: readonly string[]): Json {
  if (value === undefined) return {};
  const found = object(value, where);
  for (const key of Object.keys(found)) {
    if (known.includes(key)) continue;
    const near = suggest(key, known);
    const others = known.length === 0 ? "there are none" : `there are: ${known.join(", ")}`;
    const hint = near === undefined ? others : `did you mean ${quote(near)}?`;
    throw new Problem(400, `${where}: ${quote(key)} is not offered; ${hint}`);
  }
  return found;
}

export function expected(where: string, what: string, found: unknown): Problem {
  return new Problem(400, `${where}: expected ${what}, found ${quote(found)}`);
}

/** A value in a few characters, safe to send back; arrays and objects, which may be deep, by kind only. */
export function quote(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "string" && value.length > 64) return `${JSON.stringify(value.slice(0, 60))}…`;
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}
