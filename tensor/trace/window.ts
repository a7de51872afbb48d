/**
 * The geometry of a sliding window, as ONNX writes it: one number for each of the two axes of an image.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs-core";

export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Rows above, columns to the left, rows below, columns to the right. */
  readonly pads: readonly number[];
  /** Height and width of the image. */
  readonly input: readonly number[];
  /** Height and width of the result. */
  readonly output: readonly number[];
  /** Rows and columns at the end of the image that no window reaches. */
  readonly output_padding: readonly number[];
}

/**
 * The window that tfjs worked out. The padding at the end is what the last window needs, and no more: however tfjs
 * rounded the size of the result, ONNX, which rounds down, comes to the same.
 */
export function window(info: tf.backend_util.Conv2DInfo): Window {
  const kernel = [info.filterHeight, info.filterWidth];
  const strides = [info.strideHeight, info.strideWidth];
  const dilations = [info.dilationHeight, info.dilationWidth];
  const input = [info.inHeight, info.inWidth];
  const output = [info.outHeight, info.outWidth];
  const before = [info.padInfo.top, info.padInfo.left];
  const missing = output.map((n, i) =>
    (n - 1) * strides[i]! + (kernel[i]! - 1) * dilations[i]! + 1 - input[i]! - before[i]!
  );
  return {
    kernel,
    strides,
    dilations,
    pads: [...before, ...missing.map((n) => Math.max(0, n))],
    input,
    output,
    output_padding: missing.map((n) => Math.max(0, -n)),
  };
}

/** How many elements of the image each window holds [H', W']; without padding, all windows hold as many. */
export function held({ kernel, strides, pads, input, output }: Window): number[] {
  const [rows, columns] = output.map((n, axis) =>
    Array.from({ length: n }, (_, i) => {
      const start = i * strides[axis]! - pads[axis]!;
      return Math.min(start + kernel[axis]!, input[axis]!) - Math.max(start, 0);
    })
  ) as [number[], number[]];
  return rows.flatMap((height) => columns.map((width) => height * width));
}
