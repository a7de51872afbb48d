/**
 * How far a 95 % interval reaches.
 *
 * @module
 */

/** 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054;

/**
 * 97.5 % quantile of Student's t.
 *
 * Source   Abramowitz & Stegun 26.7.5, four terms: within 1e-3 from 4 degrees of freedom on
 */
export function student(freedom: number): number {
  const [z2, v] = [Z * Z, freedom];
  const g1 = (z2 + 1) / 4;
  const g2 = ((5 * z2 + 16) * z2 + 3) / 96;
  const g3 = (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
  const g4 = ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
  return Z * (1 + g1 / v + g2 / (v * v) + g3 / (v * v * v) + g4 / (v * v * v * v));
}
