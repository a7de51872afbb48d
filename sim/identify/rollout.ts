/**
 * How far a fitted model strays from what was recorded when it runs free.
 *
 * @module
 */
import { type Motion, type Params, predict } from "./motion.ts";
import type { Measured, Stretch } from "./recording.ts";

export interface Rollout {
  /** How many steps each runs: 50, or what the longest recording has. */
  readonly steps: number;
  /** For each measured number the root mean square of its error over all steps, in its own unit. */
  readonly error: Readonly<Record<string, number>>;
}

const STEPS = 50;

/** From the starts of stretches on, for as many of them as their episodes go on for long enough. */
export function rollout(
  motion: Motion,
  params: Params,
  { episodes, names }: Measured,
  stretches: readonly Stretch[],
  starts: Float64Array,
): Rollout {
  const S = motion.state.length;
  const M = names.length;
  const steps = Math.min(STEPS, Math.max(...episodes.map(({ moments }) => moments - 1)));
  const chosen: number[] = [];
  let [episode, free] = [-1, 0];
  stretches.forEach((stretch, k) => {
    if (stretch.episode !== episode) [episode, free] = [stretch.episode, 0];
    if (stretch.first < free || stretch.first + steps + 1 > episodes[episode]!.moments) return;
    chosen.push(k);
    free = stretch.first + steps;
  });
  const seen = predict(motion, params, {
    moments: chosen.map(() => steps + 1),
    actions: chosen.map((k) => {
      const { actions, moments } = episodes[stretches[k]!.episode]!;
      const W = actions.length / (moments - 1);
      return actions.subarray(stretches[k]!.first * W, (stretches[k]!.first + steps) * W);
    }),
    starts: Float64Array.from(chosen.flatMap((k) => Array.from(starts.subarray(k * S, (k + 1) * S)))),
  });
  const squares = new Float64Array(M);
  chosen.forEach((k, row) => {
    const { episode, first } = stretches[k]!;
    for (let i = M; i < seen[row]!.length; i++) {
      const off = seen[row]![i]! - episodes[episode]!.measured[first * M + i]!;
      squares[i % M]! += off * off;
    }
  });
  return {
    steps,
    error: Object.fromEntries(
      names.map((name, m) => [name, Math.sqrt(squares[m]! / (chosen.length * steps))]),
    ),
  };
}
