/**
 * The Threefry2x32 block function with 20 rounds: add, rotate, xor on 32-bit words.
 *
 * Rotations 13 15 26 6 and 17 29 16 24 by turns, a key injection after every four rounds.
 *
 * Source   Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC'11
 *
 * @module
 */
const PARITY = 0x1bd11bda;

/**
 * One random block: a bijection of the counter for each key, into[0] and into[1].
 *
 * @param k0 key words; any number, taken modulo 2^32
 * @param c0 counter words, likewise
 */
export function threefry2x32(k0: number, k1: number, c0: number, c1: number, into: Uint32Array): void {
  const k2 = k0 ^ k1 ^ PARITY;
  let a = (c0 + k0) | 0;
  let b = (c1 + k1) | 0;

  a = (a + b) | 0, b = a ^ (b << 13 | b >>> 19);
  a = (a + b) | 0, b = a ^ (b << 15 | b >>> 17);
  a = (a + b) | 0, b = a ^ (b << 26 | b >>> 6);
  a = (a + b) | 0, b = a ^ (b << 6 | b >>> 26);
  a = (a + k1) | 0, b = (b + k2 + 1) | 0;

  a = (a + b) | 0, b = a ^ (b << 17 | b >>> 15);
  a = (a + b) | 0, b = a ^ (b << 29 | b >>> 3);
  a = (a + b) | 0, b = a ^ (b << 16 | b >>> 16);
  a = (a + b) | 0, b = a ^ (b << 24 | b >>> 8);
  a = (a + k2) | 0, b = (b + k0 + 2) | 0;

  a = (a + b) | 0, b = a ^ (b << 13 | b >>> 19);
  a = (a + b) | 0, b = a ^ (b << 15 | b >>> 17);
  a = (a + b) | 0, b = a ^ (b << 26 | b >>> 6);
  a = (a + b) | 0, b = a ^ (b << 6 | b >>> 26);
  a = (a + k0) | 0, b = (b + k1 + 3) | 0;

  a = (a + b) | 0, b = a ^ (b << 17 | b >>> 15);
  a = (a + b) | 0, b = a ^ (b << 29 | b >>> 3);
  a = (a + b) | 0, b = a ^ (b << 16 | b >>> 16);
  a = (a + b) | 0, b = a ^ (b << 24 | b >>> 8);
  a = (a + k1) | 0, b = (b + k2 + 4) | 0;

  a = (a + b) | 0, b = a ^ (b << 13 | b >>> 19);
  a = (a + b) | 0, b = a ^ (b << 15 | b >>> 17);
  a = (a + b) | 0, b = a ^ (b << 26 | b >>> 6);
  a = (a + b) | 0, b = a ^ (b << 6 | b >>> 26);
  into[0] = a + k2;
  into[1] = b + k0 + 5;
}
