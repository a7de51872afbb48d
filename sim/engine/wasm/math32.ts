/**
 * Exponentials on lanes of floats, within 2 ulp. They are their own hash domain: nothing else computes these bits.
 * Constants: tools/fit_math.py.
 *
 * @module
 */
import type { Code } from "./encode.ts";
import type { Lanes } from "./lanes.ts";
import type { Keep } from "./math64.ts";

const ROUND = 12582912; // 1.5·2^23
const LOG2_E = 1.4426950408889634;
const LN2_HIGH = 0.693115234375; // 12 bits, so that k LN2_HIGH is exact
const LN2_LOW = 3.194618329871446e-5;

/** (e^r − 1 − r) / r² for |r| ≤ ln 2 / 2, to 2^-23.8. */
const E = [
  0.5,
  0.16666576266288757,
  0.04166655242443085,
  0.008363231085240841,
  0.0013926249230280519,
] as const;

/** (2 atanh s − 2 s) / s³ for s² = z ≤ 1/9, to 2^-21.6. */
const A = [0.6666663885116577, 0.40007561445236206, 0.28236618638038635, 0.2685149908065796] as const;

/** e^x, for −87 ≤ x ≤ 88. */
export function exp(l: Lanes, keep: Keep, x: Code): Code {
  const { add, sub, mul, number } = l;
  const biased = keep(add(mul(x, number(LOG2_E)), number(ROUND)));
  const k = keep(sub(biased, number(ROUND)));
  const r = keep(sub(sub(x, mul(k, number(LN2_HIGH))), mul(k, number(LN2_LOW))));
  const r2 = keep(mul(r, r));
  const high = add(add(number(E[2]), mul(number(E[3]), r)), mul(r2, number(E[4])));
  const tail = add(add(number(E[0]), mul(number(E[1]), r)), mul(r2, high));
  return mul(add(number(1), add(r, mul(r2, tail))), l.powerOfTwo(biased));
}

/** log(1 + y) for 0 ≤ y ≤ 1: s = y / (2 + y), 2 atanh s = y − s y + s³ A(s²). */
export function log1p01(l: Lanes, keep: Keep, y: Code): Code {
  const { add, sub, mul, div, number } = l;
  const s = keep(div(y, add(number(2), y)));
  const z = keep(mul(s, s));
  const high = add(number(A[2]), mul(number(A[3]), z));
  const tail = add(add(number(A[0]), mul(number(A[1]), z)), mul(mul(z, z), high));
  return sub(y, mul(s, sub(y, mul(z, tail))));
}
