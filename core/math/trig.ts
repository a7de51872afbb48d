/**
 * Sine, cosine and tangent of radians, from + - * / alone. Constants: tools/fit_math.py.
 *
 * @module
 */
import { quotient, squareError } from "./exact.ts";
import { reduced, reduceQuarter } from "./reduce.ts";

const S0 = -0.16666666666666666;
const S1 = 0.008333333333333331;
const S2 = -0.00019841269841265065;
const S3 = 2.755731921933913e-6;
const S4 = -2.505210623243528e-8;
const S5 = 1.6058531617037152e-10;
const S6 = -7.586697002817504e-13;

/** sin(r + low) for |r| <= π/4 and |low| <= ulp(r) / 2: r + r³ S(r²), within 0.8 ulp. */
function sinOf(r: number, low: number): number {
  const z = r * r;
  const z2 = z * z;
  const tail = ((S0 + S1 * z) + z2 * (S2 + S3 * z)) + (z2 * z2) * ((S4 + S5 * z) + z2 * S6);
  return r + (r * z * tail + (low - 0.5 * z * low));
}

const C0 = 0.041666666666666664;
const C1 = -0.0013888888888887398;
const C2 = 2.4801587298765665e-5;
const C3 = -2.7557317271718644e-7;
const C4 = 2.087614626607931e-9;
const C5 = -1.1382632258093615e-11;

/** cos(r + low), likewise: 1 - r²/2 + r⁴ C(r²), within 0.9 ulp. */
function cosOf(r: number, low: number): number {
  const z = r * r;
  const z2 = z * z;
  const tail = ((C0 + C1 * z) + z2 * (C2 + C3 * z)) + (z2 * z2) * (C4 + C5 * z);
  const half = 0.5 * z;
  const one = 1 - half;
  return one + (((1 - one) - half) + (z2 * tail - r * low));
}

/**
 * The sine of x radians, for every double x within 1 ulp (beyond |x| = 1.6e6 about 1 µs a call).
 *
 * ±Infinity and NaN give NaN, -0 gives -0.
 */
export function sin(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.7853981633974483) return size < 7.450580596923828e-9 ? x : sinOf(x, 0); // π/4, 2^-27
  const quarter = reduceQuarter(x);
  return turned(quarter, reduced[0]!, reduced[1]!);
}

/**
 * The cosine of x radians, for every double x within 1 ulp (beyond |x| = 1.6e6 about 1 µs a call).
 *
 * ±Infinity and NaN give NaN.
 */
export function cos(x: number): number {
  if (Math.abs(x) <= 0.7853981633974483) return cosOf(x, 0);
  const quarter = reduceQuarter(x);
  return turned(quarter + 1, reduced[0]!, reduced[1]!);
}

/** sin(r + low + quarter π/2). */
function turned(quarter: number, r: number, low: number): number {
  const value = (quarter & 1) === 0 ? sinOf(r, low) : cosOf(r, low);
  return (quarter & 2) === 0 ? value : -value;
}

const T0 = 0.33333333333333337;
const T1 = 0.13333333333328223;
const T2 = 0.05396825397707063;
const T3 = 0.02186948795138409;
const T4 = 0.008863254913647022;
const T5 = 0.003591768334658767;
const T6 = 0.0014597332389942052;
const T7 = 0.0005656681992321033;
const T8 = 0.00031896606124624767;

/** (tan h - h) / h³ for h² = z <= (π/8)², to 2^-53. */
function tanTail(z: number): number {
  const z2 = z * z;
  const low = (T0 + T1 * z) + z2 * (T2 + T3 * z);
  const high = (T4 + T5 * z) + z2 * ((T6 + T7 * z) + z2 * T8);
  return low + (z2 * z2) * high;
}

/**
 * The tangent of x radians, for every double x within 1 ulp (beyond |x| = 1.6e6 about 1 µs a call).
 *
 * ±Infinity and NaN give NaN, -0 gives -0.
 *
 * With t = tan(r / 2): tan r = 2 t / (1 - t²), turned by a quarter -(1 - t²) / 2 t; t and 1 - t² carry
 * their errors.
 */
export function tan(x: number): number {
  if (Math.abs(x) < 7.450580596923828e-9) return x; // 2^-27
  const quarter = reduceQuarter(x);
  const h = 0.5 * reduced[0]!;
  const low = 0.5 * reduced[1]!;
  const z = h * h;
  const rest = h * z * tanTail(z) + (low + low * z);
  const t = h + rest;
  const tLow = rest - (t - h);
  const square = t * t;
  const squareLow = squareError(t, square) + 2 * t * tLow;
  const cosine = 1 - square;
  const cosineLow = ((1 - cosine) - square) - squareLow;
  if ((quarter & 1) === 0) return quotient(2 * t, 2 * tLow, cosine, cosineLow);
  return -quotient(cosine, cosineLow, 2 * t, 2 * tLow);
}
