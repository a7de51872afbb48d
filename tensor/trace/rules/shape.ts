/**
 * Rules that move elements without computing.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Builder } from "../builder.ts";
import type { Rules } from "../rule.ts";
import { strided } from "../strided.ts";
import { filled, type Sym, uniform } from "../symbols.ts";
import { axesOf, axisOf, permuted, withAxis, withoutAxis } from "./axes.ts";

/** The end of a slice that runs backwards to the first element. */
const BEFORE_FIRST = -(2 ** 31);

function slice(
  x: Sym,
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[],
  shape: readonly number[],
  g: Builder,
): Sym {
  const axes = x.shape.map((_, i) => i).filter((i) =>
    starts[i] !== 0 || ends[i] !== x.shape[i] || steps[i] !== 1
  );
  if (axes.length === 0) return x;
  if (uniform(x) !== undefined) return filled(uniform(x)!, shape, x.dtype);
  const at = (values: readonly number[]): Sym => g.ints(axes.map((i) => values[i]!));
  return g.node("Slice", [x, at(starts), at(ends), g.ints(axes), at(steps)], { shape, dtype: x.dtype });
}

function tile(x: Sym, reps: readonly number[], g: Builder): Sym {
  const shape = x.shape.map((n, i) => n * reps[i]!);
  if (x.shape.every((n, i) => n === 1 || reps[i] === 1)) return g.expand(x, shape);
  return g.node("Tile", [x, g.ints(reps)], { shape, dtype: x.dtype });
}

function concat(parts: readonly Sym[], axis: number, g: Builder): Sym {
  const present = parts.filter((part) => part.shape[axis] !== 0);
  if (present.length <= 1) return present[0] ?? parts[0]!;
  const size = present.reduce((n, part) => n + part.shape[axis]!, 0);
  return g.node("Concat", present, {
    shape: withAxis(present[0]!.shape, axis, size),
    dtype: present[0]!.dtype,
  }, { axis });
}

function split(x: Sym, sizes: readonly number[], axis: number, g: Builder): Sym[] {
  if (sizes.length === 1) return [x];
  const outputs = sizes.map((size) => ({ shape: withAxis(x.shape, axis, size), dtype: x.dtype }));
  const value = uniform(x);
  if (value !== undefined) return outputs.map(({ shape, dtype }) => filled(value, shape, dtype));
  return g.nodes("Split", [x, g.ints(sizes)], outputs, { axis });
}

export const shape = {
  Identity: ({ x }) => x,
  Reshape: ({ x }, attributes: tf.ReshapeAttrs, g) =>
    g.reshape(x, tf.util.inferFromImplicitShape(attributes.shape, tf.util.sizeFromShape([...x.shape]))),
  ExpandDims: ({ input: x }, { dim }: tf.ExpandDimsAttrs, g) => {
    const at = dim < 0 ? x.shape.length + dim + 1 : dim;
    return g.reshape(x, x.shape.toSpliced(at, 0, 1));
  },
  Transpose: ({ x }, { perm }: tf.TransposeAttrs, g) => permuted(x, perm, g),
  BroadcastTo: ({ x }, attributes: tf.BroadCastToAttrs, g) => g.expand(x, attributes.shape),
  Tile: ({ x }, { reps }: tf.TileAttrs, g) => tile(x, reps, g),
  Concat: ({ all }, { axis }: tf.ConcatAttrs, g) => concat(all, axisOf(axis, all[0]!), g),
  SplitV: ({ x }, { numOrSizeSplits, axis }: tf.SplitVAttrs, g) => {
    const along = axisOf(axis, x);
    const dims = { shape: [...x.shape] } as tf.Tensor; // prepareSplitSize reads the shape alone
    return split(x, tf.backend_util.prepareSplitSize(dims, numOrSizeSplits, along), along, g);
  },
  Slice: ({ x }, { begin, size }: tf.SliceAttrs, g) => {
    const dims = { shape: [...x.shape], rank: x.shape.length } as tf.Tensor; // parseSliceParams reads these two alone
    const [starts, sizes] = tf.slice_util.parseSliceParams(dims, begin, size) as [number[], number[]];
    const ends = starts.map((start, i) => start + sizes[i]!);
    return slice(x, starts, ends, starts.map(() => 1), sizes, g);
  },
  StridedSlice: ({ x }, a: tf.StridedSliceAttrs, g) => {
    const { begin, end, strides, lengths, shape } = strided(x.shape, a);
    const ends = end.map((at, i) => strides[i]! < 0 && at < 0 ? BEFORE_FIRST : at);
    return g.reshape(slice(x, begin, ends, strides, lengths, g), shape);
  },
  PadV2: ({ x }, { paddings, constantValue }: tf.PadV2Attrs, g) => {
    if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
    const amounts = g.ints([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
    const shape = x.shape.map((n, i) => n + paddings[i]![0] + paddings[i]![1]);
    return g.node("Pad", [x, amounts, g.scalar(constantValue, x.dtype)], { shape, dtype: x.dtype });
  },
  Pack: ({ all }, { axis }: tf.PackAttrs, g) => {
    const at = axis < 0 ? all[0]!.shape.length + axis + 1 : axis;
    return concat(all.map((part) => g.reshape(part, part.shape.toSpliced(at, 0, 1))), at, g);
  },
  Unpack: ({ value: x }, { axis }: tf.UnpackAttrs, g) => {
    const along = axisOf(axis, x);
    const parts = split(x, new Array<number>(x.shape[along]!).fill(1), along, g);
    return parts.map((part) => g.reshape(part, withoutAxis(x.shape, along)));
  },
  Reverse: ({ x }, { dims }: tf.ReverseAttrs, g) => {
    const axes = axesOf(dims as number | number[] | undefined, x);
    const of = (turned: (n: number) => number, kept: (n: number) => number) =>
      x.shape.map((n, i) => axes.includes(i) ? turned(n) : kept(n));
    return slice(
      x,
      of((n) => n - 1, () => 0),
      of(() => BEFORE_FIRST, (n) => n),
      of(() => -1, () => 1),
      x.shape,
      g,
    );
  },
} satisfies Rules;
