/**
 * The linear least-squares problem around a guess.
 *
 * @module
 */
import { type Columns, dot } from "./columns.ts";
import { firstCounted, type Look, type Problem, residualsOf } from "./look.ts";
import { reduce, type Reduced } from "./reduce.ts";
import { type Svd, svd } from "./svd.ts";

export interface System {
  readonly reduced: readonly Reduced[];
  readonly scales: Float64Array;
  readonly svd: Svd;
  readonly rank: number;
  /** Uᵀ r */
  readonly parts: Float64Array;
}

/** A column below this share of the largest is rounding. */
const ROUNDING = 1e-8;
/** No error is taken to be below this share of a number's spread. */
const LEAST = 1e-11;

/** The linear problem around a guess, its starts taken out. */
export function linearise(
  problem: Problem,
  look: Look,
  slopes: readonly Columns[],
  errors: Float64Array,
): System {
  const { stretches, free } = problem;
  const reduced = stretches.map((stretch, k) =>
    reduce(
      look.byStart.map((rows) => weighted(problem, rows[k]!, errors)),
      slopes.map((rows) => weighted(problem, rows[k]!, errors)),
      residualsOf(problem, stretch, look.seen[k]!, errors),
    )
  );
  const columns = free.map((_, i) => joined(reduced.map(({ rest }) => rest[i]!)));
  const residual = joined(reduced.map((part) => part.residual));
  const norms = columns.map((column) => Math.sqrt(dot(column, column)));
  const largest = Math.max(...norms);
  const scales = Float64Array.from(norms, (norm) => norm > ROUNDING * largest ? norm : largest || 1);
  const found = svd(columns.map((column, i) => column.map((x) => x / scales[i]!)));
  const rank = found.values.filter((value) => value > problem.noRank * found.values[0]!).length;
  return { reduced, scales, svd: found, rank, parts: Float64Array.from(found.left, (u) => dot(u, residual)) };
}

/** A column of slopes in units of the errors, of the moments that count. */
function weighted(problem: Problem, slopes: Float64Array, errors: Float64Array): Float64Array {
  const M = problem.measured;
  const from = firstCounted(problem) * M;
  const column = new Float64Array(slopes.length - from);
  for (let i = 0; i < column.length; i++) column[i] = slopes[from + i]! / errors[i % M]!;
  return column;
}

export function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** `[M]` root of a number's squared residuals over how many of them are free. */
export function spreadOfResiduals(
  problem: Problem,
  look: Look,
  { reduced, svd: { left }, rank }: System,
): Float64Array {
  const M = problem.measured;
  const squares = new Float64Array(M);
  const freedom = new Float64Array(M);
  const ones = new Float64Array(M).fill(1);
  const told = left.slice(0, rank);
  let at = 0;
  problem.stretches.forEach((stretch, k) => {
    const off = residualsOf(problem, stretch, look.seen[k]!, ones);
    off.forEach((r, i) => {
      squares[i % M]! += r * r;
      freedom[i % M]! += 1 - sumOfSquares(reduced[k]!.basis, i) - sumOfSquares(told, at + i);
    });
    at += off.length;
  });
  return problem.spread.map((scale, m) => {
    const error = freedom[m]! > 0.5 ? Math.sqrt(squares[m]! / freedom[m]!) : 0;
    return Math.max(error, LEAST * scale);
  });
}

function sumOfSquares(columns: Columns, row: number): number {
  let sum = 0;
  for (const column of columns) sum += column[row]! * column[row]!;
  return sum;
}
