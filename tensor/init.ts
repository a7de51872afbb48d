/**
 * How parameters start.
 *
 * @module
 */
import { fillNormal, fillUniform, type Stream } from "../core/mod.ts";

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
