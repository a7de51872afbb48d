/**
 * Shape checks at the door of a function.
 *
 * @module
 */
import { UserError } from "./errors.ts";

/**
 * Checks that an array has the expected shape.
 *
 * @param name what the array is called, for the message
 * @param found the sizes of its axes
 * @param expected the sizes by axis letter, in order, time first: `{ T: 128, B: 16 }`; no digits as letters
 * @throws UserError naming both shapes, and the likely slip when it can be told:
 * `advantages: expected [T,B] = [128,16], found [16,128]. It looks transposed: time is the first axis, so
 * write [T, B]`
 */
export function shape(name: string, found: readonly number[], expected: Record<string, number>): void {
  const letters = Object.keys(expected);
  const sizes = Object.values(expected);
  if (same(found, sizes)) return;
  const slip = likelySlip(found, sizes, letters);
  throw new UserError(
    `${name}: expected [${letters}] = [${sizes}], found [${found}]${slip === undefined ? "" : `. ${slip}`}`,
  );
}

/** The mistake that would explain the shape found, with its cure, or undefined when none is recognised. */
function likelySlip(
  found: readonly number[],
  sizes: readonly number[],
  letters: string[],
): string | undefined {
  const order = letters.join(", ");
  if (found.length === sizes.length && same(sorted(found), sorted(sizes))) {
    const why = letters[0] === "T" ? "time is the first axis, so write" : "the axes are";
    return `It looks transposed: ${why} [${order}]`;
  }
  const missing = letters.findIndex((_, axis) => same(found, sizes.toSpliced(axis, 1)));
  if (missing >= 0) return `The axis ${letters[missing]} is missing: write [${order}]`;
  if (found.length > sizes.length && same(found.filter((n) => n !== 1), sizes.filter((n) => n !== 1))) {
    return `It has an axis of size 1 too many: drop it`;
  }
  if (found.length === 1 && found[0] === sizes.reduce((product, n) => product * n, 1)) {
    return `It looks flattened: reshape it to [${order}]`;
  }
  return undefined;
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, axis) => n === b[axis]);
}

function sorted(sizes: readonly number[]): number[] {
  return [...sizes].sort((a, b) => a - b);
}
