/**
 * Rules for convolutions of images. tfjs keeps channels last (or first, where asked to), ONNX first: transposes at both
 * ends, which ONNX Runtime cancels between neighbours. Filters are [height, width, in, out] in tfjs and
 * [out, in, height, width] in ONNX.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Builder } from "../builder.ts";
import type { Operands, Rules } from "../rule.ts";
import type { Sym } from "../symbols.ts";
import { permuted } from "./axes.ts";
import { type Window, window } from "../window.ts";

/** [N, H, W, C] to [N, C, H, W] and back, where channels are last. */
export const FIRST = [0, 3, 1, 2];
export const LAST = [0, 2, 3, 1];

/** What the attributes of all convolution kernels have. */
interface Attributes {
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  readonly dilations?: [number, number] | number;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

interface Geometry extends Window {
  readonly first: (image: Sym) => Sym;
  readonly last: (image: Sym) => Sym;
  /** 1, or the number of input channels where each is convolved on its own. */
  readonly groups: number;
}

function geometry(
  input: readonly number[],
  filter: readonly number[],
  a: Attributes,
  depthwise: boolean,
  g: Builder,
): Geometry {
  const format = a.dataFormat === "NCHW" ? "channelsFirst" : "channelsLast";
  const info = tf.backend_util.computeConv2DInfo(
    input as [number, number, number, number],
    filter as [number, number, number, number],
    a.strides,
    a.dilations ?? 1,
    a.pad,
    a.dimRoundingMode,
    depthwise,
    format,
  );
  const last = format === "channelsLast";
  return {
    ...window(info),
    first: (image) => last ? permuted(image, FIRST, g) : image,
    last: (image) => last ? permuted(image, LAST, g) : image,
    groups: depthwise ? filter[2]! : 1,
  };
}

/** [H, W, in, out] to [out, in, H, W]; depthwise [H, W, in, multiplier] to [in · multiplier, 1, H, W]. */
function weights(filter: Sym, groups: number, g: Builder): Sym {
  const [height, width, inputs, outputs] = filter.shape as [number, number, number, number];
  if (groups === 1) return permuted(filter, [3, 2, 0, 1], g);
  return g.reshape(permuted(filter, [2, 3, 0, 1], g), [inputs * outputs, 1, height, width]);
}

function convolve(x: Sym, filter: Sym, a: Attributes, depthwise: boolean, g: Builder): Sym {
  const at = geometry(x.shape, filter.shape, a, depthwise, g);
  const image = at.first(x);
  const kernel = weights(filter, at.groups, g);
  const shape = [image.shape[0]!, kernel.shape[0]!, ...at.output];
  const { kernel: kernel_shape, strides, dilations, pads, groups: group } = at;
  return at.last(
    g.node("Conv", [image, kernel], { shape, dtype: x.dtype }, {
      kernel_shape,
      strides,
      dilations,
      pads,
      group,
    }),
  );
}

/** The gradient of a convolution to its input is ConvTranspose with the same filter; so is tf.conv2dTranspose. */
function toInput(
  dy: Sym,
  filter: Sym,
  a: Attributes & { readonly inputShape: readonly number[] },
  depthwise: boolean,
  g: Builder,
): Sym {
  const at = geometry(a.inputShape, filter.shape, a, depthwise, g);
  const image = at.first(dy);
  const kernel = weights(filter, at.groups, g);
  const { kernel: kernel_shape, strides, dilations, pads, groups: group, output_padding } = at;
  const shape = [image.shape[0]!, kernel.shape[1]! * group, ...at.input];
  const attributes = { kernel_shape, strides, dilations, pads, group, output_padding };
  return at.last(g.node("ConvTranspose", [image, kernel], { shape, dtype: dy.dtype }, attributes));
}

/**
 * The gradient of a convolution to its filter is a convolution as well: of the input, its samples taken as channels,
 * with dy as the filter and strides and dilations exchanged.
 */
function toFilter(
  x: Sym,
  dy: Sym,
  a: Attributes & { readonly filterShape: readonly number[] },
  depthwise: boolean,
  g: Builder,
): Sym {
  const at = geometry(x.shape, a.filterShape, a, depthwise, g);
  const image = permuted(at.first(x), [1, 0, 2, 3], g); // [C, N, H, W]
  const filter = permuted(at.first(dy), [1, 0, 2, 3], g); // [M, N, H', W']
  const [channels, samples] = image.shape as [number, number];
  const stacked = depthwise ? g.reshape(image, [1, channels * samples, ...at.input]) : image;
  const sizes = at.output.map((n, i) =>
    Math.floor(
      (at.input[i]! + at.pads[i]! + at.pads[i + 2]! - (n - 1) * at.strides[i]! - 1) / at.dilations[i]!,
    ) + 1
  );
  const full = g.node("Conv", [stacked, filter], {
    shape: [stacked.shape[0]!, filter.shape[0]!, ...sizes],
    dtype: x.dtype,
  }, {
    kernel_shape: at.output,
    strides: at.dilations,
    dilations: at.strides,
    pads: at.pads,
    group: at.groups,
  });
  const shape = [...full.shape.slice(0, 2), ...at.kernel];
  const seen = sizes.every((n, i) => n === at.kernel[i]) // rows that the last window leaves over see no filter
    ? full
    : g.node("Slice", [full, g.ints([0, 0]), g.ints(at.kernel), g.ints([2, 3])], { shape, dtype: x.dtype });
  if (!depthwise) return permuted(seen, [2, 3, 0, 1], g);
  const [height, width, inputs, multiplier] = a.filterShape as [number, number, number, number];
  return permuted(g.reshape(seen, [inputs, multiplier, height, width]), [2, 3, 0, 1], g);
}

type Input = Attributes & { readonly inputShape: readonly number[] };
type Filter = Attributes & { readonly filterShape: readonly number[] };

/** Convolution with the attributes of a fused kernel, for `fused.ts`. */
export const conv2d = (depthwise: boolean) => ({ x, filter }: Operands, a: Attributes, g: Builder): Sym =>
  convolve(x, filter, a, depthwise, g);

export const convolution = {
  Conv2D: conv2d(false),
  Conv2DBackpropInput: ({ dy, filter }, a: Input, g) => toInput(dy, filter, a, false, g),
  Conv2DBackpropFilter: ({ x, dy }, a: Filter, g) => toFilter(x, dy, a, false, g),
  DepthwiseConv2dNative: conv2d(true),
  DepthwiseConv2dNativeBackpropInput: ({ dy, filter }, a: Input, g) => toInput(dy, filter, a, true, g),
  DepthwiseConv2dNativeBackpropFilter: ({ x, dy }, a: Filter, g) => toFilter(x, dy, a, true, g),
} satisfies Rules;
