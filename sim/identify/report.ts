/**
 * What a fit tells: params, or only products of them, each with its interval.
 *
 * @module
 */
import { exp, pow } from "../../core/mod.ts";
import type { Combinations } from "./coefficients.ts";
import type { Fit } from "./fit.ts";
import { echelon, type Exponents, inWords, productName, toldProducts } from "./products.ts";
import { student } from "./quantile.ts";

export interface Estimate {
  readonly estimate: number;
  /** Standard error. */
  readonly error: number;
  /** 95 %; of the logarithm, so that what cannot be 0 or change its sign does not. */
  readonly interval: readonly [low: number, high: number];
}

export interface Told extends Estimate {
  /** A product of powers like `gravity·length⁻¹`, or a combination's name. */
  readonly expression: string;
}

export interface Findings {
  /** Each free param; null where only products with others are identified. */
  readonly params: Readonly<Record<string, Estimate | null>>;
  /** Rank of the Jacobian, its columns scaled to length 1. */
  readonly rank: number;
  /** How many params were free. */
  readonly of: number;
  /** What cannot be told apart, in words, one line for each direction. */
  readonly unidentified: readonly string[];
  /** What is identified in place of params that are not. */
  readonly identified: readonly Told[];
}

export function findings(
  fit: Fit,
  free: readonly string[],
  fixed: Readonly<Record<string, unknown>>,
  combinations: Combinations,
): Findings {
  const P = free.length;
  const nothing = fit.svd.right.slice(fit.rank).map((v) => unit(v.map((x, i) => x / fit.scales[i]!)));
  const space = echelon(nothing, P);
  const told = toldProducts(space, P);
  const alone = (i: number) => space.rows.every((row) => row[i] === 0);
  const tell = (gradient: Exponents, estimate: number) => estimateOf(fit, gradient, estimate);
  const products = told.filter((exponents) => exponents.filter((x) => x !== 0).length > 1);
  return {
    params: Object.fromEntries(
      free.map((
        name,
        i,
      ) => [name, alone(i) ? tell(free.map((_, j) => Number(i === j)), fit.params[i]!) : null]),
    ),
    rank: fit.rank,
    of: P,
    unidentified: space.rows.map((row) => inWords(row, free)),
    identified: [
      ...products.map((exponents) => ({
        expression: productName(exponents, free),
        ...tell(exponents, productOf(exponents, fit.params)),
      })),
      ...named(fit, free, fixed, combinations, space.rows, tell),
    ],
  };
}

/** Those combinations that the null space leaves alone, and that are more than one param. */
function named(
  fit: Fit,
  free: readonly string[],
  fixed: Readonly<Record<string, unknown>>,
  combinations: Combinations,
  nothing: readonly number[][],
  tell: (gradient: Exponents, estimate: number) => Estimate,
): Told[] {
  return Object.entries(combinations).flatMap(([expression, of]) => {
    const at = (logs: (i: number) => number) => {
      const values = free.map((name, i) => [name, fit.params[i]! * exp(logs(i))]);
      return of({ ...fixed, ...Object.fromEntries(values) } as Record<string, number>);
    };
    const estimate = at(() => 0);
    const gradient = free.map((_, i) => {
      const step = (sign: number) => at((j) => i === j ? sign * 1e-5 : 0);
      return (step(1) - step(-1)) / (2e-5 * estimate);
    });
    const size = Math.sqrt(gradient.reduce((sum, x) => sum + x * x, 0));
    const kept = nothing.every((row) =>
      Math.abs(inner(row, gradient)) <= 1e-4 * size * Math.sqrt(inner(row, row))
    );
    return size > 1e-9 && kept ? [{ expression, ...tell(gradient, estimate) }] : [];
  });
}

/** The interval of a number whose logarithm has this gradient in the logarithms of the params. */
function estimateOf({ svd, rank, scales, freedom }: Fit, gradient: Exponents, estimate: number): Estimate {
  let variance = 0;
  for (let j = 0; j < rank; j++) {
    const part = gradient.reduce((sum, g, i) => sum + g * svd.right[j]![i]! / scales[i]!, 0) / svd.values[j]!;
    variance += part * part;
  }
  const relative = Math.sqrt(variance);
  const reach = exp(student(freedom) * relative);
  const ends = [estimate / reach, estimate * reach] as const;
  return {
    estimate,
    error: Math.abs(estimate) * relative,
    interval: estimate < 0 ? [ends[1], ends[0]] : ends,
  };
}

/** ∏ pᵢ^aᵢ, of sizes where an exponent is no whole number. */
function productOf(exponents: Exponents, params: Float64Array): number {
  return exponents.reduce((product, exponent, i) => {
    const whole = Number.isInteger(exponent);
    const base = whole ? params[i]! : Math.abs(params[i]!);
    return product * pow(base, exponent);
  }, 1);
}

function unit(v: Float64Array): Float64Array {
  const most = v.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return v.map((x) => x / most);
}

function inner(a: Exponents, b: Exponents): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}
