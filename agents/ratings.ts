/**
 * Ratings out of games: Elo's scale, fitted to all games at once.
 *
 *     P(i beats j) = 1 / (1 + 10^((r_j − r_i) / 400))
 *
 * A draw counts as half a win. The fit is the maximum of the likelihood with one more draw between every two entrants
 * that met, the prior, so that an entrant that won all its games has a rating too.
 *
 * Interval the weighted likelihood bootstrap: every game, and every draw of the prior, is given a weight from the
 *          exponential distribution, and the fit is made anew. Games drawn with replacement would all say the same
 *          where one entrant won them all, and claim a certainty that so many games do not give
 * Source   Bradley and Terry 1952; Elo 1978; Hunter 2004, Annals of Statistics 32 (the fixed point below); Newton and
 *          Raftery 1994, Journal of the Royal Statistical Society B 56, of Rubin 1981, Annals of Statistics 9 (weights)
 *
 * @module
 */
import { seed as seedStream, uniform } from "../core/mod.ts";
import type { Interval } from "../constraints/mod.ts";

/** Entrant `first` met `second`; `score` is 1 where it won, 0 where it lost, ½ for a draw. */
export interface Game {
  readonly first: number;
  readonly second: number;
  readonly score: number;
}

/** What the games say of one entrant. */
export interface Rating {
  readonly elo: number;
  /** 95 %, from games weighted at random. */
  readonly ci: Interval;
  readonly games: number;
  /** Mean score. */
  readonly score: number;
}

export interface RatingOptions {
  /** Entrant whose rating is `level`; the mean of all has it where there is none. */
  readonly anchor?: number | undefined;
  /** 1000 unless given. */
  readonly level?: number;
  /** Sets of weights drawn for the intervals; 200 unless given. */
  readonly resamples?: number;
  readonly seed?: number;
}

/** Ratings of `count` entrants. */
export function ratings(count: number, games: readonly Game[], options: RatingOptions = {}): Rating[] {
  const { resamples = 200, seed = 0 } = options;
  const stream = seedStream(seed);
  const elo = fit(count, games, options, () => 1);
  const weight = () => -Math.log(1 - uniform(stream));
  const drawn = Array.from({ length: resamples }, () => fit(count, games, options, weight));
  return elo.map((rating, i) => {
    const own = games.filter(({ first, second }) => first === i || second === i);
    const points = own.reduce((sum, { first, score }) => sum + (first === i ? score : 1 - score), 0);
    const sorted = drawn.map((it) => it[i]!).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(resamples - 1, Math.floor(share * resamples))]!;
    return {
      elo: rating,
      ci: [Math.min(rating, at(0.025)), Math.max(rating, at(0.975))],
      games: own.length,
      score: own.length > 0 ? points / own.length : 0.5,
    };
  });
}

/** Ratings of most likelihood, by Hunter's iteration on strengths γ = 10^(r/400), each game as often as `weight` says. */
function fit(
  count: number,
  games: readonly Game[],
  { anchor, level = 1000 }: RatingOptions,
  weight: () => number,
): number[] {
  const met = new Float64Array(count * count);
  const won = new Float64Array(count);
  const add = (i: number, j: number, score: number, times: number) => {
    met[i * count + j]! += times;
    met[j * count + i]! += times;
    won[i]! += times * score;
    won[j]! += times * (1 - score);
  };
  for (const { first, second, score } of games) {
    if (met[first * count + second] === 0) add(first, second, 0.5, weight());
    add(first, second, score, weight());
  }
  let strength = new Float64Array(count).fill(1);
  for (let round = 0; round < 10_000; round++) {
    const next = strength.map((own, i) => {
      let rivals = 0;
      for (let j = 0; j < count; j++) rivals += met[i * count + j]! / (own + strength[j]!);
      return rivals > 0 ? won[i]! / rivals : own;
    });
    const middle = Math.exp(next.reduce((sum, x) => sum + Math.log(x), 0) / count);
    const moved = Math.max(...next.map((x, i) => Math.abs(Math.log(x / middle / strength[i]!))));
    strength = next.map((x) => x / middle);
    if (moved < 1e-9) break;
  }
  const elo = Array.from(strength, (x) => 400 * Math.log10(x));
  const zero = anchor === undefined ? 0 : elo[anchor]!;
  return elo.map((x) => x - zero + level);
}
