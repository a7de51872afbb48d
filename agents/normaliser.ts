/**
 * Running normalisers: of observations (Welford over all rows ever seen) and of value targets (a debiased moving
 * average, as MAPPO's). Their state is a flat vector, so that a checkpoint can hold it.
 *
 * @module
 */

/** Running mean and deviation of observation vectors. */
export interface Normaliser {
  /** `[2·O + 1]` mean, sum of squared deviations, count. */
  readonly state: Float64Array;
  /** `[O]` as the networks take them. */
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  /**
   * Take in the vectors of `rows [rows,O]` whose entry in `counts` is 1, of living agents; all where it is not given.
   * The networks see the change after `refresh`.
   */
  update(rows: Float32Array, counts?: Float32Array): void;
  /** Bring `mean` and `deviation` up to date with `state`. */
  refresh(): void;
  /** `[rows,O]` scaled to mean 0 and deviation 1, within ±10. */
  apply(rows: Float32Array, into: Float32Array): void;
}

/** A deviation below this is taken as a constant feature and left unscaled. */
const floor = 1e-4;
/** Scaled observations are clipped to this. */
export const reach = 10;

/** A normaliser of vectors of size `O`. Source: Chan et al. 1979, the parallel form of Welford's update. */
export function normaliser(O: number): Normaliser {
  const state = new Float64Array(2 * O + 1);
  /** Of the vectors that are being taken in. */
  const means = new Float64Array(O);
  const squares = new Float64Array(O);
  const self: Normaliser = {
    state,
    mean: new Float32Array(O),
    deviation: new Float32Array(O).fill(1),
    update(rows, counts) {
      const all = rows.length / O;
      const n = counts ? counts.reduce((sum, one) => sum + one, 0) : all;
      const count = state[2 * O]!;
      const total = count + n;
      if (n === 0) return;
      means.fill(0);
      squares.fill(0);
      for (let row = 0; row < all; row++) {
        if (counts && counts[row] === 0) continue;
        const i = row * O;
        for (let o = 0; o < O; o++) means[o]! += rows[i + o]!;
      }
      for (let o = 0; o < O; o++) means[o]! /= n;
      for (let row = 0; row < all; row++) {
        if (counts && counts[row] === 0) continue;
        const i = row * O;
        for (let o = 0; o < O; o++) {
          const away = rows[i + o]! - means[o]!;
          squares[o]! += away * away;
        }
      }
      for (let o = 0; o < O; o++) {
        const shift = means[o]! - state[o]!;
        state[o]! += shift * n / total;
        state[O + o]! += squares[o]! + shift * shift * count * n / total;
      }
      state[2 * O] = total;
    },
    refresh() {
      const count = state[2 * O]!;
      for (let o = 0; o < O; o++) {
        const deviation = count > 0 ? Math.sqrt(state[O + o]! / count) : 1;
        self.mean[o] = state[o]!;
        self.deviation[o] = deviation < floor ? 1 : deviation;
      }
    },
    apply: (rows, into) => scaleRows(rows, self, into),
  };
  return self;
}

/** `rows [rows,O]` less `mean [O]`, over `deviation [O]`, within ±10; `into` may be `rows`. */
export function scaleRows(
  rows: Float32Array,
  { mean, deviation }: Pick<Normaliser, "mean" | "deviation">,
  into: Float32Array,
): void {
  const O = mean.length;
  for (let i = 0; i < rows.length; i += O) {
    for (let o = 0; o < O; o++) {
      const scaled = (rows[i + o]! - mean[o]!) / deviation[o]!;
      into[i + o] = scaled > reach ? reach : scaled < -reach ? -reach : scaled;
    }
  }
}

/** Scale of value targets: the critic predicts (v − mean) / deviation. */
export interface ValueScale {
  /** `[3]` moving mean, moving mean of squares, debiasing weight. */
  readonly state: Float64Array;
  /** Take in the targets whose entry in `counts` is 1; all where it is not given. */
  update(targets: Float32Array, counts?: Float32Array): void;
  mean(): number;
  deviation(): number;
}

/**
 * A debiased exponential moving average of the first two moments of the targets, with a floor of 0.01 on the
 * variance. Source: Yu et al. 2022, arXiv:2103.01955, "value normalisation".
 */
export function valueScale(beta: number): ValueScale {
  const state = new Float64Array(3);
  const mean = () => state[2]! > 0 ? state[0]! / state[2]! : 0;
  return {
    state,
    update(targets, counts) {
      let sum = 0;
      let squares = 0;
      let count = 0;
      targets.forEach((target, i) => {
        if (counts && counts[i] === 0) return;
        sum += target;
        squares += target * target;
        count++;
      });
      if (count === 0) return;
      state[0] = beta * state[0]! + (1 - beta) * sum / count;
      state[1] = beta * state[1]! + (1 - beta) * squares / count;
      state[2] = beta * state[2]! + (1 - beta);
    },
    mean,
    deviation: () => state[2]! > 0 ? Math.sqrt(Math.max(state[1]! / state[2]! - mean() * mean(), 1e-2)) : 1,
  };
}
