/**
 * Logarithms, from + - * / and the exponent bits. Constants: tools/fit_math.py.
 *
 * @module
 */
import { powersOfTwo } from "./exact.ts";

const POWERS = powersOfTwo();
const SPLIT = 100663296; // 1.5·2^26: adding and subtracting it rounds to multiples of 2^-26
const LN2_HIGH = 0.6931471805601177; // 40 bits, so that k LN2_HIGH is exact
const LN2_LOW = -1.7239444525614835e-13;
const MIN_NORMAL = 2.2250738585072014e-308;
const TWO_54 = 18014398509481984;

const A0 = 0.666666666666667;
const A1 = 0.39999999999899505;
const A2 = 0.28571428625976014;
const A3 = 0.22222211134708592;
const A4 = 0.18182889131563204;
const A5 = 0.1533172139109577;
const A6 = 0.14616452274062186;

/** (2 atanh s - 2 s) / s³ for s² = z <= 0.0295, to 2^-51. */
function atanhTail(z: number): number {
  const z2 = z * z;
  return ((A0 + A1 * z) + z2 * (A2 + A3 * z)) + (z2 * z2) * ((A4 + A5 * z) + z2 * A6);
}

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer); // low word first

/** The k for which x 2^-k lies between √½ and √2 (to 2^-20), for normal x > 0. */
export function exponent(x: number): number {
  double[0] = x;
  return ((halves[1]! + 0x95f62) >>> 20) - 1023; // 95F62 = the upper word of 1 minus that of √½
}

/**
 * The natural logarithm of x, for every double x > 0 within 1 ulp.
 *
 * ±0 give -Infinity, x < 0 gives NaN, Infinity gives Infinity, NaN gives NaN.
 */
export function log(x: number): number {
  if (x >= MIN_NORMAL && x < Infinity) {
    const k = exponent(x);
    return logOf(x * POWERS[1074 - k]! - 1, 0, k);
  }
  if (x > 0 && x < MIN_NORMAL) {
    const k = exponent(x * TWO_54);
    return logOf(x * TWO_54 * POWERS[1074 - k]! - 1, 0, k - 54);
  }
  if (x === 0) return -Infinity;
  return x === Infinity ? x : NaN;
}

/**
 * log(1 + x), for every double x > -1 within 1 ulp.
 *
 * -1 gives -Infinity, x < -1 gives NaN, Infinity gives Infinity, -0 gives -0, NaN gives NaN.
 */
export function log1p(x: number): number {
  if (x > -0.29 && x < 0.41) return Math.abs(x) < 5.551115123125783e-17 ? x : logOf(x, 0, 0); // 2^-54
  if (!(x > -1 && x < Infinity)) return x === -1 ? -Infinity : x === Infinity ? x : NaN;
  const sum = 1 + x;
  const error = x < 1 ? x - (sum - 1) : 1 - (sum - x);
  const k = exponent(sum);
  return logOf(sum * POWERS[1074 - k]! - 1, error / sum, k);
}

/**
 * k ln 2 + log(1 + f) + small, for √½ <= 1 + f <= √2.
 *
 * s = f / (2 + f), log(1 + f) = 2 atanh s = f - s f + s³ A(s²). Both s and f are cut into a high part of at
 * most 26 bits and the rest, so that sHigh fHigh is exact; the rounding errors of the large sums are
 * carried along.
 */
function logOf(f: number, small: number, k: number): number {
  const inverse = 1 / (2 + f);
  const s = f * inverse;
  const sHigh = (s + SPLIT) - SPLIT;
  const fHigh = (f + SPLIT) - SPLIT;
  const fLow = f - fHigh;
  const sLow = ((f - sHigh * (2 + fHigh)) - sHigh * fLow) * inverse;
  const z = s * s;
  const product = sHigh * fHigh;
  const head = f - product;
  const tail = ((f - head) - product) + (s * (z * atanhTail(z)) - (sHigh * fLow + sLow * f)) + small;
  const big = k * LN2_HIGH;
  const sum = big + head;
  return sum + (((big - sum) + head) + (tail + k * LN2_LOW));
}
