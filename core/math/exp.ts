/**
 * Exponentials, from + - * / alone. Constants: tools/fit_math.py.
 *
 * @module
 */
import { powersOfTwo } from "./exact.ts";
import { expNeg } from "./kernels.ts";

const POWERS = powersOfTwo();
const ROUND = 6755399441055744; // 1.5·2^52
const SPLIT = 100663296; // 1.5·2^26
const LOG2_E = 1.4426950408889634;
const LN2_HIGH = 0.6931471805601177; // 40 bits
const LN2_LOW = -1.7239444525614835e-13;
const TWO_1023 = POWERS[1023 + 1074]!;
const LEAST = POWERS[0]!;

const T0 = 0.16666666666666669;
const T1 = 0.041666666666666664;
const T2 = 0.008333333333330065;
const T3 = 0.0013888888888886554;
const T4 = 0.0001984126986304067;
const T5 = 2.4801587317135252e-5;
const T6 = 2.7557268480116333e-6;
const T7 = 2.7557282983917557e-7;
const T8 = 2.5100375924709717e-8;
const T9 = 2.0911229795563617e-9;

/** (e^r - 1 - r - r²/2) / r³ for |r| <= ln 2 / 2, to 2^-55. */
function expTail3(r: number): number {
  const r2 = r * r;
  const low = (T0 + T1 * r) + r2 * (T2 + T3 * r);
  const middle = (T4 + T5 * r) + r2 * (T6 + T7 * r);
  return low + (r2 * r2) * (middle + (r2 * r2) * (T8 + T9 * r));
}

/**
 * e^x, for every double x within 1 ulp.
 *
 * Infinity above 709.7827128933841, 0 below -745.1332191019412; subnormal results are rounded once more.
 * NaN gives NaN. Where `expNeg` is defined, the bits are the same.
 */
export function exp(x: number): number {
  if (x >= -708 && x <= 709) return expNeg(x);
  if (x > 709.7827128933841) return Infinity;
  if (x < -745.1332191019412) return 0;
  return expPair(x, 0);
}

/**
 * e^(x + low), for |low| far below |x|, within 0.6 ulp: the last step of `pow`, and `exp` at the ends of
 * its range. Overflows to Infinity and underflows to 0.
 */
export function expPair(x: number, low: number): number {
  if (x > 710) return Infinity;
  if (x < -745.2) return 0;
  const k = reduce(x, low);
  const head = parts[0]!;
  const one = 1 + head;
  const value = one + (((1 - one) + head) + parts[1]!);
  if (k > 1023) return value * 2 * TWO_1023;
  if (k < -1074) return value * 0.5 * LEAST;
  return value * POWERS[k + 1074]!;
}

/**
 * e^x - 1, for every double x within 1 ulp.
 *
 * Infinity above 709.7827128933841, -1 below -37.5; -0 gives -0, NaN gives NaN.
 */
export function expm1(x: number): number {
  if (x > 44) return exp(x);
  if (x < -37.5) return -1;
  if (Math.abs(x) < 5.551115123125783e-17) return x; // 2^-54
  expm1Pair(x);
  return pair[0]!;
}

/** The result of `expm1Pair`. */
export const pair: Float64Array = new Float64Array(2);

/**
 * e^x - 1 for -37.5 <= x <= 44 as a double and its rounding error: pair[0] + pair[1], to about 2^-57 of the
 * value.
 */
export function expm1Pair(x: number): void {
  const k = reduce(x, 0);
  const power = POWERS[k + 1074]!;
  const big = power - 1;
  const away = big - power;
  const bigRest = (power - (big - away)) - (1 + away);
  const head = parts[0]! * power;
  const rest = parts[1]! * power;
  const sum = big + head;
  const error = ((big - sum) + head) + (rest + bigRest);
  pair[0] = sum + error;
  pair[1] = error - (pair[0] - sum);
}

const parts = new Float64Array(2);

/**
 * Writes e^r - 1 to parts[0] + parts[1] and returns k, where x + low = k ln 2 + r.
 *
 * r²/2 is half of an exact square plus a small rest, so that only r³ P(r), under 0.007, is rounded at full
 * weight.
 */
function reduce(x: number, low: number): number {
  const k = (x * LOG2_E + ROUND) - ROUND;
  const high = x - k * LN2_HIGH;
  const away = k * LN2_LOW - low;
  const r = high - away;
  const short = (high + SPLIT) - SPLIT;
  const square = 0.5 * short * short;
  const squareRest = 0.5 * ((high - short) * (high + short) - away * (high + r));
  const sum = high + square;
  parts[0] = sum;
  parts[1] = ((high - sum) + square) + (((r * r) * (r * expTail3(r)) + squareRest) - away);
  return k;
}
