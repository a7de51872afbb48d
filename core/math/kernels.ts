/**
 * The functions of the contact physics, for the ranges it uses: straight-line arithmetic on + - * / alone,
 * so that SIMD lanes which do the same operations in the same order give the same bits.
 *
 * Rounding to a whole number is adding and subtracting 1.5·2^52; 2^k comes from a table (in lanes: from the
 * exponent bits, the same value). Sums of the form (1 - s) + h are the rounding error of s = 1 + h, and
 * keep the result near half an ulp.
 *
 * Constants: tools/fit_math.py.
 *
 * @module
 */
import { powersOfTwo } from "./exact.ts";

// Constants stay unexported: V8 reads a module's own constants faster than imported ones.
const POWERS = powersOfTwo();
const ROUND = 6755399441055744; // 1.5·2^52
const SPLIT = 100663296; // 1.5·2^26: adding and subtracting it rounds to multiples of 2^-26
const LOG2_E = 1.4426950408889634;
const LN2_HIGH = 0.6931471805601177; // 40 bits, so that k LN2_HIGH is exact
const LN2_LOW = -1.7239444525614835e-13;

const E0 = 0.5;
const E1 = 0.1666666666666667;
const E2 = 0.04166666666666667;
const E3 = 0.008333333333326141;
const E4 = 0.0013888888888883752;
const E5 = 0.00019841269874800683;
const E6 = 2.4801587325533502e-5;
const E7 = 2.75572554255029e-6;
const E8 = 2.7557273661174726e-7;
const E9 = 2.5105206475334834e-8;
const E10 = 2.091467944897855e-9;

/** (e^r - 1 - r) / r² for |r| <= ln 2 / 2, to 2^-58. */
function expTail(r: number): number {
  const r2 = r * r;
  const low = (E0 + E1 * r) + r2 * (E2 + E3 * r);
  const middle = (E4 + E5 * r) + r2 * (E6 + E7 * r);
  const high = (E8 + E9 * r) + r2 * E10;
  return low + (r2 * r2) * (middle + (r2 * r2) * high);
}

const A0 = 0.6666666666666666;
const A1 = 0.40000000000014585;
const A2 = 0.2857142856710876;
const A3 = 0.22222222717427864;
const A4 = 0.18181789436132859;
const A5 = 0.15385570064958623;
const A6 = 0.13314144209654935;
const A7 = 0.12001072809590713;
const A8 = 0.08800738486144674;
const A9 = 0.1616404561194353;

/** (2 atanh s - 2 s) / s³ for s² = z <= 1/9, to 2^-52. */
function atanhTail(z: number): number {
  const z2 = z * z;
  const low = (A0 + A1 * z) + z2 * (A2 + A3 * z);
  const middle = (A4 + A5 * z) + z2 * (A6 + A7 * z);
  return low + (z2 * z2) * (middle + (z2 * z2) * (A8 + A9 * z));
}

/**
 * e^x for -708 < x <= 0, within 0.8 ulp. The same arithmetic holds from -744 to 709, where `exp` uses it;
 * beyond, the result is meaningless. NaN gives NaN.
 *
 * x = k ln 2 + r, e^x = 2^k (1 + r + r² P(r)).
 */
export function expNeg(x: number): number {
  const k = (x * LOG2_E + ROUND) - ROUND;
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const one = 1 + high;
  const rest = ((1 - one) + high) + ((r * r) * expTail(r) - low);
  return (one + rest) * POWERS[(k + 1074) | 0]!;
}

/**
 * log(1 + y) for 0 <= y <= 1, within 0.7 ulp. NaN gives NaN.
 *
 * s = y / (2 + y), log(1 + y) = 2 atanh s = y - s y + s³ A(s²). Both s and y are cut into a high part of at
 * most 27 bits and the rest, so that y - sHigh yHigh is exact.
 */
export function log1p01(y: number): number {
  const inverse = 1 / (2 + y);
  const s = y * inverse;
  const sHigh = (s + SPLIT) - SPLIT;
  const yHigh = (y + SPLIT) - SPLIT;
  const yLow = y - yHigh;
  const sLow = ((y - sHigh * (2 + yHigh)) - sHigh * yLow) * inverse;
  const z = s * s;
  return (y - sHigh * yHigh) + (s * (z * atanhTail(z)) - (sHigh * yLow + sLow * y));
}

/**
 * log(1 + e^x), which is logaddexp(0, x), within 0.8 ulp for x >= -708; below, where the value is under
 * 3.4e-308, it is 0. ±Infinity give Infinity and 0, NaN gives NaN.
 *
 * max(x, 0) + log1p01(expNeg(-|x|)), with the rounding errors of both steps carried along. Beyond
 * |x| = 37.5, log(1 + e) rounds to e, and x + e to x. Lanes compute every case and select.
 */
export function softplus(x: number): number {
  if (x > 37.5) return x;
  if (x < -37.5) return x < -708 ? 0 : expNeg(x);

  const negative = -Math.abs(x);
  const k = (negative * LOG2_E + ROUND) - ROUND;
  const high = negative - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const one = 1 + high;
  const rest = ((1 - one) + high) + ((r * r) * expTail(r) - low);
  const mantissa = one + rest;
  const power = POWERS[(k + 1074) | 0]!;
  const y = mantissa * power;
  const yError = (rest - (mantissa - one)) * power;

  const inverse = 1 / (2 + y);
  const s = y * inverse;
  const sHigh = (s + SPLIT) - SPLIT;
  const yHigh = (y + SPLIT) - SPLIT;
  const yLow = y - yHigh;
  const sLow = ((y - sHigh * (2 + yHigh)) - sHigh * yLow) * inverse;
  const z = s * s;
  const head = y - sHigh * yHigh;
  const carried = (4 * yError) * (inverse * inverse); // yError / (1 + y), to 12 %
  const tail = (s * (z * atanhTail(z)) - (sHigh * yLow + sLow * y)) + carried;

  if (x <= 0) return head + tail;
  const sum = x + head; // with max(x, 0) in place of x this holds for both signs: lanes need no branch
  const added = sum - x;
  return sum + (((x - (sum - added)) + (head - added)) + tail);
}
