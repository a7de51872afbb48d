/**
 * Spaces as PettingZoo's users know them: what an agent sees or does, with `sample`, `contains` and `seed`.
 *
 * @module
 */
import {
  fork,
  integer,
  normal,
  seed as seedStream,
  type Stream,
  uniform,
  UserError,
} from "../../core/mod.ts";

/** Whole numbers 0 to n - 1. */
export interface DiscreteSpace {
  readonly kind: "discrete";
  readonly n: number;
  /** A uniform draw; with a mask [n], among the actions where it is 1. */
  sample(mask?: ArrayLike<number>): number;
  contains(x: unknown): boolean;
  /** Restart the stream that `sample` draws from. */
  seed(value: number): void;
}

/** Vectors of float32 numbers within bounds. */
export interface BoxSpace {
  readonly kind: "box";
  readonly low: number;
  readonly high: number;
  readonly shape: readonly [number];
  /** A uniform draw; where the bounds are infinite, a standard normal one. */
  sample(): Float32Array;
  contains(x: unknown): boolean;
  /** Restart the stream that `sample` draws from. */
  seed(value: number): void;
}

export type ActionSpace = DiscreteSpace | BoxSpace;

/** An agent's action: a number from a discrete space, or a vector from a box. */
export type Action = number | ArrayLike<number>;

/** @param name tells apart spaces that are seeded alike */
export function discreteSpace(n: number, name: string): DiscreteSpace {
  const stream = source(name);
  return {
    kind: "discrete",
    n,
    sample(mask) {
      if (mask === undefined) return integer(stream, n);
      const legal = Array.from({ length: n }, (_, a) => a).filter((a) => mask[a] === 1);
      if (legal.length === 0) throw new UserError("sample: the mask allows no action");
      return legal[integer(stream, legal.length)]!;
    },
    contains: (x) => typeof x === "number" && Number.isInteger(x) && x >= 0 && x < n,
    seed: (value) => void Object.assign(stream, source(name, value)),
  };
}

/** @param name tells apart spaces that are seeded alike */
export function boxSpace(low: number, high: number, size: number, name: string): BoxSpace {
  const stream = source(name);
  const bounded = Number.isFinite(low) && Number.isFinite(high);
  return {
    kind: "box",
    low,
    high,
    shape: [size],
    sample: () =>
      Float32Array.from({ length: size }, () => bounded ? uniform(stream, low, high) : normal(stream)),
    contains: (x) => isVector(x) && x.length === size && Array.from(x).every((v) => v >= low && v <= high),
    seed: (value) => void Object.assign(stream, source(name, value)),
  };
}

/** Whether `x` is an array of numbers, typed or not. */
export function isVector(x: unknown): x is ArrayLike<number> {
  const array = Array.isArray(x) || (ArrayBuffer.isView(x) && !(x instanceof DataView));
  return array && Array.from(x as ArrayLike<unknown>).every((v) => typeof v === "number");
}

function source(name: string, value = 0): Stream {
  return fork(fork(seedStream(value), "space"), name);
}
