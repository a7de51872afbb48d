const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
const LN2_HI = 0.6931471803691238;
const LN2_LO = 1.9082149292705877e-10;

/** The natural logarithm of x. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984;
    k = -54;
  }
  double[0] = x;
  const hi = halves[1]!;
  k += (hi >>> 20) - 1023;
  halves[1] = (hi & 0xfffff) | 0x3ff00000;
  let m = double[0]!;
  if (m > 1.4142135623730951) {
    m *= 0.5;
    k++;
  }
  return k * LN2_HI + (series(m - 1) + k * LN2_LO);
}

/** log(1 + f) for 0.7 < 1 + f < 1.42: 2 atanh(f / (2 + f)) */
function series(f: number): number {
  const s = f / (2 + f);
  const z = s * s;
  let p = 0;
  for (let k = 25; k >= 3; k -= 2) p = z * (p + 1 / k);
  return 2 * (s + s * p);
}

/** log(1 + x) */
export function log1p(x: number): number {
  const u = 1 + x;
  if (!(x > -1) || u === Infinity) return log(u);
  if (u === 1) return x;
  return log(u) + (x - (u - 1)) / u;
}
