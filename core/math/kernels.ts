import { exp } from "./exp.ts";
import { log1p } from "./log.ts";

/** e^x for -708 < x <= 0 */
export function expNeg(x: number): number {
  return exp(x);
}
/** log(1 + y) for 0 <= y <= 1 */
export function log1p01(y: number): number {
  return log1p(y);
}
/** log(1 + e^x) */
export function softplus(x: number): number {
  return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}
