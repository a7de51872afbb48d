import { exp, expm1 } from "./exp.ts";
import { log } from "./log.ts";

/** The hyperbolic tangent of x. */
export function tanh(x: number): number {
  if (x > 22) return 1;
  if (x < -22) return -1;
  if (x === 0) return x;
  const t = expm1(2 * x);
  return t / (t + 2);
}
/** x to the power of y. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x > 0) return exp(y * log(x));
  if (Math.floor(y) !== y) return NaN;
  const size = x === 0 ? (y > 0 ? 0 : Infinity) : exp(y * log(-x));
  return y % 2 === 0 ? size : -size;
}
/** The distance from 0 to (x, y). */
export function hypot(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}
/** The angle of (x, y) from the x axis, in radians, from -π to π. */
export function atan2(y: number, x: number): number {
  if (y === 0 && x >= 0) return y;
  if (y === 0) return Math.PI;
  const ratio = Math.abs(y) > Math.abs(x) ? x / y : y / x;
  const half = ratio / (1 + Math.sqrt(1 + ratio * ratio));
  const quarter = half / (1 + Math.sqrt(1 + half * half));
  let p = 0;
  for (let k = 31; k >= 3; k -= 2) p = -(quarter * quarter) * (1 / k + p);
  const angle = 4 * quarter * (1 + p);
  if (Math.abs(y) > Math.abs(x)) return (y > 0 ? Math.PI / 2 : -Math.PI / 2) - angle;
  return x > 0 ? angle : angle + (y > 0 ? Math.PI : -Math.PI);
}
