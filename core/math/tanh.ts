/**
 * The hyperbolic tangent, from + - * / alone.
 *
 * @module
 */
import { quotient } from "./exact.ts";
import { expm1Pair, pair } from "./exp.ts";

/**
 * The hyperbolic tangent of x, for every double x within 1 ulp.
 *
 * ±1 beyond |x| = 19.1, -0 gives -0, NaN gives NaN.
 *
 * With t = e^(2|x|) - 1: tanh |x| = t / (t + 2). (1 - 2 / (e^2x + 1) loses all digits near 0.)
 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < 1.862645149230957e-9) return x; // 2^-29
  if (size > 19.1) return x < 0 ? -1 : 1;
  if (x !== x) return NaN;
  expm1Pair(2 * size);
  const t = pair[0]!;
  const tLow = pair[1]!;
  const sum = t + 2;
  const added = sum - t;
  const sumLow = (t - (sum - added)) + (2 - added) + tLow;
  const value = quotient(t, tLow, sum, sumLow);
  return x < 0 ? -value : value;
}
