/**
 * Rules for kernels that make tensors out of nothing, which become literals, and diagonals.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { type DType, sizeOf } from "../../types.ts";
import type { Rules } from "../rule.ts";
import { filled, literal } from "../symbols.ts";

export const create = {
  Fill: (_inputs, { shape, value, dtype }: tf.FillAttrs) =>
    filled(Number(value), shape, (dtype ?? "float32") as DType),
  ZerosLike: ({ x }) => filled(0, x.shape, x.dtype),
  OnesLike: ({ x }) => filled(1, x.shape, x.dtype),
  Range: (_inputs, { start, stop, step, dtype }: tf.RangeAttrs) => {
    const length = Math.max(0, Math.ceil((stop - start) / step));
    return literal(Array.from({ length }, (_, i) => start + i * step), [length], dtype as DType);
  },
  LinSpace: (_inputs, { start, stop, num }: tf.LinSpaceAttrs) => {
    const step = (stop - start) / (num - 1);
    return literal(Array.from({ length: num }, (_, i) => start + i * step), [num], "float32");
  },
  /** x on the diagonal of [..., ...], zeros beside it */
  Diag: ({ x }, _: unknown, g) => {
    const size = sizeOf(x.shape);
    const at = literal(Array.from({ length: size }, (_, k) => k), [size], "int32");
    const diagonal = g.binary("Equal", g.reshape(at, [size, 1]), at, "bool");
    const spread = g.where(diagonal, g.reshape(x, [size]), g.scalar(0, x.dtype));
    return g.reshape(spread, [...x.shape, ...x.shape]);
  },
} satisfies Rules;
