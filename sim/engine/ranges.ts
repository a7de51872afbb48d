/**
 * Ranges of members: which unroll, and whom they visit.
 *
 * @module
 */
import type { Range } from "./graph.ts";

/** Longest range that unrolls; straight-line code for more grows quadratically and warms up for seconds. */
export const UNROLL = 8;

/** Whether a range leaves someone out. */
export function partial(range: Range): boolean {
  return range.after !== undefined || range.except !== undefined || range.near !== undefined;
}

/** The indices of a range whose bounds are numbers, or of all that it might visit. */
export function* concrete({ count, after, except }: Range): Iterable<number> {
  for (let i = typeof after === "number" ? after + 1 : 0; i < count; i++) if (i !== except) yield i;
}
