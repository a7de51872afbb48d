/**
 * A 64-bit hash of numbers and text: two 32-bit lanes that differ in their constants and feed each other.
 *
 * It tells states apart; it does not resist someone who looks for collisions. Values that compare equal hash equal:
 * -0 hashes as 0, and every NaN as one NaN.
 *
 * Layout   each word w of 32 bits: a ← rotl(a ⊕ w·C1, 13)·5 + N1 + b, then b ← rotl(b ⊕ rotl(w, 16)·C2, 17)·5 + N2 + a;
 *          a double is two words, low first; text and arrays are preceded by their length
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
const halves = new Uint32Array(double.buffer); // low word first: every platform with a browser is little-endian

/** An empty hash. */
export function hasher(): Hasher {
  let a = 0x243f6a88; // the first 64 fractional bits of pi
  let b = 0x85a308d3 | 0;
  let count = 0;

  function add(w: number): void {
    const m = a ^ Math.imul(w, 0xcc9e2d51);
    a = (Math.imul((m << 13) | (m >>> 19), 5) + 0xe6546b64 + b) | 0;
    const n = b ^ Math.imul((w << 16) | (w >>> 16), 0x1b873593);
    b = (Math.imul((n << 17) | (n >>> 15), 5) + 0x561ccd1b + a) | 0;
    count = (count + 1) | 0;
  }

  function f64(x: number): void {
    if (x !== x) {
      add(0);
      add(0x7ff80000);
      return;
    }
    double[0] = x + 0; // -0 + 0 is 0
    add(halves[0]!);
    add(halves[1]!);
  }

  function array(values: ArrayLike<number>): void {
    add(values.length);
    for (let i = 0; i < values.length; i++) f64(values[i]!);
  }

  function text(s: string): void {
    add(s.length);
    for (let i = 0; i < s.length; i++) add(s.charCodeAt(i));
  }

  function words(): [lo: number, hi: number] {
    let lo = (a ^ count) | 0;
    let hi = b;
    lo = (lo + hi) | 0;
    hi = (hi + lo) | 0;
    lo = mix(lo);
    hi = mix(hi);
    lo = (lo + hi) | 0;
    hi = (hi + lo) | 0;
    return [lo >>> 0, hi >>> 0];
  }

  return { f64, u32: add, text, array, words, hex: () => words().reverse().map(digits).join("") };
}

/** Spreads every bit of a word over all its bits (a bijection). */
function mix(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return word ^ (word >>> 16);
}

function digits(word: number): string {
  return word.toString(16).padStart(8, "0");
}
