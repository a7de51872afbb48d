/**
 * Convolutional networks for images [..., H, W, C], channels last, and their mirror images that draw.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../core/mod.ts";
import { he, zeros } from "./init.ts";
import type { Parts } from "./layout.ts";
import { type Activation, part } from "./nets.ts";
import { sizeOf, type Tensors } from "./types.ts";

/** One layer: square windows of `kernel` pixels, `stride` apart, without padding. */
export interface ConvLayer {
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
}

/** The layers for frames of 84 x 84: Mnih et al. 2015, "Human-level control", methods. */
export const NATURE: readonly ConvLayer[] = [
  { filters: 32, kernel: 8, stride: 4 },
  { filters: 64, kernel: 4, stride: 2 },
  { filters: 64, kernel: 3, stride: 1 },
];

/** Parameters: `prefix.w0` [kernel, kernel, channels, filters], `prefix.b0` [filters], `prefix.w1`, … */
export function convParts(prefix: string, channels: number, layers: readonly ConvLayer[]): Parts {
  const parts: Record<string, Parts[string]> = {};
  let from = channels;
  layers.forEach(({ filters, kernel }, k) => {
    parts[`${prefix}.w${k}`] = { shape: [kernel, kernel, from, filters], init: he() };
    parts[`${prefix}.b${k}`] = { shape: [filters], init: zeros };
    from = filters;
  });
  return parts;
}

/** Height, width and channels behind each layer, the image first. */
export function convShapes(
  image: readonly [number, number, number],
  layers: readonly ConvLayer[],
): number[][] {
  const shapes: number[][] = [[...image]];
  for (const { filters, kernel, stride } of layers) {
    const [height, width] = shapes.at(-1) as [number, number];
    if (Math.min(height, width) < kernel) {
      throw new UserError(
        `a window of ${kernel} does not fit an image of ${height} x ${width}: take fewer layers`,
      );
    }
    const after = (n: number): number => Math.floor((n - kernel) / stride) + 1;
    shapes.push([after(height), after(width), filters]);
  }
  return shapes;
}

/** Number of features that `conv` makes of an image. */
export function convFeatures(image: readonly [number, number, number], layers: readonly ConvLayer[]): number {
  return sizeOf(convShapes(image, layers).at(-1)!);
}

/** The features [..., F] of images x [..., H, W, C], each layer followed by `activation` (relu unless given). */
export function conv(
  p: Tensors,
  prefix: string,
  x: tf.Tensor,
  layers: readonly ConvLayer[],
  { activation = tf.relu }: { readonly activation?: Activation } = {},
): tf.Tensor {
  const image = x.shape.slice(-3) as [number, number, number];
  const features = convFeatures(image, layers);
  let y = tf.reshape(x, [x.size / sizeOf(image), ...image]);
  layers.forEach(({ stride }, k) => {
    const filter = part(p, `${prefix}.w${k}`) as tf.Tensor4D;
    y = activation(tf.add(tf.conv2d(y as tf.Tensor4D, filter, stride, "valid"), part(p, `${prefix}.b${k}`)));
  });
  return tf.reshape(y, [...x.shape.slice(0, -3), features]);
}

/** Parameters of the mirror image of `convParts`: from the features of the last layer back to `channels`. */
export function deconvParts(prefix: string, channels: number, layers: readonly ConvLayer[]): Parts {
  const parts: Record<string, Parts[string]> = {};
  layers.forEach(({ filters, kernel }, k) => {
    const to = k === 0 ? channels : layers[k - 1]!.filters;
    parts[`${prefix}.w${k}`] = { shape: [kernel, kernel, to, filters], init: he() };
    parts[`${prefix}.b${k}`] = { shape: [to], init: zeros };
  });
  return parts;
}

/**
 * Images [..., H, W, C] drawn from features [..., F], through the layers backwards; the last has no activation.
 *
 * @param image the shape [H, W, C] to draw: one whose `convFeatures` is F
 */
export function deconv(
  p: Tensors,
  prefix: string,
  x: tf.Tensor,
  image: readonly [number, number, number],
  layers: readonly ConvLayer[],
  { activation = tf.relu }: { readonly activation?: Activation } = {},
): tf.Tensor {
  const shapes = convShapes(image, layers);
  const last = shapes.at(-1)!;
  if (x.shape.at(-1) !== sizeOf(last)) {
    throw new UserError(
      `deconv ${prefix}: expected ${sizeOf(last)} features ([${last}]), found [${x.shape}]`,
    );
  }
  const rows = x.size / sizeOf(last);
  let y = tf.reshape(x, [rows, ...last]);
  for (let k = layers.length - 1; k >= 0; k--) {
    const filter = part(p, `${prefix}.w${k}`) as tf.Tensor4D;
    const shape = [rows, ...shapes[k]!] as [number, number, number, number];
    const drawn = tf.conv2dTranspose(y as tf.Tensor4D, filter, shape, layers[k]!.stride, "valid");
    y = tf.add(drawn, part(p, `${prefix}.b${k}`));
    if (k > 0) y = activation(y);
  }
  return tf.reshape(y, [...x.shape.slice(0, -1), ...image]);
}
