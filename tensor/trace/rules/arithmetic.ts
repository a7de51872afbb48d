/**
 * Rules for arithmetic on two tensors. Operands broadcast; tfjs has already brought them to one element type.
 *
 * @module
 */
import type { Builder } from "../builder.ts";
import { broadcast, same } from "../builder.ts";
import type { Operands, Rules } from "../rule.ts";
import { type Sym, uniform } from "../symbols.ts";

type Binary = (inputs: Operands, attributes: unknown, g: Builder) => Sym;

const plain = (op: string): Binary => ({ a, b }, _, g) => g.binary(op, a, b);

/** `x ∘ neutral` is x: gradients are full of products with ones and sums with zeros. */
function orElse(x: Sym, other: Sym, neutral: number, g: Builder, record: () => Sym): Sym {
  if (uniform(other) !== neutral || x.dtype !== "float32") return record();
  const shape = broadcast(x.shape, other.shape);
  return same(shape, x.shape) ? x : g.expand(x, shape);
}

/** floor(a / b) as int32, 0 where b is 0. int32 operands go through float64, where the quotient is exact. */
function floorDivide(a: Sym, b: Sym, g: Builder): Sym {
  const wide = a.dtype === "int32" ? "float64" : a.dtype;
  const quotient = g.unary("Floor", g.binary("Div", g.cast(a, wide), g.cast(b, wide)));
  return g.where(
    g.binary("Equal", b, g.scalar(0, b.dtype), "bool"),
    g.scalar(0, "int32"),
    g.cast(quotient, "int32"),
  );
}

/** The remainder with the divisor's sign, as tfjs takes it. */
function modulo(a: Sym, b: Sym, g: Builder): Sym {
  if (a.dtype === "int32") return g.binary("Sub", a, g.binary("Mul", floorDivide(a, b, g), b));
  const fmod = (x: Sym, y: Sym) =>
    g.node("Mod", [x, y], { shape: broadcast(x.shape, y.shape), dtype: "float32" }, { fmod: 1 });
  const zero = g.scalar(0);
  const negative = (x: Sym) => g.binary("Less", x, zero, "bool");
  const remainder = fmod(a, b);
  const sameSign = g.binary("Equal", negative(a), negative(b), "bool");
  return g.where(sameSign, remainder, fmod(g.binary("Add", remainder, b), b));
}

/** The angle of (x, y), y first, from the arctangent of the quotient and the signs. */
function angle(y: Sym, x: Sym, g: Builder): Sym {
  const zero = g.scalar(0);
  const quotient = g.unary("Atan", g.binary("Div", y, x));
  const below = g.binary("Less", y, zero, "bool");
  const turn = g.where(below, g.scalar(-Math.PI), g.scalar(Math.PI));
  const right = g.where(g.binary("Less", x, zero, "bool"), g.binary("Add", quotient, turn), quotient);
  const upright = g.where(
    g.binary("Equal", y, zero, "bool"),
    zero,
    g.where(below, g.scalar(-Math.PI / 2), g.scalar(Math.PI / 2)),
  );
  const onAxis = g.binary("And", g.binary("Equal", x, zero, "bool"), g.binary("Equal", y, y, "bool"), "bool");
  return g.where(onAxis, upright, right);
}

export const arithmetic = {
  Add: ({ a, b }, _: unknown, g) => orElse(a, b, 0, g, () => orElse(b, a, 0, g, () => g.binary("Add", a, b))),
  AddN: ({ all }, _: unknown, g) => all.reduce((sum, x) => g.binary("Add", sum, x)),
  Sub: ({ a, b }, _: unknown, g) => orElse(a, b, 0, g, () => g.binary("Sub", a, b)),
  Multiply: ({ a, b }, _: unknown, g) =>
    orElse(a, b, 1, g, () => orElse(b, a, 1, g, () => g.binary("Mul", a, b))),
  RealDiv: ({ a, b }, _: unknown, g) => orElse(a, b, 1, g, () => g.binary("Div", a, b)),
  FloorDiv: ({ a, b }, _: unknown, g) => floorDivide(a, b, g),
  Mod: ({ a, b }, _: unknown, g) => modulo(a, b, g),
  Pow: plain("Pow"),
  Maximum: plain("Max"),
  Minimum: plain("Min"),
  SquaredDifference: ({ a, b }, _: unknown, g) => {
    const difference = g.binary("Sub", a, b);
    return g.binary("Mul", difference, difference);
  },
  Atan2: ({ a, b }, _: unknown, g) => angle(a, b, g),
  Prelu: ({ x, alpha }, _: unknown, g) =>
    g.where(g.binary("Less", x, g.scalar(0), "bool"), g.binary("Mul", alpha, x), x),
} satisfies Rules;
