/**
 * A guess at params and starts: what it predicts, how far off that is, and how it moves with each of them.
 *
 * @module
 */
import { exp, UserError } from "../../core/mod.ts";
import type { Columns } from "./columns.ts";
import { type Motion, type Params, predict } from "./motion.ts";
import type { Stretch } from "./recording.ts";

export interface Problem {
  readonly motion: Motion;
  readonly stretches: readonly Stretch[];
  /** M */
  readonly measured: number;
  /** `[M]` standard deviation of each measured number over the recordings; 1 where it never moves. */
  readonly spread: Float64Array;
  readonly free: readonly string[];
  readonly fixed: Params;
  /** `[P]` where each free param begins; each keeps its sign. */
  readonly begin: readonly number[];
  /** Whether starts are unknown as well. */
  readonly shooting: boolean;
  /** `[K,S]` */
  readonly starts: Float64Array;
  /** Half the width of a central difference, of a log param or of a start in its own spread. */
  readonly step: number;
  /** A singular value below this share of the largest is none. */
  readonly noRank: number;
}

/** A guess, what it predicts, and how the starts move that. */
export interface Look {
  readonly logs: Float64Array;
  readonly starts: Float64Array;
  /** `[K][L,M]` */
  readonly seen: readonly Float64Array[];
  /** `[S][K][L,M]` */
  readonly byStart: readonly (readonly Float64Array[])[];
  readonly cost: number;
}

/** θ is counted from where it began. */
export function paramsOf({ begin }: Problem, logs: Float64Array): Float64Array {
  return Float64Array.from(begin, (value, i) => value * exp(logs[i]!));
}

function settingOf(problem: Problem, logs: Float64Array): Params {
  const found = paramsOf(problem, logs);
  return { ...problem.fixed, ...Object.fromEntries(problem.free.map((name, i) => [name, found[i]!])) };
}

/** First moment that counts: where starts are exact, theirs does not. */
export function firstCounted({ shooting }: Problem): number {
  return shooting ? 0 : 1;
}

export function residualCount(problem: Problem): number {
  const skipped = firstCounted(problem);
  return problem.stretches.reduce((sum, { moments }) => sum + (moments - skipped) * problem.measured, 0);
}

export function costOf(problem: Problem, seen: readonly Float64Array[], errors: Float64Array): number {
  let cost = 0;
  problem.stretches.forEach((stretch, k) => {
    for (const r of residualsOf(problem, stretch, seen[k]!, errors)) cost += r * r;
  });
  return cost;
}

/** (y − h) / σ of the moments that count. */
export function residualsOf(
  problem: Problem,
  { measured }: Stretch,
  seen: Float64Array,
  errors: Float64Array,
): Float64Array {
  const M = problem.measured;
  const from = firstCounted(problem) * M;
  const residuals = new Float64Array(measured.length - from);
  for (let i = 0; i < residuals.length; i++) {
    residuals[i] = (measured[from + i]! - seen[from + i]!) / errors[i % M]!;
  }
  return residuals;
}

/** Undefined where the params are out of their ranges, or the prediction is not finite. */
export function lookAt(
  problem: Problem,
  errors: Float64Array,
  logs: Float64Array,
  starts: Float64Array,
): Look | undefined {
  const { stretches, motion: { state } } = problem;
  const [K, S] = [stretches.length, state.length];
  const widths = problem.shooting ? startWidths(problem) : [];
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
  const seen = tryPredict(problem, logs, all, moved.length);
  if (seen === undefined) return undefined;
  const block = (i: number) => seen.slice(i * K, (i + 1) * K);
  const base = block(0);
  const cost = costOf(problem, base, errors);
  if (!Number.isFinite(cost)) return undefined;
  const byStart = widths.map((width, s) => {
    const [above, below] = [block(1 + 2 * s), block(2 + 2 * s)];
    return above.map((rows, k) => difference(rows, below[k]!, 2 * width));
  });
  return { logs, starts, seen: base, byStart, cost };
}

/** How far each number of a start is moved for a difference. */
function startWidths({ motion: { state, sight }, starts, spread, step }: Problem): number[] {
  return state.map((_, s) => {
    if (sight === "states") return step * spread[s]!;
    let most = 0;
    for (let i = s; i < starts.length; i += state.length) most = Math.max(most, Math.abs(starts[i]!));
    return step * (most > 0 ? most : 1);
  });
}

/** `[P][K][L,M]` how each log param moves what is seen. */
export function slopesAt(problem: Problem, look: Look): Columns[] {
  return problem.free.map((name, i) => {
    const at = (sign: number) => {
      const logs = look.logs.slice();
      logs[i]! += sign * problem.step;
      return tryPredict(problem, logs, look.starts, 1);
    };
    const [above, below] = [at(1), at(-1)];
    const width = problem.step * (Number(above !== undefined) + Number(below !== undefined));
    if (width === 0) {
      throw new UserError(`identify: ${name} cannot be moved from where it is: give another start`);
    }
    return look.seen.map((seen, k) => difference(above?.[k] ?? seen, below?.[k] ?? seen, width));
  });
}

/** (high − low) / width */
function difference(high: Float64Array, low: Float64Array, width: number): Float64Array {
  const slopes = new Float64Array(high.length);
  for (let i = 0; i < slopes.length; i++) slopes[i] = (high[i]! - low[i]!) / width;
  return slopes;
}

/** What `copies` times all stretches show, each time from other starts; undefined where params are out of range. */
export function tryPredict(problem: Problem, logs: Float64Array, starts: Float64Array, copies: number) {
  const params = settingOf(problem, logs);
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
