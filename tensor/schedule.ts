/**
 * Schedules: a number (a learning rate, an entropy weight) as a function of progress, 0 at the start of training and 1 at
 * its end. Progress outside of that counts as the nearer end.
 *
 * @module
 */
import { cos, pow, UserError } from "../core/mod.ts";

export type Schedule = (progress: number) => number;

/** The same all along. */
export function constant(value: number): Schedule {
  return () => value;
}

/** A straight line from `from` to `to`. */
export function linear(from: number, to = 0): Schedule {
  return (progress) => from + (to - from) * inside(progress);
}

/**
 * Half a cosine from `from` to `to`, flat at both ends.
 *
 * Source   Loshchilov, Hutter 2017, arXiv:1608.03983, eq. 5 without restarts
 */
export function cosine(from: number, to = 0): Schedule {
  return (progress) => to + (from - to) * (1 + cos(Math.PI * inside(progress))) / 2;
}

/** A straight line from 0 to where `then` starts, over the first `share` of training; `then` runs over the rest. */
export function warmUp(share: number, then: Schedule): Schedule {
  if (!(share > 0 && share < 1)) {
    throw new UserError(`warmUp: expected a share between 0 and 1, found ${share}`);
  }
  return (progress) => {
    const at = inside(progress);
    return at < share ? then(0) * at / share : then((at - share) / (1 - share));
  };
}

/**
 * Straight lines between points; flat before the first and behind the last.
 *
 * @param points [progress, value], progress ascending
 */
export function piecewise(points: readonly (readonly [number, number])[]): Schedule {
  if (points.length === 0) throw new UserError("piecewise: expected at least one point [progress, value]");
  points.forEach(([at], k) => {
    if (k > 0 && !(at > points[k - 1]![0])) {
      throw new UserError(`piecewise: expected ascending progress, found ${at} behind ${points[k - 1]![0]}`);
    }
  });
  return (progress) => {
    const next = points.findIndex(([at]) => at > progress);
    if (next === 0) return points[0]![1];
    if (next < 0) return points.at(-1)![1];
    const [[a, from], [b, to]] = [points[next - 1]!, points[next]!];
    return from + (to - from) * (progress - a) / (b - a);
  };
}

/**
 * Steps: `values[k]` from the k-th boundary on.
 *
 * @param boundaries progress at which the next value begins, ascending; one fewer than values
 */
export function steps(boundaries: readonly number[], values: readonly number[]): Schedule {
  if (values.length !== boundaries.length + 1) {
    throw new UserError(
      `steps: expected one more value than boundaries, found ${values.length} and ${boundaries.length}`,
    );
  }
  return (progress) => values[boundaries.filter((at) => at <= progress).length]!;
}

/** From `from` to `to` by the same factor per step: both must be positive. */
export function exponential(from: number, to: number): Schedule {
  if (!(from > 0 && to > 0)) {
    throw new UserError(`exponential: expected positive ends, found ${from} and ${to}`);
  }
  return (progress) => from * pow(to / from, inside(progress));
}

function inside(progress: number): number {
  return Math.min(1, Math.max(0, progress));
}
