/**
 * Axes as tfjs names them (negative, single, missing) turned into plain lists.
 *
 * @module
 */
import type { Sym } from "../symbols.ts";

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
