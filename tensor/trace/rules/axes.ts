/**
 * Axes as tfjs names them (negative, single, missing) turned into plain lists, and axes put in another order.
 *
 * @module
 */
import type { Builder } from "../builder.ts";
import { filled, type Sym, uniform } from "../symbols.ts";

/** One axis, counted from the front. */
export function axisOf(axis: number, x: Sym): number {
  return axis < 0 ? axis + x.shape.length : axis;
}

/** The axes of a reduction, ascending; all of them when none is named. */
export function axesOf(axis: number | readonly number[] | null | undefined, x: Sym): number[] {
  if (axis === null || axis === undefined) return x.shape.map((_, i) => i);
  const listed = typeof axis === "number" ? [axis] : [...axis];
  return listed.map((a) => axisOf(a, x)).sort((a, b) => a - b);
}

/** `shape` with the size of one axis replaced. */
export function withAxis(shape: readonly number[], axis: number, size: number): number[] {
  return shape.map((n, i) => i === axis ? size : n);
}

/** `shape` without one axis. */
export function withoutAxis(shape: readonly number[], axis: number): number[] {
  return shape.filter((_, i) => i !== axis);
}

/** Axes in another order: axis i of the result is axis `perm[i]` of `x`. */
export function permuted(x: Sym, perm: readonly number[], g: Builder): Sym {
  if (perm.every((from, to) => from === to)) return x;
  if (uniform(x) !== undefined) return filled(uniform(x)!, perm.map((i) => x.shape[i]!), x.dtype);
  return g.node("Transpose", [x], { shape: perm.map((i) => x.shape[i]!), dtype: x.dtype }, { perm });
}
