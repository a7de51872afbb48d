/**
 * The operations of the scenario language, one rule each: what it computes, and how the compiled JavaScript says it.
 * Both sides of a rule use the same functions, so constant folding, `eval` and `js` give the same bits.
 *
 * Truths are 0 and 1 when computed here; compiled code may hold `true` and `false` in their place, and turns them into
 * numbers by `num`.
 *
 * @module
 */
import { atan2, cos, exp, log, pow, sin, softplus, tan, tanh } from "../../core/mod.ts";

interface Rule {
  apply(a: number, b: number, c: number): number;
  js(a: string, b: string, c: string): string;
}

/** Member i of a list of n: rounded down and kept within the list; NaN counts as 0. */
function clampIndex(i: number, n: number): number {
  return i > 0 ? (i < n - 1 ? Math.floor(i) : n - 1) : 0;
}

function mod(a: number, b: number): number {
  return a - Math.floor(a / b) * b;
}

/** What compiled code calls by name. */
export const LIBRARY = { atan2, clampIndex, cos, exp, log, mod, pow, sin, softplus, tan, tanh } as const;

function call(name: keyof typeof LIBRARY): Rule {
  const apply = LIBRARY[name] as (a: number, b: number) => number;
  return { apply, js: apply.length === 2 ? (a, b) => `${name}(${a}, ${b})` : (a) => `${name}(${a})` };
}

function infix(sign: string, apply: Rule["apply"]): Rule {
  return { apply, js: (a, b) => `${a} ${sign} ${b}` };
}

export const RULES = {
  add: infix("+", (a, b) => a + b),
  sub: infix("-", (a, b) => a - b),
  mul: infix("*", (a, b) => a * b),
  div: infix("/", (a, b) => a / b),
  neg: { apply: (a) => -a, js: (a) => `-${a}` },
  sqrt: { apply: (a) => Math.sqrt(a), js: (a) => `sqrt(${a})` },
  abs: { apply: (a) => Math.abs(a), js: (a) => `abs(${a})` },
  floor: { apply: (a) => Math.floor(a), js: (a) => `floor(${a})` },
  min: { apply: (a, b) => Math.min(a, b), js: (a, b) => `min(${a}, ${b})` },
  max: { apply: (a, b) => Math.max(a, b), js: (a, b) => `max(${a}, ${b})` },
  /** To float32 and back. */
  fround: { apply: (a) => Math.fround(a), js: (a) => `fround(${a})` },
  mod: call("mod"),
  exp: call("exp"),
  log: call("log"),
  sin: call("sin"),
  cos: call("cos"),
  tan: call("tan"),
  tanh: call("tanh"),
  softplus: call("softplus"),
  pow: call("pow"),
  atan2: call("atan2"),
  clampIndex: call("clampIndex"),
  lt: infix("<", (a, b) => a < b ? 1 : 0),
  le: infix("<=", (a, b) => a <= b ? 1 : 0),
  eq: infix("===", (a, b) => a === b ? 1 : 0),
  and: { apply: (a, b) => a && b, js: (a, b) => `${a} && ${b}` },
  or: { apply: (a, b) => a || b, js: (a, b) => `${a} || ${b}` },
  not: { apply: (a) => a ? 0 : 1, js: (a) => `!${a}` },
  /** `true | 0` is 1 without a jump, which a processor would guess wrong every other time. */
  num: { apply: (a) => a, js: (a) => `${a} | 0` },
  select: { apply: (a, b, c) => a ? b : c, js: (a, b, c) => `${a} ? ${b} : ${c}` },
} satisfies Record<string, Rule>;

export type Op = keyof typeof RULES;
