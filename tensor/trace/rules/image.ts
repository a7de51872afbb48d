/**
 * Rules for images and borders: resizing, mirrored borders, channels turned into pixels, batch normalisation.
 *
 * @module
 */
import { UserError } from "../../../core/mod.ts";
import type * as tf from "@tensorflow/tfjs-core";
import type { Builder } from "../builder.ts";
import type { Rules } from "../rule.ts";
import { literal, type Sym } from "../symbols.ts";
import { mirrored } from "../mirror.ts";
import { type Interpolation, type Resize, resizing } from "../resize.ts";
import { permuted, withAxis } from "./axes.ts";

/** Resizing is linear along each axis: two matrix products. */
function resized(images: Sym, kind: Interpolation, a: Resize, g: Builder): Sym {
  const [samples, height, width, channels] = images.shape as [number, number, number, number];
  const [newHeight, newWidth] = a.size;
  const rows = literal(resizing(height, newHeight, kind, a), [newHeight, height], "float32");
  const columns = literal(resizing(width, newWidth, kind, a), [newWidth, width], "float32");
  const product = (matrix: Sym, x: Sym, shape: number[]) =>
    g.node("MatMul", [matrix, x], { shape, dtype: "float32" });
  const flat = g.reshape(g.cast(images, "float32"), [samples, height, width * channels]);
  const tall = product(rows, flat, [samples, newHeight, width * channels]);
  const lines = g.reshape(tall, [samples, newHeight, width, channels]);
  return product(columns, lines, [samples, newHeight, newWidth, channels]);
}

function mirrorPad(x: Sym, { paddings, mode }: tf.MirrorPadAttrs, g: Builder): Sym {
  return paddings.reduce((padded, [before, after], axis) => {
    if (before === 0 && after === 0) return padded;
    const places = mirrored(x.shape[axis]!, before, after, mode);
    const shape = withAxis(padded.shape, axis, places.length);
    return g.node("Gather", [padded, g.ints(places)], { shape, dtype: x.dtype }, { axis });
  }, x);
}

/** Blocks of channels become blocks of pixels: [N, H, W, b·b·C] to [N, bH, bW, C]. */
function depthToSpace(x: Sym, { blockSize: b, dataFormat }: tf.DepthToSpaceAttrs, g: Builder): Sym {
  if (dataFormat !== "NHWC") throw new UserError("tf.depthToSpace: transpose the image to NHWC first");
  const [samples, height, width, depth] = x.shape as [number, number, number, number];
  const channels = depth / (b * b);
  const blocks = permuted(g.reshape(x, [samples, height, width, b, b, channels]), [0, 1, 3, 2, 4, 5], g);
  return g.reshape(blocks, [samples, height * b, width * b, channels]);
}

export const image = {
  ResizeBilinear: ({ images }, a: Resize, g) => resized(images, "bilinear", a, g),
  ResizeNearestNeighbor: ({ images }, a: Resize, g) => resized(images, "nearest", a, g),
  MirrorPad: ({ x }, a: tf.MirrorPadAttrs, g) => mirrorPad(x, a, g),
  DepthToSpace: ({ x }, a: tf.DepthToSpaceAttrs, g) => depthToSpace(x, a, g),
  /** (x - mean) / sqrt(variance + epsilon) · scale + offset */
  FusedBatchNorm: (
    { x, mean, variance, scale, offset },
    { varianceEpsilon }: tf.FusedBatchNormAttrs,
    g,
  ) => {
    const spread = g.unary("Sqrt", g.binary("Add", variance, g.scalar(varianceEpsilon)));
    const normal = g.binary("Div", g.binary("Sub", x, mean), spread);
    const scaled = scale === undefined ? normal : g.binary("Mul", normal, scale);
    return offset === undefined ? scaled : g.binary("Add", scaled, offset);
  },
} satisfies Rules;
