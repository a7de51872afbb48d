/**
 * Sine and cosine on lanes of floats, within 2 ulp or 4 · 10⁻¹¹; the counterpart of `trig64.ts`, in a hash domain of its
 * own.
 * Constants: tools/fit_math.py.
 *
 * @module
 */
import type { Code } from "./encode.ts";
import type { Lanes } from "./lanes.ts";
import type { Keep } from "./math64.ts";
import type { Reduced } from "./trig64.ts";

const ROUND = 12582912; // 1.5·2^23
const TWO_OVER_PI = 0.6366197723675814;
/** π/2 in pieces: the first two have 11 bits, so that k times each is exact for k < 2^13. */
const P = [1.5703125, 0.0004837512969970703, 7.549789954891882e-8] as const;

/** (sin r − r) / r³ and (cos r − 1 + r²/2) / r⁴ for |r| ≤ π/4, in r², to 2^-25. */
const S = [-0.1666666466230294, 0.008332748268406942, -0.000195878904001737] as const;
const C = [0.041666664659490746, -0.0013888303033667549, 2.4547941603820702e-5] as const;

export function reduce(l: Lanes, keep: Keep, x: Code): Reduced {
  const { add, sub, mul, number } = l;
  const quarters = keep(add(mul(x, number(TWO_OVER_PI)), number(ROUND)));
  const k = keep(sub(quarters, number(ROUND)));
  const r = keep(P.reduce<Code>((rest, piece) => sub(rest, mul(k, number(piece))), x));
  return { r, low: number(0), quarters, exact: l.lt(l.abs(k), number(8192)) };
}

/** sin r for |r| ≤ π/4. */
export function sinSmall(l: Lanes, keep: Keep, r: Code): Code {
  const z = keep(l.mul(r, r));
  return l.add(r, l.mul(l.mul(r, z), polynomial(l, z, S)));
}

/** cos r for |r| ≤ π/4. */
export function cosSmall(l: Lanes, keep: Keep, r: Code): Code {
  const { add, sub, mul, number } = l;
  const z = keep(mul(r, r));
  return add(sub(number(1), mul(number(0.5), z)), mul(mul(z, z), polynomial(l, z, C)));
}

/** sin(r + a quarter turn for each count). */
export function turned(l: Lanes, keep: Keep, { r, quarters }: Omit<Reduced, "exact">): Code {
  const value = keep(l.select(l.bit(quarters, 0), cosSmall(l, keep, r), sinSmall(l, keep, r)));
  return l.select(l.bit(quarters, 1), l.neg(value), value);
}

function polynomial(
  { add, mul, number }: Lanes,
  z: Code,
  [a, b, c]: readonly [number, number, number],
): Code {
  return add(number(a), mul(z, add(number(b), mul(z, number(c)))));
}
