/** Cases of kernels that move elements without computing. */
import * as tf from "@tensorflow/tfjs-core";
import { f, i } from "../compare.ts";
import { type Case, FORWARD, of, OWN, unary } from "./case.ts";

const x = f([3, 5], -2.5, -1, -0.5, -1e-8, 0, 1e-8, 0.5, 1, 1, 2.5, -7.25, 9.5, 1e-3, -1e-3, NaN);
const tame = f([3, 4], -2.5, -1, -0.5, 0.25, 0.5, 1, 1, 2.5, -7.25, 9.5, 3, -3);
const other = f([3, 4], 1.5, -1, 2, -0.25, 0.5, 3, 1, -2, 2, -4, 1.25, 7);
const row = f([4], -1.5, 0.5, 2, 3);
const whole = i([3, 4], -7, -3, -1, 0, 1, 3, 5, 7, 8, -8, 2, 100);

export const shape: readonly Case[] = [
  unary("Identity", (x) => tf.clone(x), x),
  unary("Reshape", (x) => tf.reshape(x, [2, -1]), tame),
  unary("ExpandDims", (x) => tf.expandDims(x, 1), tame),
  unary("ExpandDims", (x) => tf.expandDims(x, -1), tame),
  unary("Reshape", (x) => tf.squeeze(x), f([1, 3, 1], 1, 2, 3)),
  unary("Transpose", (x) => tf.transpose(x), tame),
  unary("Transpose", (x) => tf.transpose(x, [2, 0, 1]), f([1, 2, 3], 1, 2, 3, 4, 5, 6)),
  unary("BroadcastTo", (x) => tf.broadcastTo(x, [2, 3, 4]), row),
  unary("Tile", (x) => tf.tile(x, [2, 3]), tame),
  unary("Tile", (x) => tf.tile(x, [1, 3]), f([2, 1], 5, -6)),
  of("Concat", ({ a, b }) => tf.concat([a!, b!], 0), { a: tame, b: other }),
  of("Concat", ({ a, b }) => tf.concat([a!, b!], -1), { a: tame, b: f([3, 2], 1, 2, 3, 4, 5, 6) }),
  of("Concat", ({ a }) => tf.concat([a!, tf.zeros([3, 0])], 1), { a: tame }, FORWARD),
  of("SplitV", ({ x }) => tf.split(x!, 2, 1), { x: tame }),
  of("SplitV", ({ x }) => tf.split(x!, [1, 3], -1), { x: tame }),
  of("SplitV", ({ x }) => tf.split(x!, [1, -1], 0), { x: tame }),
  unary("Slice", (x) => tf.slice(x, [1, 1], [2, 2]), tame),
  unary("Slice", (x) => tf.slice(x, 1), tame),
  unary("Slice", (x) => tf.slice(x, [0, 2], [-1, -1]), tame),
  unary("StridedSlice", (x) => tf.stridedSlice(x, [0, 3], [3, 0], [2, -2]), tame, OWN),
  unary("StridedSlice", (x) => tf.stridedSlice(x, [2, 3], [-4, -5], [-1, -1]), tame, OWN),
  unary("StridedSlice", (x) => tf.stridedSlice(x, [1], [2], [1], 0, 0, 0, 0, 1), tame, OWN),
  unary("StridedSlice", (x) => tf.stridedSlice(x, [0, 0], [3, 4], [1, 3], 0, 0, 0, 0, 0), tame, OWN),
  unary("PadV2", (x) => tf.pad(x, [[1, 0], [2, 1]], -3.5), tame),
  unary("PadV2", (x) => tf.pad(x, [[1, 0], [2, 1]], 7), whole, FORWARD),
  of("Pack", ({ a, b }) => tf.stack([a!, b!]), { a: tame, b: other }),
  of("Pack", ({ a, b }) => tf.stack([a!, b!], 1), { a: tame, b: other }),
  of("Unpack", ({ x }) => tf.unstack(x!), { x: tame }),
  of("Unpack", ({ x }) => tf.unstack(x!, -1), { x: tame }),
  of("Unpack", ({ x }) => tf.unstack(x!), { x: f([1, 2], 3, -4) }),
  of("SplitV", ({ x }) => tf.split(x!, 1, 1), { x: tame }),
  unary("Reverse", (x) => tf.reverse(x, 1), tame),
  unary("Reverse", (x) => tf.reverse(x), tame),
  unary("Reverse", (x) => tf.reverse(x, [0]), whole, FORWARD),
];
