/**
 * Ratings out of games: Elo's scale, fitted to all games at once.
 *
 *     P(i beats j) = 1 / (1 + 10^((r_j − r_i) / 400))
 *
 * A draw counts as half a win. The fit is the maximum of the likelihood with one more draw between every two entrants
 * that met, so that an entrant that won all its games has a rating too.
 *
 * Source   Bradley and Terry 1952; Elo 1978; Hunter 2004, Annals of Statistics 32 (the fixed point below)
 *
 * @module
 */
import { integer, seed as seedStream, type Stream } from "../core/mod.ts";
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
  /** 95 %, from games drawn anew with replacement. */
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
  /** Sets of games drawn for the intervals; 200 unless given. */
  readonly resamples?: number;
  readonly seed?: number;
}

/** Ratings of `count` entrants. */
export function ratings(count: number, games: readonly Game[], options: RatingOptions = {}): Rating[] {
  const { resamples = 200, seed = 0 } = options;
  const stream = seedStream(seed);
  const elo = fit(count, games, options);
  const drawn = Array.from({ length: resamples }, () => fit(count, redrawn(games, stream), options));
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

/** Ratings of most likelihood, by Hunter's iteration on strengths γ = 10^(r/400). */
function fit(count: number, games: readonly Game[], { anchor, level = 1000 }: RatingOptions): number[] {
  const met = new Float64Array(count * count);
  const won = new Float64Array(count);
  for (const { first, second, score } of games) {
    for (const [i, j] of [[first, second], [second, first]] as const) {
      if (met[i * count + j] === 0) {
        met[i * count + j] = 1;
        won[i]! += 0.5;
      }
      met[i * count + j]! += 1;
      won[i]! += i === first ? score : 1 - score;
    }
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

/** As many games of every two entrants as there were, drawn with replacement. */
function redrawn(games: readonly Game[], stream: Stream): Game[] {
  const pairs = Map.groupBy(
    games,
    ({ first, second }) => `${Math.min(first, second)},${Math.max(first, second)}`,
  );
  return [...pairs.values()].flatMap((own) => own.map(() => own[integer(stream, own.length)]!));
}
