/**
 * Sine and cosine of core/math on lanes of doubles: the same operations in the same order, so the same bits, wherever
 * core reduces an angle in doubles.
 *
 * @module
 */
import type { Code } from "./encode.ts";
import type { Lanes } from "./lanes.ts";
import type { Keep } from "./math64.ts";

const ROUND = 6755399441055744; // 1.5·2^52
const TWO_OVER_PI = 0.6366197723675814;
/** π/2 in pieces, of core/math/reduce.ts. */
const P = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21] as const;

/** Coefficients of core/math/trig.ts: (sin r − r) / r³ and (cos r − 1 + r²/2) / r⁴, in r². */
// deno-fmt-ignore
const S = [
  -0.16666666666666666, 0.008333333333333331, -0.00019841269841265065, 2.755731921933913e-6,
  -2.505210623243528e-8, 1.6058531617037152e-10, -7.586697002817504e-13,
] as const;
// deno-fmt-ignore
const C = [
  0.041666666666666664, -0.0013888888888887398, 2.4801587298765665e-5, -2.7557317271718644e-7,
  2.087614626607931e-9, -1.1382632258093615e-11,
] as const;

/** π/4: nearer to 0 nothing is reduced. */
export const SMALL = 0.7853981633974483;

/** An angle modulo a quarter turn. */
export interface Reduced {
  /** The rest is r + low. */
  readonly r: Code;
  readonly low: Code;
  /** A float whose lowest bits count the quarters. */
  readonly quarters: Code;
  /** Where this is exact enough: not for huge angles, nor close to a multiple of π/2, nor for NaN. */
  readonly exact: Code;
}

export function reduce(l: Lanes, keep: Keep, x: Code): Reduced {
  const { add, sub, mul, number, lt, abs } = l;
  const quarters = keep(add(mul(x, number(TWO_OVER_PI)), number(ROUND)));
  const k = keep(sub(quarters, number(ROUND)));
  const first = keep(sub(x, mul(k, number(P[0]))));
  const second = keep(mul(k, number(P[1])));
  const difference = keep(sub(first, second));
  const back = keep(sub(difference, first));
  const rest = sub(sub(first, sub(difference, back)), add(second, back));
  const tail = keep(sub(rest, mul(k, number(P[2]))));
  const r = keep(add(difference, tail));
  const low = keep(sub(tail, sub(r, difference)));
  const close = l.and(lt(abs(r), number(9.313225746154785e-10)), l.not(l.eq(k, number(0))));
  const exact = l.and(lt(abs(k), number(1048576)), l.not(close));
  return { r, low, quarters, exact };
}

/** sin r for |r| ≤ π/4, but for the sign of -0. */
export function sinSmall(l: Lanes, keep: Keep, r: Code): Code {
  const z = keep(l.mul(r, r));
  return l.add(r, l.mul(l.mul(r, z), sinTail(l, keep, z)));
}

/** cos r for |r| ≤ π/4. */
export function cosSmall(l: Lanes, keep: Keep, r: Code): Code {
  const z = keep(l.mul(r, r));
  return cosOf(l, keep, z, (tail) => tail);
}

/** sin(r + low + a quarter turn for each count). */
export function turned(l: Lanes, keep: Keep, { r, low, quarters }: Omit<Reduced, "exact">): Code {
  const { add, sub, mul, number } = l;
  const z = keep(mul(r, r));
  const bent = mul(mul(r, z), sinTail(l, keep, z));
  const sine = add(r, add(bent, sub(low, mul(mul(number(0.5), z), low))));
  const cosine = cosOf(l, keep, z, (tail) => sub(tail, mul(r, low)));
  const value = keep(l.select(l.bit(quarters, 0), cosine, sine));
  return l.select(l.bit(quarters, 1), l.neg(value), value);
}

function sinTail(l: Lanes, keep: Keep, z: Code): Code {
  const { add, mul, number } = l;
  const z2 = keep(mul(z, z));
  const line = (i: number) => add(number(S[i]!), mul(number(S[i + 1]!), z));
  const high = add(line(4), mul(z2, number(S[6])));
  return add(add(line(0), mul(z2, line(2))), mul(mul(z2, z2), high));
}

function cosOf(l: Lanes, keep: Keep, z: Code, rest: (tail: Code) => Code): Code {
  const { add, sub, mul, number } = l;
  const z2 = keep(mul(z, z));
  const line = (i: number) => add(number(C[i]!), mul(number(C[i + 1]!), z));
  const tail = add(add(line(0), mul(z2, line(2))), mul(mul(z2, z2), line(4)));
  const half = keep(mul(number(0.5), z));
  const one = keep(sub(number(1), half));
  return add(one, add(sub(sub(number(1), one), half), rest(mul(z2, tail))));
}
