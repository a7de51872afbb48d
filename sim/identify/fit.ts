/**
 * Nonlinear least squares with the simulator as the model: Gauss and Newton's method in log params, halving steps that
 * do not help.
 *
 *     min over θ, x   Σ ((yₜ − h(xₜ)) / σ)²,     xₜ₊₁ = f(xₜ, uₜ; p),  pᵢ = ± exp θᵢ
 *
 * θ is shared by all stretches; each has a start x of its own, unless the recording is taken to be exact there. The
 * error σ of each measured number is found along the way, as the spread of its residuals. Directions of θ that move no
 * prediction stay where they began.
 *
 * Source   Bock 1987, multiple shooting; Gauss–Newton with variable projection as in Golub & Pereyra 1973
 *
 * @module
 */
import { joined, linearise, spreadOfResiduals, type System } from "./linear.ts";
import { costOf, type Look, lookAt, paramsOf, type Problem, residualCount, slopesAt } from "./look.ts";
import { beginning, type Given } from "./step.ts";
import type { Svd } from "./svd.ts";

export interface Fit {
  /** `[P]` */
  readonly params: Float64Array;
  /** `[K,S]` */
  readonly starts: Float64Array;
  /** `[P]` what each column of the Jacobian was divided by. */
  readonly scales: Float64Array;
  /** Of the Jacobian after its columns were scaled. */
  readonly svd: Svd;
  readonly rank: number;
  /** `[M]` spread of the residuals. */
  readonly errors: Float64Array;
  /** Residuals less unknowns. */
  readonly freedom: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** No log param moves farther than this in one iteration. */
const LONGEST = 1;
const ITERATIONS = 60;
const HALVINGS = 14;
/** Share of the cost that an iteration may take off for errors to be judged by what is left. */
const ROUGH = 0.5;
/** Share of the cost that an iteration must take off, or the search is at rest. */
const FINE = 1e-6;
/** How far log params move before their slopes are taken anew; and where the search ends. */
const NEAR = 0.02;
const SAME = 1e-3;
/** Share by which an error may still change where the search ends. */
const STEADY = 0.01;
/** Errors below this share of a number's spread are rounding. */
const ROUNDING = 1e-9;

export function fit(given: Given): Fit {
  const { problem, ...begun } = beginning(given);
  let { look, slopes } = begun;
  let errors = problem.spread;
  let system = linearise(problem, look, slopes, errors);
  let moved = 0;
  let iterations = 0;
  let converged = false;
  while (!converged && iterations++ < ITERATIONS) {
    const next = improve(problem, errors, look, system);
    const gain = next === undefined ? 0 : 1 - next.cost / look.cost;
    if (next !== undefined) {
      moved += distance(look.logs, next.logs);
      look = next;
    }
    const rests = gain <= FINE;
    if (moved > (rests ? SAME : NEAR)) {
      slopes = slopesAt(problem, look);
      moved = 0;
    } else converged = rests;
    system = linearise(problem, look, slopes, errors);
    if (gain > ROUGH) continue;
    const found = spreadOfResiduals(problem, look, system);
    const exact = found.every((error, m) => error <= ROUNDING * problem.spread[m]!);
    const steady = found.every((error, m) => Math.abs(error - errors[m]!) <= STEADY * errors[m]!);
    converged &&= steady || exact;
    errors = found;
    look = { ...look, cost: costOf(problem, look.seen, errors) };
    system = linearise(problem, look, slopes, errors);
  }
  const unknowns = system.rank + system.reduced.reduce((sum, { basis }) => sum + basis.length, 0);
  return {
    params: paramsOf(problem, look.logs),
    starts: look.starts,
    scales: system.scales,
    svd: system.svd,
    rank: system.rank,
    errors,
    freedom: residualCount(problem) - unknowns,
    iterations,
    converged,
  };
}

function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
}

/** A better guess along Gauss and Newton's step, or undefined where there is none. */
function improve(
  problem: Problem,
  errors: Float64Array,
  look: Look,
  { reduced, scales, svd: { values, right }, rank, parts }: System,
): Look | undefined {
  const P = problem.free.length;
  const delta = new Float64Array(P);
  for (let j = 0; j < rank; j++) {
    for (let i = 0; i < P; i++) delta[i]! += right[j]![i]! * parts[j]! / (values[j]! * scales[i]!);
  }
  const most = delta.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  let share = most > LONGEST ? LONGEST / most : 1;
  const startDelta = joined(reduced.map(({ start }) => start(delta)));
  for (let halving = 0; halving < HALVINGS; halving++, share /= 2) {
    const logs = look.logs.map((x, i) => x + share * delta[i]!);
    const starts = problem.shooting ? look.starts.map((x, i) => x + share * startDelta[i]!) : look.starts;
    const next = lookAt(problem, errors, logs, starts);
    if (next !== undefined && next.cost < look.cost) return next;
  }
  return undefined;
}
