/**
 * Rules for pooling. Padding never counts: it is no candidate for a maximum and no part of an average.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../types.ts";
import type { Builder } from "../builder.ts";
import type { Rules } from "../rule.ts";
import { filled, type Sym } from "../symbols.ts";
import { permuted } from "./axes.ts";
import { FIRST, LAST } from "./convolution.ts";
import { type Window, window } from "../window.ts";

/** What the attributes of all pooling kernels have. */
interface Attributes {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

function geometry(x: Sym, { filterSize, strides, pad, dimRoundingMode }: Attributes): Window {
  const shape = x.shape as [number, number, number, number];
  return window(tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode));
}

function shapeOf(image: Sym, [height, width]: readonly number[]): number[] {
  return [image.shape[0]!, image.shape[1]!, height!, width!];
}

/** The maxima [N, C, H', W'], and where in the flattened image each was found first. */
function maxima(image: Sym, at: Window, g: Builder): [Sym, Sym] {
  const shape = shapeOf(image, at.output);
  const outputs = [{ shape, dtype: image.dtype }, { shape, dtype: "int64" as const }];
  const { kernel: kernel_shape, strides, pads } = at;
  return g.nodes("MaxPool", [image], outputs, { kernel_shape, strides, pads }) as [Sym, Sym];
}

/** Adds each element of dy to the element that was the maximum of its window. */
function maxGradient(dy: Sym, x: Sym, a: Attributes, g: Builder): Sym {
  const image = permuted(x, FIRST, g);
  const [, places] = maxima(image, geometry(x, a), g);
  const zeros = filled(0, [sizeOf(x.shape)], dy.dtype);
  const indices = g.reshape(places, [sizeOf(places.shape)]);
  const updates = g.reshape(permuted(dy, FIRST, g), [sizeOf(dy.shape)]);
  const added = g.node("ScatterElements", [zeros, indices, updates], zeros, { axis: 0, reduction: "add" });
  return permuted(g.reshape(added, image.shape), LAST, g);
}

function average(x: Sym, a: Attributes, g: Builder): Sym {
  const image = permuted(x, FIRST, g);
  const at = geometry(x, a);
  const { kernel: kernel_shape, strides, pads } = at;
  const output = { shape: shapeOf(image, at.output), dtype: x.dtype };
  return permuted(g.node("AveragePool", [image], output, { kernel_shape, strides, pads }), LAST, g);
}

/** Spreads each element of dy over its window, each channel by itself: tfjs divides by the size of a whole window. */
function averageGradient(dy: Sym, x: Sym, a: Attributes, g: Builder): Sym {
  const at = geometry(x, a);
  const image = permuted(dy, FIRST, g);
  const samples = sizeOf(image.shape.slice(0, 2));
  const share = filled(1 / sizeOf(at.kernel), [1, 1, ...at.kernel], dy.dtype);
  const { kernel: kernel_shape, strides, pads, output_padding } = at;
  const spread = g.node(
    "ConvTranspose",
    [g.reshape(image, [samples, 1, ...at.output]), share],
    { shape: [samples, 1, ...at.input], dtype: dy.dtype },
    { kernel_shape, strides, pads, output_padding },
  );
  return permuted(g.reshape(spread, shapeOf(image, at.input)), LAST, g);
}

export const pool = {
  MaxPool: ({ x }, a: Attributes, g) =>
    permuted(maxima(permuted(x, FIRST, g), geometry(x, a), g)[0], LAST, g),
  MaxPoolGrad: ({ dy, input }, a: Attributes, g) => maxGradient(dy, input, a, g),
  AvgPool: ({ x }, a: Attributes, g) => average(x, a, g),
  AvgPoolGrad: ({ dy, input }, a: Attributes, g) => averageGradient(dy, input, a, g),
} satisfies Rules;
