/**
 * Exact pieces of floating-point arithmetic: powers of two and the rounding errors of products.
 *
 * Source   Dekker 1971, "A floating-point technique for extending the available precision"
 *
 * @module
 */

/** 2^k for k from -1074 to 1023 (all that doubles hold), each at index k + 1074. */
export function powersOfTwo(): Float64Array {
  const powers = new Float64Array(2098);
  let power = 1;
  for (let k = 0; k <= 1023; k++, power *= 2) powers[k + 1074] = power;
  power = 1;
  for (let k = 0; k >= -1074; k--, power *= 0.5) powers[k + 1074] = power;
  return powers;
}

const SPLITTER = 134217729; // 2^27 + 1: cuts a double into two halves of 26 bits

/**
 * a b - product, exactly, where product is the rounded a * b.
 *
 * Holds while |a| and |b| are below 2^970 and the product is 0 or above 2^-960.
 */
export function productError(a: number, b: number, product: number): number {
  const aBig = SPLITTER * a;
  const aHigh = aBig - (aBig - a);
  const aLow = a - aHigh;
  const bBig = SPLITTER * b;
  const bHigh = bBig - (bBig - b);
  const bLow = b - bHigh;
  return ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow;
}

/** a² - square, exactly, where square is the rounded a * a; within the limits of `productError`. */
export function squareError(a: number, square: number): number {
  const big = SPLITTER * a;
  const high = big - (big - a);
  const low = a - high;
  return ((high * high - square) + 2 * (high * low)) + low * low;
}

/** (a + aLow) / (b + bLow), correct to the last rounding; numbers of ordinary size. */
export function quotient(a: number, aLow: number, b: number, bLow: number): number {
  const ratio = a / b;
  const product = ratio * b;
  const left = ((a - product) - productError(ratio, b, product)) + (aLow - ratio * bLow);
  return ratio + left / b;
}
