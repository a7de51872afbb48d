/**
 * Random numbers by counter: Threefry2x32-20. The n-th block of a stream is a pure function of its key and
 * n, so results depend on names, never on batch size, engine or who else draws.
 *
 * Key      `seed(value)`: k0 = the low 32 bits of the value, k1 = the bits above them.
 *          `fork(stream, name)`: threefry(key ⊕ tag, two words of the name), one tag for text, one for numbers.
 *          The key alone decides a fork: forking before or after drawing gives the same child.
 * Counter  (c0, c1), low word first, starts at 0 and counts blocks of 2 x 32 bits.
 *          Every draw advances it by a fixed number of blocks: `normal` by two, all others by one per value.
 *          A draw that must be repeated (`integer`) repeats under a derived key at the same counter.
 *
 * Source   Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC'11
 *
 * @module
 */
import { UserError } from "./errors.ts";
import { hasher } from "./hash.ts";
import { log } from "./math/log.ts";
import { cos } from "./math/trig.ts";
import { threefry2x32 } from "./threefry.ts";

/** A stream of random numbers as plain data: key words and counter words, each an unsigned 32-bit number. */
export interface Stream {
  k0: number;
  k1: number;
  c0: number;
  c1: number;
}

const block = new Uint32Array(2);

// Tags set apart what is derived from one key: children by text or by number, repeats of a rejected draw.
const TEXT = 0x74657874;
const NUMBER = 0x6e756d62;
const REPEAT = 0x72657074;

/**
 * The stream of a seed.
 *
 * @param value a safe integer >= 0
 * @throws UserError for any other value
 */
export function seed(value: number): Stream {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new UserError(`seed: expected a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, found ${value}`);
  }
  return { k0: value >>> 0, k1: Math.floor(value / 4294967296), c0: 0, c1: 0 };
}

/**
 * A child stream keyed by name. It depends on the parent's key and the name alone, and does not advance the
 * parent. The number 1 and the text "1" name different children.
 *
 * @throws UserError when a numeric name is not a safe integer
 */
export function fork(stream: Stream, name: string | number): Stream {
  if (typeof name === "string") {
    const hash = hasher();
    hash.text(name);
    const [lo, hi] = hash.words();
    threefry2x32(stream.k0 ^ TEXT, stream.k1 ^ TEXT, lo, hi, block);
  } else {
    if (!Number.isSafeInteger(name)) {
      throw new UserError(`fork: expected text or a whole number, found ${name}`);
    }
    threefry2x32(stream.k0 ^ NUMBER, stream.k1 ^ NUMBER, name >>> 0, Math.floor(name / 4294967296), block);
  }
  return { k0: block[0]!, k1: block[1]!, c0: 0, c1: 0 };
}

/**
 * A number from [low, high), 53 random bits, one block. Bounds that lie far from 0 beside their distance
 * may round up to `high`; with the default bounds 1 never appears.
 */
export function uniform(stream: Stream, low = 0, high = 1): number {
  next(stream);
  return low + (high - low) * unit();
}

/**
 * A standard normal number, two blocks. |value| < 8.6.
 *
 * Source   Box, Muller 1958: √(-2 log u) cos(2πv), u in (0, 1], v in [0, 1)
 */
export function normal(stream: Stream): number {
  next(stream);
  const radius = Math.sqrt(-2 * log(1 - unit()));
  next(stream);
  return radius * cos(2 * Math.PI * unit());
}

/**
 * A whole number from [0, n), each with the same probability, one block.
 *
 * @param n 1 to 2^53
 * @throws UserError for any other n
 */
export function integer(stream: Stream, n: number): number {
  if (!(n >= 1 && n <= TWO53 && Math.floor(n) === n)) {
    throw new UserError(`integer: expected n to be a whole number from 1 to 2^53, found ${n}`);
  }
  const { k0, k1, c0, c1 } = stream;
  next(stream);
  const whole = TWO53 - remainder(TWO53, n); // draws from this multiple of n on would favour small values
  let draw = bits53();
  for (let attempt = 1; draw >= whole; attempt++) {
    threefry2x32(k0 ^ REPEAT, k1 ^ REPEAT, attempt, 0, block);
    threefry2x32(block[0]!, block[1]!, c0, c1, block);
    draw = bits53();
  }
  return remainder(draw, n);
}

/**
 * Puts an array into random order, each order with the same probability; length - 1 blocks (Fisher-Yates).
 */
export function shuffle(stream: Stream, into: { readonly length: number; [index: number]: unknown }): void {
  for (let i = into.length - 1; i > 0; i--) {
    const j = integer(stream, i + 1);
    const moved = into[i];
    into[i] = into[j];
    into[j] = moved;
  }
}

/** Fills `into` [n] with 0 … n - 1 in random order; n - 1 blocks. */
export function permutation(stream: Stream, into: Int32Array): void {
  for (let i = 0; i < into.length; i++) into[i] = i;
  shuffle(stream, into);
}

/**
 * An index drawn with probability proportional to its weight, one block. An index of weight 0 is never
 * drawn.
 *
 * @param weights finite numbers >= 0, at least one above 0; they need not sum to 1
 * @throws UserError naming the weight that breaks this
 */
export function categorical(stream: Stream, weights: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!(weight >= 0 && weight < Infinity)) {
      throw new UserError(
        `categorical: expected weights[${i}] to be finite and not negative, found ${weight}`,
      );
    }
    total += weight;
  }
  if (!(total > 0 && total < Infinity)) {
    throw new UserError(`categorical: expected weights with a finite sum above 0, found the sum ${total}`);
  }
  const target = uniform(stream) * total;
  let sum = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    sum += weight;
    last = i;
    if (target < sum) return i;
  }
  return last;
}

/**
 * Fills `into` with numbers from [0, 1), one block each. In a Float32Array they are rounded down to
 * multiples of 2^-24, so that 1 does not appear there either.
 */
export function fillUniform(stream: Stream, into: Float32Array | Float64Array): void {
  const single = into instanceof Float32Array;
  for (let i = 0; i < into.length; i++) {
    next(stream);
    into[i] = single ? (block[0]! >>> 8) * TWO_24 : unit();
  }
}

/** Fills `into` with standard normal numbers, two blocks each: what `normal` would return. */
export function fillNormal(stream: Stream, into: Float32Array | Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] = normal(stream);
}

/**
 * Fills `into` with standard Gumbel numbers, one block each; all finite, from -3.61 to 36.8. The arg max of
 * log weights plus Gumbel noise is a categorical draw.
 *
 * Source   Gumbel 1954: -log(-log u), u in (0, 1) on the midpoints of 2^52 steps
 */
export function fillGumbel(stream: Stream, into: Float32Array | Float64Array): void {
  for (let i = 0; i < into.length; i++) {
    next(stream);
    const u = ((block[0]! >>> 6) * 67108864 + (block[1]! >>> 6) + 0.5) * TWO_52;
    into[i] = -log(-log(u));
  }
}

const TWO53 = 9007199254740992;
const TWO_53 = 1 / TWO53;
const TWO_52 = 2 / TWO53;
const TWO_24 = 1 / 16777216;

/** Writes the stream's next two words to `block` and advances its counter. */
function next(stream: Stream): void {
  threefry2x32(stream.k0, stream.k1, stream.c0, stream.c1, block);
  stream.c0 = (stream.c0 + 1) >>> 0;
  if (stream.c0 === 0) stream.c1 = (stream.c1 + 1) >>> 0;
}

/** The block's upper 27 + 26 bits as a whole number from [0, 2^53). */
function bits53(): number {
  return (block[0]! >>> 5) * 67108864 + (block[1]! >>> 6);
}

/** The same bits as a multiple of 2^-53 from [0, 1). */
function unit(): number {
  return bits53() * TWO_53;
}

/** value mod n, exact for whole numbers up to 2^53: the rounded quotient is at most one too large. */
function remainder(value: number, n: number): number {
  const rest = value - Math.floor(value / n) * n;
  return rest < 0 ? rest + n : rest;
}
