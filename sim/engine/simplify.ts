/**
 * Rewrites that change no bit of any result.
 *
 * - x + -0, x · 1, x / 1 are x; 0 + x is x where x cannot be -0
 * - (a − b)² and (b − a)² are one node: negation is exact
 * - min(∞, x) and max(−∞, x) are x
 * - min(√a, √b) is √min(a, b): a correctly rounded root never decreases
 * - √x < c is x < T, where T is the least double whose root is not below c
 * - table[i] · c is a table of products
 *
 * @module
 */
import type { Node, Value } from "./graph.ts";
import type { Op } from "./rules.ts";

/** The part of the tracer that rewriting needs. */
interface Maker {
  apply(op: Op, a: Value, b?: Value, c?: Value): Value;
  table(values: readonly number[], index: Value): Value;
}

/** A cheaper value with the same bits, if there is one. */
export function simplify(op: Op, args: readonly Value[], make: Maker): Value | undefined {
  const [a, b, c] = args as [Value, Value, Value];
  switch (op) {
    case "add":
      if (isNeutral(a, b)) return b;
      return isNeutral(b, a) ? a : undefined;
    case "mul":
      return product(a, b, make) ?? product(b, a, make) ?? square(a, b, make);
    case "div":
      return b === 1 ? a : undefined;
    case "neg":
      return isOp(a, "neg") ? a.args[0] : undefined;
    case "not":
      return isOp(a, "not") ? a.args[0] : undefined;
    case "num":
      return isOp(a, "num") ? a : undefined;
    case "max":
      return a === -Infinity ? b : undefined;
    case "min":
      if (a === Infinity) return b;
      if (!isOp(a, "sqrt") || !isOp(b, "sqrt")) return undefined;
      return make.apply("sqrt", make.apply("min", a.args[0]!, b.args[0]!));
    case "lt":
      if (!isOp(a, "sqrt") || typeof b !== "number" || !(b > 0 && b < 1e100)) return undefined;
      return make.apply("lt", a.args[0]!, rootThreshold(b));
    case "and":
      if (typeof a === "number") return a ? b : 0;
      return typeof b === "number" ? (b ? a : 0) : undefined;
    case "or":
      if (typeof a === "number") return a ? 1 : b;
      return typeof b === "number" ? (b ? 1 : a) : undefined;
    case "select":
      if (typeof a === "number") return a ? b : c;
      return b === c && !Object.is(b, -0) ? b : undefined;
    default:
      return undefined;
  }
}

function isOp(value: Value, op: Op): value is Node & { kind: "op" } {
  return typeof value === "object" && value.kind === "op" && value.op === op;
}

/** Whether zero + x is x, to the bit. */
function isNeutral(zero: Value, x: Value): boolean {
  return Object.is(zero, -0) || zero === 0 && neverMinusZero(x);
}

/** Whether a value can be shown never to be -0. */
function neverMinusZero(value: Value, depth = 4): boolean {
  if (typeof value === "number") return !Object.is(value, -0);
  if (depth === 0 || value.kind !== "op") return false;
  const [a, b, c] = value.args;
  switch (value.op) {
    case "num":
    case "abs":
      return true;
    case "mul":
      return a === b;
    case "sqrt":
      return neverMinusZero(a!, depth - 1);
    case "add":
      return neverMinusZero(a!, depth - 1) || neverMinusZero(b!, depth - 1);
    case "select":
      return neverMinusZero(b!, depth - 1) && neverMinusZero(c!, depth - 1);
    default:
      return false;
  }
}

function product(x: Value, factor: Value, make: Maker): Value | undefined {
  if (typeof factor !== "number") return undefined;
  if (factor === 1) return x;
  if (typeof x === "number" || x.kind !== "table") return undefined;
  return make.table(x.values.map((entry) => entry * factor), x.args[0]!);
}

function square(a: Value, b: Value, make: Maker): Value | undefined {
  if (a !== b || !isOp(a, "sub")) return undefined;
  const [p, q] = a.args as [Value, Value];
  if (rank(p) <= rank(q)) return undefined;
  const turned = make.apply("sub", q, p);
  return make.apply("mul", turned, turned);
}

function rank(value: Value): number {
  return typeof value === "number" ? -1 : value.id;
}

/** The least double T with √T ≥ c, for c > 0: √x < c exactly where x < T. */
export function rootThreshold(c: number): number {
  let threshold = c * c;
  while (Math.sqrt(threshold) >= c) threshold = neighbour(threshold, -1n);
  while (Math.sqrt(threshold) < c) threshold = neighbour(threshold, 1n);
  return threshold;
}

/** The next double above (1) or below (-1) a positive one. */
function neighbour(x: number, direction: bigint): number {
  const bits = new BigInt64Array(1);
  const double = new Float64Array(bits.buffer);
  double[0] = x;
  bits[0]! += direction;
  return double[0]!;
}
