/**
 * Rules for tfjs's fused kernels, which tf.layers calls: they are recorded as the operations they are made of, and
 * `finish.ts` and ONNX Runtime fuse what is worth fusing.
 *
 * @module
 */
import { UserError } from "../../../core/mod.ts";
import type * as tf from "@tensorflow/tfjs-core";
import type { Builder } from "../builder.ts";
import type { Operands, Rules } from "../rule.ts";
import type { Sym } from "../symbols.ts";
import { conv2d } from "./convolution.ts";
import { arithmetic } from "./arithmetic.ts";
import { functions } from "./functions.ts";
import { multiply } from "./matmul.ts";

interface Activated {
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

/** Adds the bias, if there is one, and applies the activation. */
function completed(product: Sym, operands: Operands, a: Activated, g: Builder): Sym {
  const bias = operands.bias as Sym | undefined;
  const x = bias === undefined ? product : g.binary("Add", product, bias);
  return activated({ ...operands, x, alpha: operands.preluActivationWeights }, a, g);
}

function activated(operands: Operands, { activation, leakyreluAlpha }: Activated, g: Builder): Sym {
  switch (activation ?? "linear") {
    case "linear":
      return operands.x;
    case "relu":
      return functions.Relu(operands, undefined, g);
    case "relu6":
      return functions.Relu6(operands, undefined, g);
    case "elu":
      return functions.Elu(operands, undefined, g);
    case "sigmoid":
      return functions.Sigmoid(operands, undefined, g);
    case "leakyrelu":
      return functions.LeakyRelu(operands, { alpha: leakyreluAlpha ?? 0.2 }, g);
    case "prelu":
      return arithmetic.Prelu(operands, undefined, g);
    default:
      throw new UserError(
        `a fused kernel has the activation "${activation}": apply it after the kernel instead`,
      );
  }
}

export const fused = {
  _FusedMatMul: (operands, a: tf._FusedMatMulAttrs, g) =>
    completed(multiply(operands.a, operands.b, a.transposeA, a.transposeB, g), operands, a, g),
  FusedConv2D: (operands, a: tf.FusedConv2DAttrs, g) =>
    completed(conv2d(false)(operands, a, g), operands, a, g),
  FusedDepthwiseConv2D: (operands, a: tf.FusedDepthwiseConv2DAttrs, g) =>
    completed(conv2d(true)(operands, a, g), operands, a, g),
} satisfies Rules;
