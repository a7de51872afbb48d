const P1 = 1.5707963109016418;
const P2 = 1.5893254712295857e-8;
const P3 = 6.123233995736766e-17;

function reduce(x: number): [r: number, quadrant: number] {
  const k = Math.floor(x / (Math.PI / 2) + 0.5);
  return [((x - k * P1) - k * P2) - k * P3, k & 3];
}
function sinSmall(r: number): number {
  let p = 0;
  for (let k = 19; k >= 3; k -= 2) p = -(r * r) / (k * (k - 1)) * (1 + p);
  return r + r * p;
}
function cosSmall(r: number): number {
  let p = 0;
  for (let k = 20; k >= 2; k -= 2) p = -(r * r) / (k * (k - 1)) * (1 + p);
  return 1 + p;
}
function quarter(r: number, q: number): number {
  const y = q & 1 ? cosSmall(r) : sinSmall(r);
  return q & 2 ? -y : y;
}
/** The sine of x in radians. */
export function sin(x: number): number {
  if (x === 0 || x - x !== 0) return x === 0 ? x : NaN;
  const [r, q] = reduce(x);
  return quarter(r, q);
}
/** The cosine of x in radians. */
export function cos(x: number): number {
  if (x - x !== 0) return NaN;
  const [r, q] = reduce(x);
  return quarter(r, q + 1);
}
/** The tangent of x in radians. */
export function tan(x: number): number {
  return x === 0 ? x : sin(x) / cos(x);
}
