const LN2_HI = 0.6931471803691238;
const LN2_LO = 1.9082149292705877e-10;

/** e to the power of x. */
export function exp(x: number): number {
  if (x !== x) return x;
  if (x > 709.8) return Infinity;
  if (x < -745.2) return 0;
  let k = Math.floor(x / Math.LN2 + 0.5);
  const y = 1 + taylor((x - k * LN2_HI) - k * LN2_LO);
  let scale = 1;
  for (; k > 0; k--) scale *= 2;
  for (; k < -1000; k++) scale *= 0.5;
  let small = 1;
  for (; k < 0; k++) small *= 0.5;
  return scale > 1e300 ? y * 0.5 * scale * 2 : y * small * scale;
}

/** e^r - 1 for |r| < 0.5 */
function taylor(r: number): number {
  let p = 0;
  for (let k = 17; k >= 1; k--) p = (p + 1) * (r / k);
  return p;
}

/** e^x - 1 */
export function expm1(x: number): number {
  return x > -0.4 && x < 0.4 ? taylor(x) : exp(x) - 1;
}
