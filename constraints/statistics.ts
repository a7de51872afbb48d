/**
 * The statistics of episode costs: a mean alone hides the violations.
 *
 * @module
 */

/** Two ends of a confidence interval. */
export type Interval = [low: number, high: number];

/** The standard normal quantile of a two-sided 95 % interval. */
const z95 = 1.959963984540054;

/** Mean of `values`; NaN of none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/**
 * The two-sided 95 % quantile of Student's t with `degrees` of freedom, by the expansion of Cornish and Fisher
 * (Abramowitz and Stegun 26.7.5); within 1 % from 4 degrees on.
 */
export function student95(degrees: number): number {
  const z = z95;
  const z2 = z * z;
  const first = z * (z2 + 1) / 4;
  const second = z * ((5 * z2 + 16) * z2 + 3) / 96;
  const third = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
  return z + (first + (second + third / degrees) / degrees) / degrees;
}

/** Student's 95 % interval of the mean; the mean twice where there is only one value. */
export function meanInterval(values: ArrayLike<number>): Interval {
  const n = values.length;
  const center = mean(values);
  if (n < 2) return [center, center];
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i]! - center) * (values[i]! - center);
  const half = student95(n - 1) * Math.sqrt(squares / (n - 1) / n);
  return [center - half, center + half];
}

/** Wilson's 95 % score interval of a share of `hits` in `trials` (Wilson 1927). */
export function wilsonInterval(hits: number, trials: number): Interval {
  if (trials === 0) return [0, 1];
  const p = hits / trials;
  const z2 = z95 * z95;
  const center = (p + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = z95 / (1 + z2 / trials) * Math.sqrt(p * (1 - p) / trials + z2 / (4 * trials * trials));
  return [hits === 0 ? 0 : center - half, hits === trials ? 1 : center + half];
}

/**
 * Conditional value at risk: the mean of the worst `share` of `values`, the value at the edge counted in part
 * (Rockafellar and Uryasev 2002), so that it is continuous in `share`.
 */
export function cvar(values: ArrayLike<number>, share: number): number {
  const worst = Float64Array.from(values).sort().reverse();
  const size = share * worst.length;
  let sum = 0;
  for (let i = 0; i < worst.length && i < size; i++) sum += worst[i]! * Math.min(1, size - i);
  return sum / size;
}
