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

/** A set of values. */
export interface Space<T> {
  readonly kind: string;
  contains(x: unknown): boolean;
  /**
   * A draw from the space's own stream, or from the one given; a mask [n] leaves the discrete values where it is 1.
   */
  sample(mask?: ArrayLike<number>, stream?: Stream): T;
  /** Restart the space's own stream. */
  seed(value: number): void;
}

/** Whole numbers 0 to n - 1. */
export interface DiscreteSpace extends Space<number> {
  readonly kind: "discrete";
  readonly n: number;
}

/** Vectors of float32 numbers within bounds. */
export interface BoxSpace extends Space<Float32Array> {
  readonly kind: "box";
  /** [size] */
  readonly low: Float32Array;
  readonly high: Float32Array;
  readonly shape: readonly number[];
  /** Of actions: the environment takes any finite numbers, and clips what lies outside itself. */
  readonly clips?: true;
}

/** Vectors of n zeros and ones. */
export interface MultiBinarySpace extends Space<Uint8Array> {
  readonly kind: "multiBinary";
  readonly n: number;
}

/** Objects with one value of each part. */
export interface DictSpace<T> extends Space<T> {
  readonly kind: "dict";
  readonly spaces: { readonly [K in keyof T]: Space<T[K]> };
}

export type ActionSpace = DiscreteSpace | BoxSpace;

/** An agent's action: a number from a discrete space, or a vector from a box. */
export type Action = number | ArrayLike<number>;

/** @param name tells apart spaces that are seeded alike */
export function discreteSpace(n: number, name: string): DiscreteSpace {
  const own = source(name);
  return {
    kind: "discrete",
    n,
    contains: (x) => typeof x === "number" && Number.isInteger(x) && x >= 0 && x < n,
    sample(mask, stream = own) {
      if (mask === undefined) return integer(stream, n);
      let legal = 0;
      for (let a = 0; a < n; a++) if (mask[a] === 1) legal++;
      if (legal === 0) throw new UserError("sample: the mask allows no action: it needs a 1 somewhere");
      let left = integer(stream, legal);
      for (let a = 0; a < n; a++) if (mask[a] === 1 && left-- === 0) return a;
      throw new UserError(`sample: expected a mask of ${n} zeros and ones, found ${mask.length} numbers`);
    },
    seed: (value) => void Object.assign(own, source(name, value)),
  };
}

export interface Bounds {
  /** One bound for all numbers, or one each. */
  readonly low: number | ArrayLike<number>;
  readonly high: number | ArrayLike<number>;
  readonly shape: readonly number[];
  readonly clips?: true;
}

/** Draws uniformly between finite bounds, else standard normal numbers, folded to the right side of a finite bound. */
export function boxSpace({ low, high, shape, clips }: Bounds, name: string): BoxSpace {
  const own = source(name);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const [from, to] = [bound("low", low, size), bound("high", high, size)];
  return {
    kind: "box",
    low: from,
    high: to,
    shape,
    ...(clips ? { clips } : {}),
    contains(x) {
      if (!isVector(x) || x.length !== size) return false;
      for (let i = 0; i < size; i++) if (!(x[i]! >= from[i]! && x[i]! <= to[i]!)) return false;
      return true;
    },
    sample(_, stream = own) {
      return Float32Array.from(from, (least, i) => draw(stream, least, to[i]!));
    },
    seed: (value) => void Object.assign(own, source(name, value)),
  };
}

function draw(stream: Stream, least: number, most: number): number {
  if (Number.isFinite(least) && Number.isFinite(most)) return uniform(stream, least, most);
  const x = normal(stream);
  if (Number.isFinite(least)) return least + Math.abs(x);
  return Number.isFinite(most) ? most - Math.abs(x) : x;
}

function bound(name: string, value: number | ArrayLike<number>, size: number): Float32Array {
  if (typeof value === "number") return new Float32Array(size).fill(value);
  if (value.length === size) return Float32Array.from(value);
  throw new UserError(`boxSpace: expected ${size} numbers in ${name}, one for each, found ${value.length}`);
}

/** @param name tells apart spaces that are seeded alike */
export function multiBinarySpace(n: number, name: string): MultiBinarySpace {
  const own = source(name);
  return {
    kind: "multiBinary",
    n,
    contains: (x) => isVector(x) && x.length === n && Array.from(x).every((bit) => bit === 0 || bit === 1),
    sample: (_, stream = own) => Uint8Array.from({ length: n }, () => integer(stream, 2)),
    seed: (value) => void Object.assign(own, source(name, value)),
  };
}

/** A space of objects; each part keeps its own stream. */
export function dictSpace<T extends object>(spaces: DictSpace<T>["spaces"]): DictSpace<T> {
  const parts = Object.entries(spaces) as [string, Space<unknown>][];
  return {
    kind: "dict",
    spaces,
    contains(x) {
      if (typeof x !== "object" || x === null || Object.keys(x).length !== parts.length) return false;
      return parts.every(([key, space]) => space.contains((x as Record<string, unknown>)[key]));
    },
    sample: (mask, stream) => {
      return Object.fromEntries(parts.map(([key, space]) => [key, space.sample(mask, stream)])) as T;
    },
    seed: (value) => parts.forEach(([, space]) => space.seed(value)),
  };
}

/** Whether `x` is an array of numbers, typed or not. */
export function isVector(x: unknown): x is ArrayLike<number> {
  if (Array.isArray(x)) return x.every((v) => typeof v === "number");
  return ArrayBuffer.isView(x) && !(x instanceof DataView) && !(x instanceof BigInt64Array) &&
    !(x instanceof BigUint64Array);
}

function source(name: string, value = 0): Stream {
  return fork(fork(seedStream(value), "space"), name);
}
