/**
 * Measuring rates so that they can be compared: the contestants take turns in short chunks, a chunk is timed by the CPU
 * time its own process used, and each contestant's rate is the median of its chunks. A neighbour that is busy then
 * slows all of them a little instead of one of them a lot.
 *
 * @module
 */
import { cpuUsage } from "node:process";

/** What a chunk of a contestant's work took. */
export interface Chunk {
  /** Units of work done. */
  readonly work: number;
  /** CPU seconds. */
  readonly seconds: number;
}

/** Works for about `seconds` and says what it did. */
export type Contestant = (seconds: number) => Chunk | Promise<Chunk>;

export interface Rules {
  /** Chunks per contestant. */
  readonly rounds: number;
  /** Length of a chunk in seconds. */
  readonly seconds: number;
  /** Length of the first chunk, which only warms up: compilers need it. */
  readonly warmup: number;
}

/** CPU seconds this process has used so far, all its threads together. */
export function cpuSeconds(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1e6;
}

/** Seconds that have passed, for what several threads do together. */
export function wallSeconds(): number {
  return performance.now() / 1000;
}

/** A contestant that repeats `once`, which does `work` units. */
export function repeat(work: number, once: () => void, clock = cpuSeconds): Contestant {
  return (seconds) => {
    const start = clock();
    let times = 0;
    let used = 0;
    for (let batch = 1; used < seconds; batch *= 2) {
      for (let i = 0; i < batch; i++) once();
      times += batch;
      used = clock() - start;
    }
    return { work: times * work, seconds: used };
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median rate of each contestant, in units of work per CPU second. */
export async function race(contestants: readonly Contestant[], rules: Rules): Promise<number[]> {
  const rates: number[][] = contestants.map(() => []);
  for (const contestant of contestants) await contestant(rules.warmup);
  for (let round = 0; round < rules.rounds; round++) {
    for (const [i, contestant] of contestants.entries()) {
      const { work, seconds } = await contestant(rules.seconds);
      rates[i]!.push(work / seconds);
    }
  }
  return rates.map(median);
}
