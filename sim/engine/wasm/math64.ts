/**
 * The kernels of core/math/kernels.ts on lanes of doubles: the same operations in the same order, so the same bits.
 * Every lane computes every case; `select` keeps the right one.
 *
 * @module
 */
import type { Code } from "./encode.ts";
import type { Lanes } from "./lanes.ts";

/** Computes a value once and gives the code that reads it. */
export type Keep = (value: Code) => Code;

const ROUND = 6755399441055744; // 1.5·2^52
const SPLIT = 100663296; // 1.5·2^26
const LOG2_E = 1.4426950408889634;
const LN2_HIGH = 0.6931471805601177;
const LN2_LOW = -1.7239444525614835e-13;

/** Coefficients of core/math/kernels.ts: (e^r − 1 − r) / r². */
// deno-fmt-ignore
const E = [
  0.5, 0.1666666666666667, 0.04166666666666667, 0.008333333333326141, 0.0013888888888883752,
  0.00019841269874800683, 2.4801587325533502e-5, 2.75572554255029e-6, 2.7557273661174726e-7,
  2.5105206475334834e-8, 2.091467944897855e-9,
] as const;

/** Likewise (2 atanh s − 2 s) / s³, in s². */
// deno-fmt-ignore
const A = [
  0.6666666666666666, 0.40000000000014585, 0.2857142856710876, 0.22222222717427864, 0.18181789436132859,
  0.15385570064958623, 0.13314144209654935, 0.12001072809590713, 0.08800738486144674, 0.1616404561194353,
] as const;

/** Parts of e^x, for −708 < x ≤ 709. */
interface Exponential {
  readonly one: Code;
  readonly rest: Code;
  readonly power: Code;
}

export function exponential(l: Lanes, keep: Keep, x: Code): Exponential {
  const { add, sub, mul, number } = l;
  const biased = keep(add(mul(x, number(LOG2_E)), number(ROUND)));
  const k = keep(sub(biased, number(ROUND)));
  const high = keep(sub(x, mul(k, number(LN2_HIGH))));
  const low = keep(mul(k, number(LN2_LOW)));
  const r = keep(sub(high, low));
  const one = keep(add(number(1), high));
  const r2 = keep(mul(r, r));
  const line = (i: number) => add(number(E[i]!), mul(number(E[i + 1]!), r));
  const lowest = add(line(0), mul(r2, line(2)));
  const middle = add(line(4), mul(r2, line(6)));
  const highest = add(line(8), mul(r2, number(E[10])));
  const r4 = keep(mul(r2, r2));
  const tail = add(lowest, mul(r4, add(middle, mul(r4, highest))));
  const rest = keep(add(add(sub(number(1), one), high), sub(mul(r2, tail), low)));
  return { one, rest, power: keep(l.powerOfTwo(biased)) };
}

/** e^x, for −708 ≤ x ≤ 709. */
export function exp(l: Lanes, keep: Keep, x: Code): Code {
  const { one, rest, power } = exponential(l, keep, x);
  return l.mul(l.add(one, rest), power);
}

/** The case |x| ≤ 37.5 of log(1 + e^x), given e^−|x|. */
export function softplusNear(
  l: Lanes,
  keep: Keep,
  x: Code,
  { one, rest, power }: Exponential,
): Code {
  const { add, sub, mul, div, number } = l;
  const mantissa = keep(add(one, rest));
  const y = keep(mul(mantissa, power));
  const yError = mul(sub(rest, sub(mantissa, one)), power);
  const inverse = keep(div(number(1), add(number(2), y)));
  const s = keep(mul(y, inverse));
  const split = (a: Code) => keep(sub(add(a, number(SPLIT)), number(SPLIT)));
  const sHigh = split(s);
  const yHigh = split(y);
  const yLow = keep(sub(y, yHigh));
  const sLow = mul(sub(sub(y, mul(sHigh, add(number(2), yHigh))), mul(sHigh, yLow)), inverse);
  const z = keep(mul(s, s));
  const head = keep(sub(y, mul(sHigh, yHigh)));
  const carried = mul(mul(number(4), yError), mul(inverse, inverse));
  const body = sub(mul(s, mul(z, atanhTail(l, keep, z))), add(mul(sHigh, yLow), mul(sLow, y)));
  const tail = keep(add(body, carried));
  const positive = keep(l.max(x, number(0)));
  const sum = keep(add(positive, head));
  const added = keep(sub(sum, positive));
  return add(sum, add(add(sub(positive, sub(sum, added)), sub(head, added)), tail));
}

function atanhTail(l: Lanes, keep: Keep, z: Code): Code {
  const { add, mul, number } = l;
  const z2 = keep(mul(z, z));
  const z4 = keep(mul(z2, z2));
  const line = (i: number) => add(number(A[i]!), mul(number(A[i + 1]!), z));
  const low = add(line(0), mul(z2, line(2)));
  const middle = add(line(4), mul(z2, line(6)));
  return add(low, mul(z4, add(middle, mul(z4, line(8)))));
}
