/**
 * Rules for comparisons, logic, selection and clipping.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { Builder } from "../builder.ts";
import type { Operands, Rules } from "../rule.ts";
import type { Sym } from "../symbols.ts";

type Binary = (inputs: Operands, attributes: unknown, g: Builder) => Sym;

/** Orderings of booleans are made on int32: ONNX orders numbers only. */
const ordering = (op: string): Binary => ({ a, b }, _, g) =>
  g.binary(op, ordered(a, g), ordered(b, g), "bool");
const ordered = (x: Sym, g: Builder): Sym => x.dtype === "bool" ? g.cast(x, "int32") : x;

const logical = (op: string): Binary => ({ a, b }, _, g) => g.binary(op, a, b, "bool");

/** Whether each element is a number, that is, equal to itself. */
const isNumber = (x: Sym, g: Builder): Sym => g.binary("Equal", x, x, "bool");

/** Whether each element is +∞ or -∞. */
const isInfinite = (x: Sym, g: Builder): Sym =>
  g.binary("Equal", g.unary("Abs", x), g.scalar(Infinity), "bool");

/** `x > 0 ? 1 : alpha`, and NaN for NaN. With alpha 0 it is the sign of the rectified x. */
function step(x: Sym, alpha: number, g: Builder): Sym {
  if (alpha === 0) return g.unary("Sign", g.binary("Max", x, g.scalar(0)));
  const value = g.where(g.binary("Greater", x, g.scalar(0), "bool"), g.scalar(1), g.scalar(alpha));
  return g.where(isNumber(x, g), value, x);
}

/** A condition of lower rank chooses whole rows: its axes are the first ones. */
function select(condition: Sym, yes: Sym, no: Sym, g: Builder): Sym {
  const missing = Math.max(0, yes.shape.length - condition.shape.length);
  const aligned = condition.shape.length === 0
    ? condition
    : g.reshape(condition, [...condition.shape, ...new Array<number>(missing).fill(1)]);
  if (yes.dtype !== "bool") return g.where(aligned, yes, no);
  return g.cast(g.where(aligned, g.cast(yes, "int32"), g.cast(no, "int32")), "bool");
}

export const compare = {
  Greater: ordering("Greater"),
  GreaterEqual: ordering("GreaterOrEqual"),
  Less: ordering("Less"),
  LessEqual: ordering("LessOrEqual"),
  Equal: logical("Equal"),
  NotEqual: ({ a, b }, _: unknown, g) => g.unary("Not", g.binary("Equal", a, b, "bool")),
  LogicalAnd: logical("And"),
  LogicalOr: logical("Or"),
  LogicalNot: ({ x }, _: unknown, g) => g.unary("Not", x),
  BitwiseAnd: ({ a, b }, _: unknown, g) => g.binary("BitwiseAnd", a, b),
  IsNan: ({ x }, _: unknown, g) => g.unary("Not", isNumber(x, g)),
  IsInf: ({ x }, _: unknown, g) => isInfinite(x, g),
  IsFinite: ({ x }, _: unknown, g) =>
    g.binary("And", isNumber(x, g), g.unary("Not", isInfinite(x, g)), "bool"),
  Select: ({ condition, t, e }, _: unknown, g) => select(condition, t, e, g),
  Step: ({ x }, { alpha }: tf.StepAttrs, g) => step(x, alpha, g),
  Sign: ({ x }, _: unknown, g) => g.where(isNumber(x, g), g.unary("Sign", x), g.scalar(0, x.dtype)),
  ClipByValue: ({ x }, { clipValueMin, clipValueMax }: tf.ClipByValueAttrs, g) =>
    g.node("Clip", [x, g.scalar(clipValueMin, x.dtype), g.scalar(clipValueMax, x.dtype)], x),
} satisfies Rules;
