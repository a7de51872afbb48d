/**
 * An angle modulo a quarter turn, to a small fraction of its own size. Constants: tools/fit_math.py.
 *
 * @module
 */

const ROUND = 6755399441055744; // 1.5·2^52
const TWO_OVER_PI = 0.6366197723675814;
// π/2 in pieces: the first two have 32 bits, so that k times each is exact for k < 2^20.
const P0 = 1.5707963267341256;
const P1 = 6.077100506303966e-11;
const P2 = 2.0222662487959506e-21;

/** The result of `reduceQuarter`. */
export const reduced: Float64Array = new Float64Array(2);

/**
 * Writes the rest of x modulo π/2, from -π/4 to π/4, to reduced[0] + reduced[1] and returns the quarter,
 * modulo 4. Not finite x: NaN.
 *
 * Source   Cody, Waite 1980, "Software manual for the elementary functions" (the subtraction in pieces)
 */
export function reduceQuarter(x: number): number {
  const k = (x * TWO_OVER_PI + ROUND) - ROUND;
  if (!(Math.abs(k) < 1048576)) return reduceExact(x);
  const first = x - k * P0;
  const second = k * P1;
  const difference = first - second;
  const back = difference - first;
  const tail = ((first - (difference - back)) - (second + back)) - k * P2;
  const high = difference + tail;
  // The error is below 2^-96; close to a multiple of π/2 that is too much.
  if (Math.abs(high) < 9.313225746154785e-10 && k !== 0) return reduceExact(x);
  reduced[0] = high;
  reduced[1] = tail - (high - difference);
  return k & 3;
}

/** 2/π with 1280 bits after the point: enough for the largest double, 2^1024, and 250 bits of fraction. */
const TWO_OVER_PI_BITS = BigInt(
  "0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e0" +
    "06492eea09d1921cfe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f4" +
    "9c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d" +
    "7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b6babf0cfbc209af4361d",
);
/** π/2 with 192 bits after the point. */
const HALF_PI_BITS = BigInt("0x1921fb54442d18469898cc51701b839a252049c1114cf98e8");
const TWO_53 = 9007199254740992;
const TWO_60 = 1152921504606846976;
const TWO_192 = 6277101735386680763835789423207666416102355444464034512896;

/** The same for any x, in whole numbers of arbitrary length: exact to 2^-190. For |x| >= π/4. */
function reduceExact(x: number): number {
  const size = Math.abs(x);
  if (!(size < Infinity)) {
    reduced[0] = reduced[1] = NaN;
    return 0;
  }
  const scaled = size < TWO_53 ? BigInt(size * TWO_60) : BigInt(size) << 60n; // size 2^60, a whole number
  const turns = (scaled * TWO_OVER_PI_BITS) >> 1148n; // quarter turns, 192 bits after the point
  const quarter = (turns + (1n << 191n)) >> 192n;
  const rest = ((turns - (quarter << 192n)) * HALF_PI_BITS) >> 192n; // radians, 192 bits after the point
  const high = Number(rest);
  const low = Number(rest - BigInt(high));
  const sign = x < 0 ? -1 : 1;
  reduced[0] = sign * high / TWO_192;
  reduced[1] = sign * low / TWO_192;
  return (sign * Number(quarter & 3n)) & 3;
}
