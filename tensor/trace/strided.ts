/**
 * Slices with strides and masks, worked out.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/** A slice of each axis, and the shape it leaves. */
export interface Strided {
  readonly begin: readonly number[];
  readonly end: readonly number[];
  readonly strides: readonly number[];
  /** Elements taken along each axis of the source. */
  readonly lengths: number[];
  /** The shape of the result: axes taken away or added by the masks. */
  readonly shape: number[];
}

/** What tf.stridedSlice takes of a tensor of a shape. */
export function strided(source: readonly number[], a: tf.StridedSliceAttrs): Strided {
  const { begin, end, strides, finalShape } = tf.slice_util.sliceInfo(
    [...source],
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
  const lengths = begin.map((from, axis) => Math.max(0, Math.ceil((end[axis]! - from) / strides[axis]!)));
  return { begin, end, strides, lengths, shape: finalShape };
}
