/**
 * Rules for matrix products.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";
import { broadcast, type Builder } from "../builder.ts";
import type { Rules } from "../rule.ts";
import type { Sym } from "../symbols.ts";
import { permuted } from "./axes.ts";

/** Swaps the last two axes. */
function transposed(x: Sym, g: Builder): Sym {
  const perm = x.shape.map((_, i) => i);
  const [row, column] = perm.splice(-2);
  return permuted(x, [...perm, column!, row!], g);
}

/** Products of matrices are Gemm, which reads transposed operands in place; stacks of matrices are MatMul. */
export function multiply(a: Sym, b: Sym, transA: boolean, transB: boolean, g: Builder): Sym {
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

/** ONNX has the same notation; the shape of the result is read off the letters. */
function einsum(operands: readonly Sym[], equation: string, g: Builder): Sym {
  const [from, to] = equation.replaceAll(" ", "").split("->") as [string, string];
  const sizes = new Map<string, number>();
  from.split(",").forEach((letters, k) => {
    [...letters].forEach((letter, axis) => sizes.set(letter, operands[k]!.shape[axis]!));
  });
  const output = { shape: [...to].map((letter) => sizes.get(letter)!), dtype: operands[0]!.dtype };
  return g.node("Einsum", operands, output, { equation: `${from}->${to}` });
}

export const matmul = {
  BatchMatMul: ({ a, b }, { transposeA, transposeB }: tf.BatchMatMulAttrs, g) =>
    multiply(a, b, transposeA, transposeB, g),
  Einsum: ({ all }, { equation }: tf.EinsumAttrs, g) => einsum(all, equation, g),
} satisfies Rules;
