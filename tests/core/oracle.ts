/**
 * The functions of core's math in whole numbers of 400 bits, slow and obvious: an oracle for any argument,
 * and the distance of a double from it in ulps.
 *
 * A fixed-point number is a bigint that stands for itself times 2^-400.
 *
 * @module
 */
const BITS = 400n;
const ONE = 1n << BITS;
const view = new DataView(new ArrayBuffer(8));

/** A finite double as mantissa · 2^power, exactly. */
function parts(x: number): { mantissa: bigint; power: number } {
  view.setFloat64(0, x);
  const word = view.getBigUint64(0);
  const exponent = Number((word >> 52n) & 0x7ffn);
  const fraction = word & 0xfffffffffffffn;
  const mantissa = exponent === 0 ? fraction : fraction | 0x10000000000000n;
  return { mantissa: x < 0 ? -mantissa : mantissa, power: Math.max(exponent, 1) - 1075 };
}

/** A finite double as a fixed-point number; its bits below 2^-400 are lost. */
export function fixed(x: number): bigint {
  const { mantissa, power } = parts(x);
  const shift = BigInt(power) + BITS;
  return shift >= 0n ? mantissa << shift : mantissa >> -shift;
}

const times = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const over = (a: bigint, b: bigint): bigint => (a << BITS) / b;

/** first + next(first, 1) + next(that, 2) + …, until the terms vanish. */
function series(first: bigint, next: (term: bigint, n: bigint) => bigint): bigint {
  let sum = 0n;
  let term = first;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    sum += term;
    term = next(term, n);
  }
  return sum;
}

/** atanh a for |a| < 0.4. */
function atanh(a: bigint): bigint {
  const square = times(a, a);
  return series(a, (term, n) => times(term, square) * (2n * n - 1n) / (2n * n + 1n));
}

/** atan a for |a| < 0.4. */
function atan(a: bigint): bigint {
  const square = -times(a, a);
  return series(a, (term, n) => times(term, square) * (2n * n - 1n) / (2n * n + 1n));
}

const LN2 = 2n * atanh(ONE / 3n);
const PI = 16n * atan(ONE / 5n) - 4n * atan(ONE / 239n); // Machin 1706

/** An exact value as mantissa · 2^(power - 400). */
export interface Exact {
  mantissa: bigint;
  power: number;
}

const plain = (mantissa: bigint): Exact => ({ mantissa, power: 0 });

/** e^a: Taylor on the 2^16th part of the remainder modulo ln 2, squared 16 times. */
function expOf(a: bigint): Exact {
  const k = (2n * a + LN2) / (2n * LN2) - (a < -LN2 / 2n ? 1n : 0n);
  const r = (a - k * LN2) >> 16n;
  let value = series(ONE, (term, n) => times(term, r) / n);
  for (let i = 0; i < 16; i++) value = times(value, value);
  return { mantissa: value, power: Number(k) };
}

/** log a for a fixed-point a > 0. */
function logOf(a: bigint): bigint {
  const k = BigInt(a.toString(2).length) - BITS;
  const m = k >= 0n ? a >> k : a << -k; // ½ to 1
  return k * LN2 + 2n * atanh(over(m - (ONE * 3n) / 4n, m + (ONE * 3n) / 4n)) + LOG_3_4;
}
const LOG_3_4 = 2n * atanh(-ONE / 7n);

/** [sin a, cos a], by Taylor on the remainder modulo π/2. */
function sinCos(a: bigint): [bigint, bigint] {
  const half = PI / 2n;
  const turns = (2n * a + half) / (2n * half) - (2n * a + half < 0n ? 1n : 0n);
  const r = a - turns * half;
  const square = -times(r, r);
  const sine = series(r, (term, n) => times(term, square) / (2n * n * (2n * n + 1n)));
  const cosine = series(ONE, (term, n) => times(term, square) / (2n * n * (2n * n - 1n)));
  const turned: [bigint, bigint][] = [[sine, cosine], [cosine, -sine], [-sine, -cosine], [-cosine, sine]];
  return turned[Number(((turns % 4n) + 4n) % 4n)]!;
}

/** The angle near `guess` of the point (x, y): what is left after turning by the guess is tiny. */
function angleOf(y: bigint, x: bigint, guess: bigint): bigint {
  const [sine, cosine] = sinCos(guess);
  return guess + atan(over(times(y, cosine) - times(x, sine), times(x, cosine) + times(y, sine)));
}

function root(a: bigint): bigint {
  let guess = 1n << BigInt((a.toString(2).length + 1) >> 1);
  for (let next = 0n;; guess = next) {
    next = (guess + a / guess) >> 1n;
    if (next >= guess) return guess;
  }
}

/** e^a - 1 as a fixed-point number, for moderate a. */
function expm1Of(a: bigint): bigint {
  const { mantissa, power } = expOf(a);
  return (power >= 0 ? mantissa << BigInt(power) : mantissa >> BigInt(-power)) - ONE;
}

/**
 * The exact value of a function; `near` is a double within 2^-20 of it. For |arguments| between 2^-200 and
 * 2^200.
 */
export const oracle: Record<string, (near: number, x: number, y: number) => Exact> = {
  exp: (_, x) => expOf(fixed(x)),
  expNeg: (_, x) => expOf(fixed(x)),
  expm1: (_, x) => plain(expm1Of(fixed(x))),
  log: (_, x) => plain(logOf(fixed(x))),
  log1p: (_, x) => plain(logOf(ONE + fixed(x))),
  log1p01: (_, x) => plain(logOf(ONE + fixed(x))),
  softplus: (_, x) => plain(x > 1000 ? fixed(x) : logOf(2n * ONE + expm1Of(fixed(x)))),
  sin: (_, x) => plain(sinCos(fixed(x))[0]),
  cos: (_, x) => plain(sinCos(fixed(x))[1]),
  tan: (_, x) => plain(over(...sinCos(fixed(x)))),
  tanh(_, x) {
    const t = expm1Of(2n * fixed(x));
    return plain(over(t, t + 2n * ONE));
  },
  atan2: (near, y, x) => plain(angleOf(fixed(y), fixed(x), fixed(near))),
  pow: (_, x, y) => expOf(times(fixed(y), logOf(fixed(x)))),
  hypot: (_, x, y) => plain(root(fixed(x) * fixed(x) + fixed(y) * fixed(y))),
};

/** How far a double lies from an exact value, in units of the double's last place. */
export function ulpsFrom(exact: Exact, found: number): number {
  if (!Number.isFinite(found)) return Infinity;
  const { mantissa, power } = parts(found);
  const shift = BigInt(power - exact.power) + BITS; // both in units of the exact value's last bit
  const ulp = shift >= 0n ? 1n << shift : 1n;
  const difference = shift >= 0n
    ? (mantissa << shift) - exact.mantissa
    : mantissa - (exact.mantissa << -shift);
  return Math.abs(Number((difference * 1000000n) / ulp)) / 1e6;
}

/** The unit in the last place of a finite double. */
export function ulp(x: number): number {
  view.setFloat64(0, Math.abs(x));
  const exponent = Math.max(view.getUint16(0) >>> 4, 1);
  view.setBigUint64(0, 1n);
  let unit = view.getFloat64(0);
  for (let k = 1; k < exponent; k++) unit *= 2;
  return unit;
}

/** The double with these bits, 16 hexadecimal digits. */
export function fromBits(hex: string): number {
  view.setBigUint64(0, BigInt(`0x${hex}`));
  return view.getFloat64(0);
}
