/**
 * The length of a vector, from + * sqrt alone.
 *
 * @module
 */
import { powersOfTwo, squareError } from "./exact.ts";

const POWERS = powersOfTwo();
const UP = POWERS[700 + 1074]!;
const DOWN = POWERS[-700 + 1074]!;
const LARGE = POWERS[500 + 1074]!;
const SMALL = POWERS[-400 + 1074]!;

/**
 * √(x² + y²), for all doubles within 1 ulp: the rounding errors of both squares and of their sum are added
 * back before the root is taken, and only numbers near the ends of the range are scaled.
 *
 * An infinite argument gives Infinity even beside NaN; else NaN gives NaN.
 */
export function hypot(x: number, y: number): number {
  const most = Math.max(Math.abs(x), Math.abs(y));
  if (most < LARGE && most > SMALL) return root(x, y);
  if (most >= LARGE && most < Infinity) return root(x * DOWN, y * DOWN) * UP;
  if (most <= SMALL) return root(x * UP, y * UP) * DOWN;
  return Math.abs(x) === Infinity || Math.abs(y) === Infinity ? Infinity : NaN;
}

function root(x: number, y: number): number {
  const xx = x * x;
  const yy = y * y;
  const sum = xx + yy;
  const added = sum - xx;
  const sumError = (xx - (sum - added)) + (yy - added);
  return Math.sqrt(sum + (sumError + (squareError(x, xx) + squareError(y, yy))));
}
