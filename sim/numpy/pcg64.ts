/**
 * numpy's default generator, PCG64 (XSL-RR), on 16-bit limbs so that products stay exact.
 *
 * Its state is plain data in a row of an integer column:
 * [0..7] the 128-bit state, [8..15] the increment, low limbs first; [16] whether half a draw is left over, [17] that half.
 *
 * Source   O'Neill 2014, "PCG: a family of simple fast space-efficient statistically good algorithms for random number
 *          generation"; numpy's `pcg64.c` and `distributions.c`
 *
 * @module
 */
import { seedWords } from "./seed_sequence.ts";

/** Numbers that a generator's state takes. */
export const PCG64_SIZE = 18;

const INCREMENT = 8;
const LEFT = 16;
const HALF = 17;

/** 0x2360ed051fc65da44385df649fccf645, low limb first. */
const MULTIPLIER = [0xf645, 0x9fcc, 0xdf64, 0x4385, 0x5da4, 0x1fc6, 0xed05, 0x2360] as const;

const words = new Uint32Array(8);
const draw = new Uint32Array(2);

/** `np.random.default_rng(seed)`, written to a state at `at`. */
export function seedPcg64(seed: number, state: Int32Array, at: number): void {
  seedWords(seed, words);
  const limbs = (from: number) => [words[from]! & 0xffff, words[from]! >>> 16];
  // Each 64-bit half comes low word first, the high half before the low one.
  const start = [2, 3, 0, 1].flatMap(limbs);
  const sequence = [6, 7, 4, 5].flatMap(limbs);
  state.fill(0, at, at + PCG64_SIZE);
  let carry = 1;
  sequence.forEach((limb, i) => {
    state[at + INCREMENT + i] = (limb << 1 | carry) & 0xffff;
    carry = limb >>> 15;
  });
  advance(state, at);
  carry = 0;
  start.forEach((limb, i) => {
    const sum = state[at + i]! + limb + carry;
    state[at + i] = sum & 0xffff;
    carry = sum >>> 16;
  });
  advance(state, at);
}

/** state · multiplier + increment, modulo 2¹²⁸. */
function advance(state: Int32Array, at: number): void {
  for (let i = 7; i >= 0; i--) {
    // Products of limb i and what is below it change only limbs from i on, so that the work can be done in place.
    const limb = state[at + i]!;
    state[at + i] = 0;
    let carry = 0;
    for (let j = 0; i + j < 8; j++) {
      const sum = limb * MULTIPLIER[j]! + state[at + i + j]! + carry;
      state[at + i + j] = sum & 0xffff;
      carry = Math.floor(sum / 65536);
    }
  }
  let carry = 0;
  for (let i = 0; i < 8; i++) {
    const sum = state[at + i]! + state[at + INCREMENT + i]! + carry;
    state[at + i] = sum & 0xffff;
    carry = sum >>> 16;
  }
}

/** The next 64 bits: low word, high word. */
export function next64(state: Int32Array, at: number, into: Uint32Array): void {
  advance(state, at);
  const word = (i: number) => state[at + i]! | state[at + i + 1]! << 16;
  const [low, high] = [word(0) ^ word(4), word(2) ^ word(6)];
  const turn = state[at + 7]! >>> 10;
  const [a, b] = turn < 32 ? [low, high] : [high, low];
  const by = turn & 31;
  into[0] = by === 0 ? a : a >>> by | b << 32 - by;
  into[1] = by === 0 ? b : b >>> by | a << 32 - by;
}

/** The next 32 bits: the low half of a draw, then the half that was left over. */
function next32(state: Int32Array, at: number): number {
  if (state[at + LEFT] === 1) {
    state[at + LEFT] = 0;
    return state[at + HALF]! >>> 0;
  }
  next64(state, at, draw);
  state[at + LEFT] = 1;
  state[at + HALF] = draw[1]!;
  return draw[0]!;
}

/** `Generator.random()`: a number from [0, 1), 53 random bits. */
export function unit(state: Int32Array, at: number): number {
  next64(state, at, draw);
  return (draw[1]! * 2097152 + (draw[0]! >>> 11)) * 1.1102230246251565e-16;
}

/** `Generator.integers(n)` for 1 ≤ n < 2³²: Lemire's method, which draws again where a result would be likelier than others. */
export function integer(state: Int32Array, at: number, n: number): number {
  if (n <= 1) return 0;
  const least = (4294967296 - n) % n;
  for (;;) {
    const bits = next32(state, at);
    const low = (bits & 0xffff) * n;
    const high = (bits >>> 16) * n + Math.floor(low / 65536);
    if (high % 65536 * 65536 + low % 65536 >= least) return Math.floor(high / 65536);
  }
}
