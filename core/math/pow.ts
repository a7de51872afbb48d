/**
 * Powers, from + - * / alone. Constants: tools/fit_math.py.
 *
 * @module
 */
import { powersOfTwo, productError, squareError } from "./exact.ts";
import { expPair } from "./exp.ts";
import { exponent } from "./log.ts";

const POWERS = powersOfTwo();
const LN2_HIGH = 0.6931471805601177; // 40 bits
const LN2_LOW = -1.7239444525614835e-13;
const MIN_NORMAL = 2.2250738585072014e-308;
const TWO_54 = 18014398509481984;
const TWO_65 = 36893488147419103232;
const THIRD = 0.3333333333333333;
const THIRD_LOW = 1.850371707708594e-17;
const FIFTH = 0.2;
const FIFTH_LOW = -1.1102230246251566e-17;

const A0 = 0.14285714285714285;
const A1 = 0.11111111111111474;
const A2 = 0.0909090909065049;
const A3 = 0.07692307762439045;
const A4 = 0.06666657340042023;
const A5 = 0.05883024938227697;
const A6 = 0.05236453176510692;
const A7 = 0.05308514975168979;

/** (atanh(s) / s - 1 - z/3 - z²/5) / z³ for s² = z <= 0.0295, to 2^-56. */
function atanhTail7(z: number): number {
  const z2 = z * z;
  return ((A0 + A1 * z) + z2 * (A2 + A3 * z)) + (z2 * z2) * ((A4 + A5 * z) + z2 * (A6 + A7 * z));
}

/**
 * x to the power of y, for all doubles within 1 ulp; exact where the result is a double.
 *
 * Special cases as ECMAScript has them: y = ±0 gives 1 even for NaN, |x| = 1 with y = ±Infinity gives NaN,
 * x < 0 with a y that is not whole gives NaN.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x !== x || y !== y) return NaN;
  const size = Math.abs(x);
  const odd = Math.floor(y) === y && Math.floor(0.5 * y) * 2 !== y;
  if (size === 0 || size === Infinity || Math.abs(y) === Infinity) return edge(x, y, odd);
  if (x < 0 && Math.floor(y) !== y) return NaN;
  const value = powPositive(size, y);
  return x < 0 && odd ? -value : value;
}

/** The power where x is ±0 or ±Infinity or y is ±Infinity. */
function edge(x: number, y: number, odd: boolean): number {
  const size = Math.abs(x);
  if (size === 1) return NaN;
  const value = (size > 1) === (y > 0) ? Infinity : 0;
  const negative = x < 0 || (x === 0 && 1 / x < 0);
  return negative && odd ? -value : value;
}

/** x^y for finite x > 0 and finite y. */
function powPositive(x: number, y: number): number {
  if (x === 1) return 1;
  if (Math.abs(y) > TWO_65) return (x > 1) === (y > 0) ? Infinity : 0;
  if (Math.abs(y) < 1 / TWO_65) return 1;
  logPair(x);
  const high = y * pair[0]!;
  return expPair(high, productError(y, pair[0]!, high) + y * pair[1]!);
}

/** The result of `logPair` and `multiply`. */
const pair = new Float64Array(2);

/**
 * Writes log x for finite x > 0 to pair[0] + pair[1], to 2^-68 of its value.
 *
 * x = 2^k (1 + f), s = f / (2 + f), z = s²: log x = k ln 2 + 2 s (1 + z (1/3 + z (1/5 + z A(z)))), all but
 * A in pairs.
 */
function logPair(x: number): void {
  const normal = x < MIN_NORMAL ? x * TWO_54 : x;
  const scale = exponent(normal);
  const f = normal * POWERS[1074 - scale]! - 1;
  const k = x < MIN_NORMAL ? scale - 54 : scale;

  const below = 2 + f;
  const belowLow = f - (below - 2);
  const s = f / below;
  const product = s * below;
  const sLow = (((f - product) - productError(s, below, product)) - s * belowLow) / below;
  const z = s * s;
  const zLow = squareError(s, z) + 2 * s * sLow;

  add(FIFTH, z * atanhTail7(z) + FIFTH_LOW);
  multiply(z, zLow);
  addPair(THIRD, THIRD_LOW);
  multiply(z, zLow);
  addPair(1, 0);
  multiply(2 * s, 2 * sLow);
  addPair(k * LN2_HIGH, k * LN2_LOW);
}

/** pair ← big + small, for |big| >= |small|. */
function add(big: number, small: number): void {
  const sum = big + small;
  pair[1] = (big - sum) + small;
  pair[0] = sum;
}

/** pair ← big + bigLow + pair, for |big| >= |pair| or big = 0. */
function addPair(big: number, bigLow: number): void {
  const sum = big + pair[0]!;
  const low = ((big - sum) + pair[0]!) + (bigLow + pair[1]!);
  add(sum, low);
}

/** pair ← pair (a + aLow). */
function multiply(a: number, aLow: number): void {
  const product = a * pair[0]!;
  add(product, productError(a, pair[0]!, product) + (a * pair[1]! + aLow * pair[0]!));
}
