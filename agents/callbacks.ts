/**
 * Callbacks that end a training early.
 *
 * `finish` ends it for good, as if its steps were done; `stop` leaves the rest to be done later.
 *
 * @module
 */
import type { Callback } from "./types.ts";

/** Stop after so many minutes; what is left can be resumed. `now` in milliseconds. */
export function timeLimit(minutes: number, now: () => number = () => performance.now()): Callback {
  const start = now();
  return () => now() - start >= minutes * 60_000 ? "stop" : undefined;
}

/** Finish once an evaluation returns `goal` or more. */
export function returnReached(goal: number): Callback {
  return (event) => event.kind === "evaluation" && event.report.return.mean >= goal ? "finish" : undefined;
}

/** Finish when `count` evaluations in a row were not the best so far. */
export function noImprovement(count: number): Callback {
  return (event) => event.kind === "evaluation" && event.since >= count ? "finish" : undefined;
}
