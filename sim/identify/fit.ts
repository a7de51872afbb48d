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
import { exp, UserError } from "../../core/mod.ts";
import { type Motion, type Params, predict } from "./motion.ts";
import type { Stretch } from "./recording.ts";
import { reduce, type Reduced } from "./reduce.ts";
import { type Columns, dot, type Svd, svd } from "./svd.ts";

export interface Problem {
  readonly motion: Motion;
  readonly stretches: readonly Stretch[];
  /** M */
  readonly measured: number;
  readonly free: readonly string[];
  readonly fixed: Params;
  /** `[P]` where each free param begins; each keeps its sign. */
  readonly begin: readonly number[];
  /** Whether starts are unknown as well. */
  readonly shooting: boolean;
  /** `[K,S]` */
  readonly starts: Float64Array;
}

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

/** A guess, what it predicts, and how the starts move that. */
interface Look {
  readonly logs: Float64Array;
  readonly starts: Float64Array;
  /** `[K][L,M]` */
  readonly seen: readonly Float64Array[];
  /** `[S][K][L,M]` */
  readonly byStart: readonly (readonly Float64Array[])[];
  readonly cost: number;
}

/** Half the width of a central difference, of a log param or of a start in its own spread. */
const STEP = 1e-5;
/** A singular value below this share of the largest is none: differences are exact to about 1e-9. */
const NO_RANK = 1e-6;
const LONGEST = 1;
const ITERATIONS = 60;
const HALVINGS = 14;
/** Share of the cost that an iteration may take off for errors to be judged by what is left. */
const ROUGH = 0.5;
/** Share of the cost that an iteration must take off, or the search is at rest. */
const FINE = 1e-8;
/** How far log params move before their slopes are taken anew; and where the search ends. */
const NEAR = 0.02;
const SAME = 1e-4;
/** Share by which an error may still change where the search ends. */
const STEADY = 0.01;
/** Errors below this share of a number's spread are rounding; no error is taken to be below the second. */
const ROUNDING = 1e-9;
const LEAST = 1e-11;

export function fit(problem: Problem): Fit {
  const spread = spreads(problem.stretches, problem.measured);
  let errors: Float64Array = spread.slice();
  const first = lookAt(problem, spread, errors, new Float64Array(problem.free.length), problem.starts);
  if (first === undefined) {
    throw new UserError("identify: the simulator fails where the search begins: give another start");
  }
  let look = first;
  let slopes = slopesAt(problem, look);
  let system = linearise(problem, look, slopes, errors);
  let moved = 0;
  let iterations = 0;
  let converged = false;
  while (!converged && iterations++ < ITERATIONS) {
    const next = improve(problem, spread, errors, look, system);
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
    const found = spreadOfResiduals(problem, look, system, spread);
    const exact = found.every((error, m) => error <= ROUNDING * spread[m]!);
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

/** `[M]` standard deviation of each measured number over all moments; 1 where it never moves. */
export function spreads(stretches: readonly Stretch[], M: number): Float64Array {
  return Float64Array.from({ length: M }, (_, m) => {
    let [count, mean, squares] = [0, 0, 0];
    for (const { measured } of stretches) {
      for (let i = m; i < measured.length; i += M) {
        const off = measured[i]! - mean;
        mean += off / ++count;
        squares += off * (measured[i]! - mean);
      }
    }
    return squares > 0 ? Math.sqrt(squares / count) : 1;
  });
}

function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
}

/** θ is counted from where it began. */
function paramsOf({ begin }: Problem, logs: Float64Array): Float64Array {
  return Float64Array.from(begin, (value, i) => value * exp(logs[i]!));
}

function settingOf(problem: Problem, logs: Float64Array): Params {
  const found = paramsOf(problem, logs);
  return { ...problem.fixed, ...Object.fromEntries(problem.free.map((name, i) => [name, found[i]!])) };
}

/** First moment that counts: where starts are exact, theirs does not. */
function firstCounted({ shooting }: Problem): number {
  return shooting ? 0 : 1;
}

function residualCount(problem: Problem): number {
  const skipped = firstCounted(problem);
  return problem.stretches.reduce((sum, { moments }) => sum + (moments - skipped) * problem.measured, 0);
}

function costOf(problem: Problem, seen: readonly Float64Array[], errors: Float64Array): number {
  let cost = 0;
  problem.stretches.forEach((stretch, k) => {
    for (const r of residualsOf(problem, stretch, seen[k]!, errors)) cost += r * r;
  });
  return cost;
}

/** (y − h) / σ of the moments that count. */
function residualsOf(
  problem: Problem,
  { measured }: Stretch,
  seen: Float64Array,
  errors: Float64Array,
): Float64Array {
  const M = problem.measured;
  const from = firstCounted(problem) * M;
  return Float64Array.from(
    { length: measured.length - from },
    (_, i) => (measured[from + i]! - seen[from + i]!) / errors[i % M]!,
  );
}

/** Undefined where the params are out of their ranges, or the prediction is not finite. */
function lookAt(
  problem: Problem,
  spread: Float64Array,
  errors: Float64Array,
  logs: Float64Array,
  starts: Float64Array,
): Look | undefined {
  const { stretches, motion: { state } } = problem;
  const [K, S] = [stretches.length, state.length];
  const widths = problem.shooting ? startWidths(problem, spread) : [];
  const moved = [starts];
  widths.forEach((width, s) => {
    for (const sign of [1, -1]) {
      const copy = starts.slice();
      for (let k = 0; k < K; k++) copy[k * S + s]! += sign * width;
      moved.push(copy);
    }
  });
  const all = new Float64Array(moved.length * K * S);
  moved.forEach((copy, i) => all.set(copy, i * K * S));
  const seen = tryPredict(problem, settingOf(problem, logs), all, moved.length);
  if (seen === undefined) return undefined;
  const block = (i: number) => seen.slice(i * K, (i + 1) * K);
  const base = block(0);
  const cost = costOf(problem, base, errors);
  if (!Number.isFinite(cost)) return undefined;
  const byStart = widths.map((width, s) => {
    const [above, below] = [block(1 + 2 * s), block(2 + 2 * s)];
    return above.map((rows, k) => rows.map((x, i) => (x - below[k]![i]!) / (2 * width)));
  });
  return { logs, starts, seen: base, byStart, cost };
}

/** How far each number of a start is moved for a difference. */
function startWidths({ motion: { state, sight }, starts }: Problem, spread: Float64Array): number[] {
  return state.map((_, s) => {
    if (sight === "states") return STEP * spread[s]!;
    let most = 0;
    for (let i = s; i < starts.length; i += state.length) most = Math.max(most, Math.abs(starts[i]!));
    return STEP * (most > 0 ? most : 1);
  });
}

function tryPredict(problem: Problem, params: Params, starts: Float64Array, copies: number) {
  const repeat = <T>(one: readonly T[]) => Array.from({ length: copies }, () => one).flat();
  const moments = repeat(problem.stretches.map(({ moments }) => moments));
  const actions = repeat(problem.stretches.map(({ actions }) => actions));
  try {
    return predict(problem.motion, params, { moments, actions, starts });
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

interface System {
  readonly reduced: readonly Reduced[];
  readonly scales: Float64Array;
  readonly svd: Svd;
  readonly rank: number;
  /** Uᵀ r */
  readonly parts: Float64Array;
}

/** `[P][K][L,M]` how each log param moves what is seen. */
function slopesAt(problem: Problem, look: Look): Columns[] {
  return problem.free.map((name, i) => {
    const at = (sign: number) => {
      const logs = look.logs.slice();
      logs[i]! += sign * STEP;
      return tryPredict(problem, settingOf(problem, logs), look.starts, 1);
    };
    const [above, below] = [at(1), at(-1)];
    const width = STEP * (Number(above !== undefined) + Number(below !== undefined));
    if (width === 0) {
      throw new UserError(`identify: ${name} cannot be moved from where it is: give another start`);
    }
    return look.seen.map((seen, k) => {
      const [high, low] = [above?.[k] ?? seen, below?.[k] ?? seen];
      return high.map((x, j) => (x - low[j]!) / width);
    });
  });
}

/** The linear problem around a guess, its starts taken out. */
function linearise(problem: Problem, look: Look, slopes: readonly Columns[], errors: Float64Array): System {
  const { stretches, free, measured: M } = problem;
  const from = firstCounted(problem) * M;
  const weighted = (column: Float64Array) => column.subarray(from).map((x, i) => x / errors[i % M]!);
  const reduced = stretches.map((stretch, k) =>
    reduce(
      look.byStart.map((rows) => weighted(rows[k]!)),
      slopes.map((rows) => weighted(rows[k]!)),
      residualsOf(problem, stretch, look.seen[k]!, errors),
    )
  );
  const columns = free.map((_, i) => joined(reduced.map(({ rest }) => rest[i]!)));
  const residual = joined(reduced.map((part) => part.residual));
  const norms = columns.map((column) => Math.sqrt(dot(column, column)));
  const largest = Math.max(...norms);
  const scales = Float64Array.from(norms, (norm) => norm > NO_RANK * 1e-2 * largest ? norm : largest || 1);
  const found = svd(columns.map((column, i) => column.map((x) => x / scales[i]!)));
  const rank = found.values.filter((value) => value > NO_RANK * found.values[0]!).length;
  return { reduced, scales, svd: found, rank, parts: Float64Array.from(found.left, (u) => dot(u, residual)) };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A better guess along Gauss and Newton's step, or undefined where there is none. */
function improve(
  problem: Problem,
  spread: Float64Array,
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
    const next = lookAt(problem, spread, errors, logs, starts);
    if (next !== undefined && next.cost < look.cost) return next;
  }
  return undefined;
}

/** `[M]` root of a number's squared residuals over how many of them are free. */
function spreadOfResiduals(
  problem: Problem,
  look: Look,
  { reduced, svd: { left }, rank }: System,
  spread: Float64Array,
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
  return spread.map((scale, m) => {
    const error = freedom[m]! > 0.5 ? Math.sqrt(squares[m]! / freedom[m]!) : 0;
    return Math.max(error, LEAST * scale);
  });
}

function sumOfSquares(columns: Columns, row: number): number {
  let sum = 0;
  for (const column of columns) sum += column[row]! * column[row]!;
  return sum;
}
