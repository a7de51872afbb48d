/**
 * Mirrored borders.
 *
 * @module
 */

/** For each element of an axis with mirrored borders, the element of the axis without them that it repeats. */
export function mirrored(
  length: number,
  before: number,
  after: number,
  mode: "reflect" | "symmetric",
): number[] {
  const shared = mode === "reflect" ? 0 : 1; // whether the border repeats the outermost element
  return Array.from({ length: before + length + after }, (_, i) => {
    const at = i - before;
    if (at < 0) return -at - shared;
    return at < length ? at : 2 * (length - 1) - at + shared;
  });
}
