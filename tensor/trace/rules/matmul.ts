/**
 * Rules for matrix products.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import { broadcast, type Builder } from "../builder.ts";
import type { Rules } from "../rule.ts";
import type { Sym } from "../symbols.ts";

/** Swaps the last two axes. */
function transposed(x: Sym, g: Builder): Sym {
  const perm = x.shape.map((_, i) => i);
  const [row, column] = perm.splice(-2);
  perm.push(column!, row!);
  return g.node("Transpose", [x], { shape: perm.map((i) => x.shape[i]!), dtype: x.dtype }, { perm });
}

/** Products of matrices are Gemm, which reads transposed operands in place; stacks of matrices are MatMul. */
function multiply(a: Sym, b: Sym, transA: boolean, transB: boolean, g: Builder): Sym {
  const rows = a.shape.at(transA ? -1 : -2)!;
  const columns = b.shape.at(transB ? -2 : -1)!;
  if (a.shape.length === 2 && b.shape.length === 2) {
    const attributes = { transA: transA ? 1 : 0, transB: transB ? 1 : 0 };
    return g.node("Gemm", [a, b], { shape: [rows, columns], dtype: a.dtype }, attributes);
  }
  const stack = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const operands = [transA ? transposed(a, g) : a, transB ? transposed(b, g) : b];
  return g.node("MatMul", operands, { shape: [...stack, rows, columns], dtype: a.dtype });
}

export const matmul = {
  BatchMatMul: ({ a, b }, { transposeA, transposeB }: tf.BatchMatMulAttrs, g) =>
    multiply(a, b, transposeA, transposeB, g),
} satisfies Rules;
