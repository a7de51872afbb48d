/**
 * Progress where both sides learn: each side's last policy and an early one meet the same frozen opponents, the other
 * side's policies from throughout the training.
 *
 * @module
 */
import { mean } from "../../../constraints/mod.ts";
import { apart, type Bar } from "./bars.ts";
import type { Lesson } from "./mod.ts";
import type { Match, Score } from "./trial.ts";

/** Shares of the training at which the opponents are frozen. */
const frozen = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 1];
const early = 0.25;

/** What a lesson of two sides needs beside its trial. */
interface Progress {
  readonly matches: Readonly<Record<string, Match>>;
  readonly scores: Readonly<Record<string, Score>>;
  readonly bar: Bar;
}

/**
 * The lesson of `scenario`, whose sides `one` and `other` both learn with MAPPO, in a part of the updates against the
 * other side's past, for 200,000 environment steps.
 */
export function bothSides(scenario: string, one: string, other: string): Lesson {
  const { matches, scores, bar } = progress(one, other);
  return {
    trial: {
      scenario,
      algorithm: "mappo",
      settings: { horizon: 25, epochs: 5, minibatches: 4, gamma: 0.95, actorRate: 3e-4, maxNorm: 10 },
      steps: 200_000,
      envs: 128,
      selfPlay: { every: 20, pool: 10, share: 0.5, untrained: 0 },
      matches,
      stochastic: true,
    },
    scores,
    bar,
  };
}

/** Last against early policy of both sides, in the returns of each. */
function progress(one: string, other: string): Progress {
  const sides = [[one, other], [other, one]] as const;
  const seats = sides.flatMap(([self, foe]) => [1, early].map((share) => ({ self, foe, share })));
  const title = (self: string, share: number) => `${self}, ${share === 1 ? "last" : `at ${100 * share} %`}`;
  const game = (self: string, share: number, foe: number) => `${title(self, share)}, against ${foe}`;
  return {
    matches: Object.fromEntries(
      seats.flatMap(({ self, foe, share }) =>
        frozen.map((past): [string, Match] => [game(self, share, past), { [self]: share, [foe]: past }])
      ),
    ),
    scores: Object.fromEntries(seats.map(({ self, share }): [string, Score] => [
      title(self, share),
      (reports) => mean(frozen.map((past) => reports[game(self, share, past)]!.groups[self]!.mean)),
    ])),
    bar: apart(...[one, other].map((self) => [title(self, 1), title(self, early)] as const)),
  };
}
