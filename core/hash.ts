/**
 * A 64-bit hash of numbers and text: two 32-bit lanes that differ in their constants and feed each other.
 *
 * It tells states apart; it does not resist someone who looks for collisions. Values that compare equal
 * hash equal: -0 hashes as 0, and every NaN as one NaN.
 *
 * Layout   for each word w of 32 bits, a ← rotl(a ⊕ w·C1, 13)·5 + N1 + b, then
 *          b ← rotl(b ⊕ rotl(w, 16)·C2, 17)·5 + N2 + a. A double is two words, low first; text and arrays are
 *          preceded by their length.
 * Source   multipliers, additive constants and the final mix: MurmurHash3 (Appleby 2011, public domain)
 *
 * @module
 */

/** A hash in the making. Every method but `hex` and `words` adds to it; reading it does not end it. */
export interface Hasher {
  /** Adds a double, by its bits; -0 counts as 0, any NaN as one NaN. */
  f64(x: number): void;
  /** Adds a whole number, modulo 2^32. */
  u32(x: number): void;
  /** Adds text: its length, then its UTF-16 units. */
  text(s: string): void;
  /** Adds an array: its length, then each element as a double. */
  array(a: ArrayLike<number>): void;
  /** The hash so far, 16 hexadecimal digits, high word first. */
  hex(): string;
  /** The hash so far as two unsigned 32-bit words, low first. */
  words(): [lo: number, hi: number];
}

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer); // low word first: platforms with a browser are little-endian

/** An empty hash. */
export function hasher(): Hasher {
  let a = 0x243f6a88; // the first 64 fractional bits of π
  let b = 0x85a308d3 | 0;
  let count = 0;

  function u32(word: number): void {
    a = laneA(a, b, word);
    b = laneB(b, a, word);
    count = (count + 1) | 0;
  }

  function f64(x: number): void {
    canonical(x);
    u32(halves[0]!);
    u32(halves[1]!);
  }

  function array(values: ArrayLike<number>): void {
    u32(values.length);
    let [first, second] = [a, b]; // in locals, the loop is three times as fast
    for (let i = 0; i < values.length; i++) {
      canonical(values[i]!);
      const low = halves[0]!;
      const high = halves[1]!;
      first = laneA(first, second, low);
      second = laneB(second, first, low);
      first = laneA(first, second, high);
      second = laneB(second, first, high);
    }
    [a, b] = [first, second];
    count = (count + 2 * values.length) | 0;
  }

  function text(s: string): void {
    u32(s.length);
    for (let i = 0; i < s.length; i++) u32(s.charCodeAt(i));
  }

  function words(): [lo: number, hi: number] {
    const first = (a ^ count) + b;
    const lo = mix(first);
    const hi = mix(b + first);
    return [(lo + hi) >>> 0, (lo + 2 * hi) >>> 0];
  }

  function hex(): string {
    const [lo, hi] = words();
    return digits(hi) + digits(lo);
  }

  return { f64, u32, text, array, hex, words };
}

/** Writes the canonical bits of x to `halves`. */
function canonical(x: number): void {
  double[0] = x + 0; // -0 + 0 is 0
  if (x !== x) {
    halves[0] = 0;
    halves[1] = 0x7ff80000;
  }
}

function laneA(a: number, b: number, word: number): number {
  const mixed = a ^ Math.imul(word, 0xcc9e2d51);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64 + b) | 0;
}

function laneB(b: number, a: number, word: number): number {
  const mixed = b ^ Math.imul((word << 16) | (word >>> 16), 0x1b873593);
  return (Math.imul((mixed << 17) | (mixed >>> 15), 5) + 0x561ccd1b + a) | 0;
}

/** Spreads every bit of a word over all its bits (a bijection). */
function mix(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}

function digits(word: number): string {
  return word.toString(16).padStart(8, "0");
}
