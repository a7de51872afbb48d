/**
 * The arc tangent of a point, from + - * / alone. Constants: tools/fit_math.py.
 *
 * @module
 */
import { powersOfTwo, productError } from "./exact.ts";

const POWERS = powersOfTwo();
const UP = POWERS[600 + 1074]!;
const DOWN = POWERS[-600 + 1074]!;
const LARGE = POWERS[400 + 1074]!;
const SMALL = POWERS[-300 + 1074]!;
const TWO_60 = 1152921504606846976;
const PI = 3.141592653589793;
const PI_LOW = 1.2246467991473532e-16;

const A0 = -0.3333333333333333;
const A1 = 0.19999999999986184;
const A2 = -0.14285714276648917;
const A3 = 0.1111110887814185;
const A4 = -0.09090646722338257;
const A5 = 0.07676431373251945;
const A6 = -0.06186518660852479;

/** (atan u - u) / u³ for u² = z <= (5/32)², to 2^-54. */
function atanTail(z: number): number {
  const z2 = z * z;
  return ((A0 + A1 * z) + z2 * (A2 + A3 * z)) + (z2 * z2) * ((A4 + A5 * z) + z2 * A6);
}

/** atan(j / 16) for j from 0 to 16: the double at 2 j, the rest at 2 j + 1. */
// deno-fmt-ignore
const ANGLES = Float64Array.of(
  0, 0,
  0.06241880999595735, -1.5490756308295046e-18,
  0.12435499454676144, -3.1253241424539383e-18,
  0.18534794999569476, 4.180692268843079e-18,
  0.24497866312686414, 1.0698755618734451e-17,
  0.3028848683749714, -1.1010827903001369e-17,
  0.35877067027057225, -2.4623815582638635e-17,
  0.4124104415973873, -1.587652227770689e-17,
  0.4636476090008061, 2.2698777452961687e-17,
  0.5123894603107377, -2.5462781472855804e-17,
  0.5585993153435624, -5.4556305485916264e-18,
  0.6022873461349642, 2.950430737228402e-17,
  0.6435011087932844, 1.5834785051444286e-17,
  0.6823165548747481, 6.943223671560008e-18,
  0.7188299996216245, -2.1478388444456983e-17,
  0.7531512809621944, -2.4256934659182068e-17,
  0.7853981633974483, 3.061616997868383e-17,
);

/**
 * The angle of the point (x, y) from the x axis in radians, from -π to π, for all doubles within 1 ulp.
 *
 * Signed zeros and infinities as IEEE 754 has them: atan2(±0, +0) = ±0, atan2(±0, -0) = ±π, atan2(±∞, ∞) =
 * ±π/4, atan2(±∞, -∞) = ±3π/4. NaN in either gives NaN.
 */
export function atan2(y: number, x: number): number {
  if (x !== x || y !== y) return NaN;
  const negative = y < 0 || (y === 0 && 1 / y < 0);
  const angle = angleOf(Math.abs(y), x);
  return negative ? -angle : angle;
}

/** The same for y >= 0: from 0 to π. */
function angleOf(y: number, x: number): number {
  const size = Math.abs(x);
  const left = x < 0 || (x === 0 && 1 / x < 0);
  if (y === 0) return left ? PI : 0;
  if (y === Infinity && size === Infinity) return (left ? 3 : 1) * (PI / 4);
  if (y === Infinity || y / size > TWO_60) return PI / 2;
  if (size === Infinity || size / y > TWO_60) return left ? PI : y / size;
  const most = Math.max(size, y);
  const scale = most > LARGE ? DOWN : most < SMALL ? UP : 1;
  const upper = y > size;
  const ratioAngle = upper ? atanOf(size * scale, y * scale) : atanOf(y * scale, size * scale);
  if (upper) return plus(left ? 1 : -1, ratioAngle, PI / 2, PI_LOW / 2);
  return left ? plus(-1, ratioAngle, PI, PI_LOW) : ratioAngle + angleRest[0]!;
}

/** What `atanOf` leaves over. */
const angleRest = new Float64Array(1);

/**
 * atan(a / b) for 0 < a <= b as the returned double plus angleRest[0].
 *
 * t = a / b with its rounding error; c = the nearest sixteenth, or 0 below 5/32; atan t = atan c + atan((t
 * - c) / (1 + c t)).
 */
function atanOf(a: number, b: number): number {
  const t = a / b;
  const product = t * b;
  const tLow = ((a - product) - productError(t, b, product)) / b;
  const step = t < 0.15625 ? 0 : Math.floor(t * 16 + 0.5);
  const c = step * 0.0625;
  const u = ((t - c) + tLow) / (1 + c * t);
  const z = u * u;
  const base = ANGLES[2 * step]!;
  const uLow = step === 0 ? tLow : 0;
  const tail = u * z * atanTail(z) + (ANGLES[2 * step + 1]! + uLow);
  const sum = base + u;
  angleRest[0] = ((base - sum) + u) + tail;
  return sum;
}

/** base + baseLow + sign (angle + angleRest[0]), rounded once. */
function plus(sign: number, angle: number, base: number, baseLow: number): number {
  const part = sign * angle;
  const sum = base + part;
  return sum + (((base - sum) + part) + (baseLow + sign * angleRest[0]!));
}
