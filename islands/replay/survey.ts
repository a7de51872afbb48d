/**
 * What the page shows of a whole replay: for each cost channel its course, and every broken limit.
 *
 * @module
 */
import type { Replay, Timeline } from "../../sim/mod.ts";

/** One cost channel over all steps. */
export interface Track {
  readonly channel: string;
  /** Index into the replay's limits; undefined where the channel has none. */
  readonly limit?: Replay["header"]["limits"][number];
  /** What `spent` may reach before the limit is broken. */
  readonly allowance?: number;
  /** `[T]` cost so far in the running episode, as the limit judges it; after step `t` at index `t`. */
  readonly spent: Float64Array;
  readonly peak: number;
}

export interface Violation {
  /** The step that broke the limit; the state after it is `t + 1`. */
  readonly t: number;
  readonly channel: string;
  readonly agents: readonly number[];
  readonly episode: number;
  /** True for the first one of its episode and channel. */
  readonly first: boolean;
}

export interface Survey {
  readonly total: number;
  readonly tracks: readonly Track[];
  readonly episodes: Timeline["episodes"];
  readonly violations: readonly Violation[];
  /** Those that are the first of their episode and channel. */
  readonly firsts: readonly Violation[];
  /** Agents that pay beyond a limit at a step. */
  readonly broken: ReadonlyMap<number, ReadonlySet<number>>;
}

export function surveyOf({ header }: Replay, timeline: Timeline): Survey {
  const { episodes, spent, channelCost } = timeline;
  const total = header.steps;
  const C = header.channels.length;
  const L = header.limits.length;
  const limited = header.limits.map((limit, l) => {
    const course = column(spent, l, L, total);
    return {
      channel: limit.channel,
      limit,
      allowance: timeline.allowances[l]!,
      spent: course,
      peak: peakOf(course),
    };
  });
  const free = header.channels.flatMap(({ name }, c) => {
    if (header.limits.some(({ channel }) => channel === name)) return [];
    const course = accumulate(column(channelCost, c, C, total), episodes);
    return [{ channel: name, spent: course, peak: peakOf(course) }];
  });
  const violations = violationsOf(timeline);
  const byStep = Map.groupBy(violations, ({ t }) => t);
  return {
    total,
    tracks: [...limited, ...free],
    episodes,
    violations,
    firsts: violations.filter(({ first }) => first),
    broken: new Map([...byStep].map(([t, marks]) => [t, new Set(marks.flatMap(({ agents }) => agents))])),
  };
}

/** The episode (0, 1, …) of a step; of -1 the first. */
export function episodeAt({ episodes }: Survey, t: number): number {
  return Math.max(0, countUntil(episodes, ({ start }) => start > t) - 1);
}

/** The first broken limit whose picture lies after `t` steps (or before, for `-1`). */
export function nextViolation({ firsts }: Survey, t: number, direction: 1 | -1): Violation | undefined {
  return direction === 1
    ? firsts[countUntil(firsts, (mark) => mark.t + 1 > t)]
    : firsts[countUntil(firsts, (mark) => mark.t + 1 >= t) - 1];
}

/** How many of `sorted` come before the first that is `beyond`. */
function countUntil<T>(sorted: readonly T[], beyond: (item: T) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (beyond(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function violationsOf({ violations, episodes }: Timeline): Violation[] {
  const seen = new Set<string>();
  let episode = 0;
  return violations.map(({ t, channel, agents }) => {
    while (episode + 1 < episodes.length && episodes[episode + 1]!.start <= t) episode++;
    const key = `${episode} ${channel}`;
    const first = !seen.has(key);
    seen.add(key);
    return { t, channel, agents, episode, first };
  });
}

function column(table: Float64Array, index: number, width: number, rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, t) => table[t * width + index]!);
}

function accumulate(costs: Float64Array, episodes: Timeline["episodes"]): Float64Array {
  for (const { start, length } of episodes) {
    for (let t = start + 1; t < start + length; t++) costs[t]! += costs[t - 1]!;
  }
  return costs;
}

function peakOf(course: Float64Array): number {
  return course.reduce((peak, cost) => Math.max(peak, cost), 0);
}
