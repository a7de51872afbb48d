/**
 * Rules for reductions and running sums. From opset 18 on, ONNX takes the axes of a reduction as an input.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../types.ts";
import type { Builder } from "../builder.ts";
import type { Operands, Rules } from "../rule.ts";
import { filled, type Sym } from "../symbols.ts";
import { axesOf, axisOf, withAxis, withoutAxis } from "./axes.ts";

/** tfjs calls the axes of most reductions `axis`, and those of Max `reductionIndices`. */
interface ReduceAttributes {
  axis?: number | readonly number[] | null;
  reductionIndices?: number | readonly number[] | null;
  keepDims?: boolean;
}

function reduced(
  op: string,
  x: Sym,
  { axis, reductionIndices, keepDims }: ReduceAttributes,
  g: Builder,
): Sym {
  const axes = axesOf(axis ?? reductionIndices, x);
  if (axes.length === 0) return x;
  const shape = keepDims
    ? x.shape.map((n, i) => axes.includes(i) ? 1 : n)
    : x.shape.filter((_, i) => !axes.includes(i));
  return g.node(op, [x, g.ints(axes)], { shape, dtype: x.dtype }, { keepdims: keepDims ? 1 : 0 });
}

/** A sum; of the rows of a matrix it is a product with ones, which is several times faster. */
function sum({ x }: Operands, attributes: ReduceAttributes, g: Builder): Sym {
  const [rows, columns] = x.shape;
  const axes = axesOf(attributes.axis, x);
  if (x.dtype !== "float32" || x.shape.length !== 2 || `${axes}` !== "0" || rows! < 16) {
    return numeric("ReduceSum")({ x } as Operands, attributes, g);
  }
  const total = g.node("MatMul", [filled(1, [1, rows!], "float32"), x], {
    shape: [1, columns!],
    dtype: x.dtype,
  });
  return attributes.keepDims ? total : g.reshape(total, [columns!]);
}

/** A reduction of numbers; booleans count as 0 and 1. */
const numeric = (op: string) => ({ x }: Operands, attributes: ReduceAttributes, g: Builder): Sym =>
  reduced(op, x.dtype === "bool" ? g.cast(x, "int32") : x, attributes, g);

/** The largest or smallest element, NaN if there is one: ONNX Runtime's own reductions may lose it. */
const extreme = (op: string) => ({ x }: Operands, attributes: ReduceAttributes, g: Builder): Sym => {
  const found = numeric(op)({ x } as Operands, attributes, g);
  if (x.dtype !== "float32" || found === x) return found;
  const zeroOrNaN = g.node("Clip", [x, g.scalar(0), g.scalar(0)], x);
  return g.binary("Add", found, reduced("ReduceSum", zeroOrNaN, attributes, g));
};

/** A reduction of booleans, made on int32. */
const logical = (op: string) => ({ x }: Operands, attributes: ReduceAttributes, g: Builder): Sym =>
  g.cast(reduced(op, g.cast(x, "int32"), attributes, g), "bool");

/** The mean is a float, whatever it is taken of. */
function mean({ x }: Operands, attributes: ReduceAttributes, g: Builder): Sym {
  return reduced("ReduceMean", g.cast(x, "float32"), attributes, g);
}

/** The place of the most extreme element; a NaN counts as `worst`, where ONNX Runtime's answer depends on its place. */
const argument =
  (op: string, worst: number) => ({ x }: Operands, attributes: ReduceAttributes, g: Builder): Sym => {
    const [axis = 0] = axesOf(attributes.axis, x);
    if (x.shape.length === 0) return filled(0, [], "int32");
    const ordered = x.dtype === "float32" ? g.where(g.binary("Equal", x, x, "bool"), x, g.scalar(worst)) : x;
    const output = { shape: withoutAxis(x.shape, axis), dtype: "int64" as const };
    return g.cast(g.node(op, [ordered], output, { axis, keepdims: 0 }), "int32");
  };

function runningSum({ x }: Operands, { axis, exclusive, reverse }: tf.CumsumAttrs, g: Builder): Sym {
  const along = g.scalar(axisOf(axis, x), "int64");
  return g.node("CumSum", [x, along], x, { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 });
}

/** Running products by doubling: after step s, element i holds the product of the 2^s elements up to it. */
function runningProduct({ x }: Operands, { axis, exclusive, reverse }: tf.CumprodAttrs, g: Builder): Sym {
  const along = axisOf(axis, x);
  const length = x.shape[along]!;
  const shifted = (y: Sym, by: number): Sym => {
    const ones = filled(1, withAxis(x.shape, along, by), x.dtype);
    const [from, to] = reverse ? [by, length] : [0, length - by];
    const kept = g.node(
      "Slice",
      [y, g.ints([from]), g.ints([to]), g.ints([along])],
      { shape: withAxis(x.shape, along, length - by), dtype: x.dtype },
    );
    return g.node("Concat", reverse ? [kept, ones] : [ones, kept], x, { axis: along });
  };
  let product = x;
  for (let by = 1; by < length; by *= 2) product = g.binary("Mul", product, shifted(product, by));
  return exclusive && sizeOf(x.shape) > 0 ? shifted(product, 1) : product;
}

export const reduce = {
  Sum: sum,
  Max: extreme("ReduceMax"),
  Min: extreme("ReduceMin"),
  Prod: numeric("ReduceProd"),
  Mean: mean,
  All: logical("ReduceMin"),
  Any: logical("ReduceMax"),
  ArgMax: argument("ArgMax", Infinity),
  ArgMin: argument("ArgMin", -Infinity),
  Cumsum: runningSum,
  Cumprod: runningProduct,
  Softmax: ({ logits }, { dim }: tf.SoftmaxAttrs, g) =>
    g.unary("Softmax", logits, { axis: axisOf(dim, logits) }),
} satisfies Rules;
