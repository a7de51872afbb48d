/**
 * Rules for functions of one tensor.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import type { DType } from "../../types.ts";
import type { Builder } from "../builder.ts";
import type { Operands, Rules } from "../rule.ts";
import type { Sym } from "../symbols.ts";

const plain = (op: string) => ({ x }: Operands, _: unknown, g: Builder): Sym => g.unary(op, x);

/** Kernels that ONNX has under some name. */
const direct = {
  Abs: plain("Abs"),
  Acos: plain("Acos"),
  Acosh: plain("Acosh"),
  Asin: plain("Asin"),
  Asinh: plain("Asinh"),
  Atan: plain("Atan"),
  Atanh: plain("Atanh"),
  Ceil: plain("Ceil"),
  Cos: plain("Cos"),
  Cosh: plain("Cosh"),
  Elu: plain("Elu"),
  Erf: plain("Erf"),
  Exp: plain("Exp"),
  Floor: plain("Floor"),
  Log: plain("Log"),
  Neg: plain("Neg"),
  Reciprocal: plain("Reciprocal"),
  Round: plain("Round"),
  Selu: plain("Selu"),
  Sigmoid: plain("Sigmoid"),
  Sin: plain("Sin"),
  Sinh: plain("Sinh"),
  Softplus: plain("Softplus"),
  Sqrt: plain("Sqrt"),
  Tan: plain("Tan"),
  Tanh: plain("Tanh"),
};

const greater = (x: Sym, bound: number, g: Builder) => g.binary("Greater", x, g.scalar(bound), "bool");

/**
 * log(1 + x) that keeps its digits near 0: the error of rounding 1 + x cancels in log(u) · x / (u - 1).
 *
 * Source   Kahan; Goldberg 1991, "What every computer scientist should know about floating-point arithmetic", thm 4
 */
function log1p(x: Sym, g: Builder): Sym {
  const u = g.binary("Add", x, g.scalar(1));
  const log = g.unary("Log", u);
  const corrected = g.binary("Mul", log, g.binary("Div", x, g.binary("Sub", u, g.scalar(1))));
  const near = g.where(g.binary("Equal", u, g.scalar(1), "bool"), x, corrected);
  return g.where(greater(x, 1, g), log, near);
}

/** exp(x) - 1 that keeps its digits near 0, by the same cancellation: (u - 1) · x / log(u) with u = exp(x). */
function expm1(x: Sym, g: Builder): Sym {
  const u = g.unary("Exp", x);
  const less = g.binary("Sub", u, g.scalar(1));
  const corrected = g.binary("Mul", less, g.binary("Div", x, g.unary("Log", u)));
  const near = g.where(g.binary("Equal", u, g.scalar(1), "bool"), x, corrected);
  return g.where(greater(g.unary("Abs", x), 1, g), less, near);
}

export const functions = {
  ...direct,
  Expm1: ({ x }, _: unknown, g) => expm1(x, g),
  Log1p: ({ x }, _: unknown, g) => log1p(x, g),
  Relu: plain("Relu"),
  Relu6: ({ x }, _: unknown, g) => g.binary("Min", g.binary("Max", x, g.scalar(0)), g.scalar(6)),
  Rsqrt: ({ x }, _: unknown, g) => g.unary("Reciprocal", g.unary("Sqrt", x)),
  Square: ({ x }, _: unknown, g) => g.binary("Mul", x, x),
  LeakyRelu: ({ x }, { alpha }: tf.LeakyReluAttrs, g) => g.unary("LeakyRelu", x, { alpha: { float: alpha } }),
  /** dy · (y < 0 ? y + 1 : 1), the slope of elu from its value */
  EluGrad: ({ dy, y }, _: unknown, g) => {
    const slope = g.binary("Min", g.scalar(1), g.binary("Add", y, g.scalar(1)));
    return g.binary("Mul", dy, slope);
  },
  Cast: ({ x }, { dtype }: tf.CastAttrs, g) => g.cast(x, dtype as DType),
} satisfies Rules;
