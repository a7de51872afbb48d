/**
 * tfjs's errors about what it does not know, with their cure.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";

/** Where the rule of a kernel belongs, by what its name says; the first that fits. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/Fused/, "fused.ts"],
  [/Conv|Dilation/, "convolution.ts"],
  [/Pool/, "pool.ts"],
  [/Resize|Crop|Flip|Rotate|Transform|Mirror|BatchNorm|LRN|Space/, "image.ts"],
  [/Gather|Scatter|Segment|Sparse|Search|OneHot|TopK|Unique|Bincount/, "gather.ts"],
  [/MatMul|Einsum/, "matmul.ts"],
  [/Greater|Less|Equal|Logical|Is[A-Z]|Select|Bitwise/, "compare.ts"],
  [/^(Sum|Max|Min|Prod|Mean|All|Any|Arg.*|Cum.*|.*Softmax)$/, "reduce.ts"],
  [/Fill|Range|Diag|Lin/, "create.ts"],
  [/Slice|Pad|Shape|Tile|Concat|Split|Pack|Reverse|Broadcast|Dims/, "shape.ts"],
];

/** The error with its cure when tfjs lacks a kernel or a gradient; any other error as it is. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const kernel = /Kernel '(\w+)' not registered/.exec(error.message)?.[1];
  if (kernel !== undefined) {
    const file = FAMILIES.find(([pattern]) => pattern.test(kernel))?.[1];
    return new UserError(
      `the tfjs kernel ${kernel} has no ONNX rule: add one to tensor/trace/rules/` +
        `${file ?? "functions.ts or arithmetic.ts"} and a case to tests/tensor/kernels_test.ts, ` +
        "or write the function with other ops",
    );
  }
  const slope = /gradient function not found for (\w+)/.exec(error.message)?.[1];
  if (slope === undefined) return error;
  return new UserError(
    `the tfjs kernel ${slope} has no gradient: register one in tensor/trace/gradients/ with a case in ` +
      "tests/tensor/gradients_test.ts, or keep it behind stopGradient()",
  );
}
