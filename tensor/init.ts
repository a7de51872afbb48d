/**
 * How parameters start.
 *
 * @module
 */
import { fillNormal, fillUniform, normal as draw, type Stream, UserError } from "../core/mod.ts";
import { sizeOf } from "./types.ts";

/** Fills `into`, a parameter of the given shape, row by row. */
export type Init = (stream: Stream, shape: readonly number[], into: Float32Array) => void;

/** Every element is 0. */
export const zeros: Init = (_stream, _shape, into) => {
  into.fill(0);
};

/** Every element is `value`. */
export function constant(value: number): Init {
  return (_stream, _shape, into) => {
    into.fill(value);
  };
}

/** Normal draws with mean 0 and standard deviation `std`. */
export function normal(std: number): Init {
  return (stream, _shape, into) => {
    fillNormal(stream, into);
    for (let i = 0; i < into.length; i++) into[i]! *= std;
  };
}

/** Uniform draws from [-bound, bound). */
export function uniform(bound: number): Init {
  return (stream, _shape, into) => {
    fillUniform(stream, into);
    for (let i = 0; i < into.length; i++) into[i] = (2 * into[i]! - 1) * bound;
  };
}

/** Normal draws with mean 0, drawn again beyond two standard deviations; `std` is that of what is left. */
export function truncatedNormal(std: number): Init {
  return (stream, _shape, into) => {
    for (let i = 0; i < into.length; i++) {
      let z = draw(stream);
      while (Math.abs(z) > 2) z = draw(stream);
      into[i] = z * std / TRUNCATED;
    }
  };
}

/** Standard deviation of a standard normal cut off at ±2: sqrt(1 - 4 φ(2) / (2 Φ(2) - 1)). */
const TRUNCATED = 0.87962566103423978;

/** What a variance is divided by: the inputs of each output, the outputs of each input, or their mean. */
export type Fan = "in" | "out" | "mean";

/** The distribution of the draws; all three have the same standard deviation. */
export type Draws = "normal" | "truncated" | "uniform";

/**
 * Draws of variance `scale` / fan. For a matrix [in, out] the fans are its sizes; for the filter of a convolution
 * [height, width, in, out] each counts height · width times.
 *
 * Source   keras.initializers.VarianceScaling; the named ones below are its special cases
 */
export function scaled(scale: number, fan: Fan, draws: Draws = "truncated"): Init {
  return (stream, shape, into) => {
    const std = Math.sqrt(scale / fanOf(shape, fan));
    const init = draws === "uniform"
      ? uniform(std * Math.sqrt(3))
      : draws === "normal"
      ? normal(std)
      : truncatedNormal(std);
    init(stream, shape, into);
  };
}

function fanOf(shape: readonly number[], fan: Fan): number {
  if (shape.length < 2) throw new UserError(`a fan needs a matrix [in, out], found [${shape}]`);
  const window = sizeOf(shape.slice(0, -2));
  const [from, to] = [window * shape.at(-2)!, window * shape.at(-1)!];
  return fan === "in" ? from : fan === "out" ? to : (from + to) / 2;
}

/** Variance 1 / mean of both fans, for tanh and sigmoid: Glorot, Bengio 2010. Also called Xavier. */
export function glorot(draws: Draws = "uniform"): Init {
  return scaled(1, "mean", draws);
}

/** Variance 2 / fan-in, for relu: He et al. 2015, arXiv:1502.01852. Also called Kaiming. */
export function he(draws: Draws = "truncated"): Init {
  return scaled(2, "in", draws);
}

/** Variance 1 / fan-in, for selu and linear layers: LeCun et al. 1998, "Efficient backprop", section 4.6. */
export function lecun(draws: Draws = "truncated"): Init {
  return scaled(1, "in", draws);
}

/** A matrix [in, count · n] of `count` matrices [in, n] side by side, each started by itself: the gates of a recurrent cell. */
export function sideBySide(inits: readonly Init[]): Init {
  return (stream, shape, into) => {
    const width = shape.at(-1)! / inits.length;
    const rows = into.length / shape.at(-1)!;
    const block = new Float32Array(rows * width);
    inits.forEach((init, k) => {
      init(stream, [...shape.slice(0, -1), width], block);
      for (let row = 0; row < rows; row++) {
        into.set(block.subarray(row * width, (row + 1) * width), row * shape.at(-1)! + k * width);
      }
    });
  };
}

/**
 * A matrix [in, out] whose rows (or columns, whichever are fewer) are orthogonal and of length `gain`: layers neither
 * shrink nor blow up what passes through. Axes before the last are taken together.
 *
 * Source   Saxe, McClelland, Ganguli 2014, arXiv:1312.6120. Gains: sqrt(2) for hidden layers, 0.01 for a policy's last
 *          layer, 1 for a critic's (Huang et al. 2022, "The 37 implementation details of PPO", detail 2)
 */
export function orthogonal(gain: number): Init {
  return (stream, shape, into) => {
    const out = shape.at(-1) ?? 1;
    const rows = into.length / out;
    const wide = rows < out; // then the rows are orthogonal, otherwise the columns
    const [count, length] = wide ? [rows, out] : [out, rows];
    const basis = orthonormal(stream, count, length);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < out; j++) {
        into[i * out + j] = gain * (wide ? basis[i * length + j]! : basis[j * length + i]!);
      }
    }
  };
}

/** `count` orthonormal vectors [count, length], count <= length: normal draws, orthogonalised twice (Gram–Schmidt). */
function orthonormal(stream: Stream, count: number, length: number): Float64Array {
  const basis = new Float64Array(count * length);
  fillNormal(stream, basis);
  for (let k = 0; k < count; k++) {
    const vector = basis.subarray(k * length, (k + 1) * length);
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < k; other++) {
        const direction = basis.subarray(other * length, (other + 1) * length);
        subtract(vector, direction, dot(vector, direction));
      }
    }
    const norm = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < length; i++) vector[i]! /= norm;
  }
  return basis;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function subtract(from: Float64Array, direction: Float64Array, amount: number): void {
  for (let i = 0; i < from.length; i++) from[i]! -= amount * direction[i]!;
}
