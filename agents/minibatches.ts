/**
 * How the passes over a rollout cut it into minibatches: each pass takes its samples in an order of its own.
 *
 * @module
 */
import { permutation, type Stream } from "../core/mod.ts";
import { storedStream } from "./state.ts";

export interface Minibatches {
  /** Samples of one. */
  readonly size: number;
  /** The stream that orders them, to keep in a checkpoint. */
  readonly words: Float64Array;
  /** Sample numbers `[epochs · minibatches, size]` of the next update; what does not fill a minibatch is left out. */
  draw(): Int32Array;
}

/** Cut `samples` as the settings say. */
export function minibatches(
  start: Stream,
  samples: number,
  { minibatches: parts, epochs }: { readonly minibatches: number; readonly epochs: number },
): Minibatches {
  const { words, stream } = storedStream(start);
  const size = sizeOf(samples, parts);
  const pass = Math.floor(samples / size) * size;
  const order = new Int32Array(samples);
  const drawn = new Int32Array(epochs * pass);
  return {
    size,
    words,
    draw() {
      for (let e = 0; e < epochs; e++) {
        permutation(stream, order);
        drawn.set(order.subarray(0, pass), e * pass);
      }
      return drawn;
    },
  };
}

/**
 * Samples in each minibatch: such that there are exactly `parts` of them, or, where that cannot be, the most below.
 */
function sizeOf(samples: number, parts: number): number {
  const size = Math.floor(samples / parts);
  return Math.floor(samples / size) === parts ? size : Math.ceil(samples / parts);
}

/** Mean of what an update reports of its minibatches. */
export function meanOf(curve: Float32Array): number {
  return curve.reduce((sum, x) => sum + x, 0) / curve.length;
}
