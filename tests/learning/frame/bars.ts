/**
 * Bars: what the scores of all seeds must come to.
 *
 * @module
 */
import type { Aggregate } from "../../../agents/mod.ts";
import type { Scores } from "./trial.ts";

/** What must hold, in words and as a test. */
export interface Bar {
  readonly text: string;
  holds(scores: Scores, random: Scores): boolean;
}

/** The interquartile mean of the first score reaches `value`. */
export const atLeast = (value: number): Bar => ({
  text: `≥ ${value}`,
  holds: (scores) => first(scores).iqm >= value,
});

/** The interquartile mean of the first score does not exceed `value`. */
export const atMost = (value: number): Bar => ({
  text: `≤ ${value}`,
  holds: (scores) => first(scores).iqm <= value,
});

/** The first score is `value` in at least `count` seeds. */
export const exactly = (value: number, count: number): Bar => ({
  text: `${value} in at least ${count} seeds`,
  holds: (scores) => first(scores).scores.filter((score) => score === value).length >= count,
});

/** Each of these scores lies above random play, intervals apart. */
export const aboveRandom = (...names: readonly string[]): Bar => ({
  text: "above random, intervals apart",
  holds: (scores, random) => names.every((name) => above(scores[name]!, random[name]!)),
});

/** Of each pair, the first score lies above the second, intervals apart. */
export const apart = (...pairs: readonly (readonly [string, string])[]): Bar => ({
  text: `${pairs.map(([more, less]) => `${more} above ${less}`).join(", ")}, intervals apart`,
  holds: (scores) => pairs.every(([more, less]) => above(scores[more]!, scores[less]!)),
});

/** No bar: another lesson is compared with this one. */
export const none: Bar = { text: "none", holds: () => true };

/** Whether the whole interval of `more` lies above that of `less`. */
export function above(more: Aggregate, less: Aggregate): boolean {
  return more.ci[0] > less.ci[1];
}

function first(scores: Scores): Aggregate {
  return Object.values(scores)[0]!;
}
