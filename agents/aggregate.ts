/**
 * Scores of several seeds as one number with an interval: the interquartile mean, and a bootstrap that draws seeds
 * anew within each task.
 *
 * Source   Agarwal et al. 2021, arXiv:2108.13264, sections 4.2 and 4.3
 *
 * @module
 */
import { integer, seed as seedStream } from "../core/mod.ts";
import { type Interval, mean } from "../constraints/mod.ts";

/** The mean of the middle half of `values`; those at the edges count in part. */
export function interquartileMean(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted.length / 4;
  const high = sorted.length - low;
  let sum = 0;
  sorted.forEach((value, i) => sum += value * Math.max(0, Math.min(i + 1, high) - Math.max(i, low)));
  return sum / (high - low);
}

/**
 * 95 % interval of `statistic` over the scores of all tasks, by the percentile bootstrap.
 *
 * @param tasks scores of the seeds of each task; seeds are drawn anew within their task
 */
export function stratifiedInterval(
  tasks: readonly (readonly number[])[],
  statistic: (scores: readonly number[]) => number = interquartileMean,
  { resamples = 2000, seed = 0 }: { resamples?: number; seed?: number } = {},
): Interval {
  const stream = seedStream(seed);
  const drawn = Array.from(
    { length: resamples },
    () => statistic(tasks.flatMap((scores) => scores.map(() => scores[integer(stream, scores.length)]!))),
  );
  drawn.sort((a, b) => a - b);
  const at = (share: number) => drawn[Math.min(resamples - 1, Math.floor(share * resamples))]!;
  return [at(0.025), at(0.975)];
}

/** Scores of several seeds on one task, summed up. */
export interface Aggregate {
  readonly iqm: number;
  readonly ci: Interval;
  readonly mean: number;
  readonly scores: readonly number[];
}

export function aggregate(scores: readonly number[]): Aggregate {
  return { iqm: interquartileMean(scores), ci: stratifiedInterval([scores]), mean: mean(scores), scores };
}
