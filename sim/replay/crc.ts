/**
 * CRC-8 over a range of bits: the check byte of recorded actions.
 *
 * The register runs on from step to step. A change of up to eight neighbouring bits, so of any one byte, always
 * leaves the register different at the first step it touches, and at every step after; a hash byte would miss
 * one change in 256.
 *
 * Source  Peterson and Brown 1961, "Cyclic codes for error detection"; polynomial x⁸ + x² + x + 1
 *
 * @module
 */

/** x⁸ + x² + x + 1, lowest power in the highest bit, as bits enter lowest first. */
const POLYNOMIAL = 0xe0;

const TABLE: Readonly<Uint8Array> = Uint8Array.from({ length: 256 }, (_, byte) => {
  let register = byte;
  for (let bit = 0; bit < 8; bit++) register = shift(register);
  return register;
});

function shift(register: number): number {
  return register & 1 ? (register >>> 1) ^ POLYNOMIAL : register >>> 1;
}

/** The register after bits `from` (inclusive) to `to` (exclusive) of `bytes`. */
export function crc8(register: number, bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (at & 7) !== 0) register = shift(register ^ bit(bytes, at++));
  for (; at + 8 <= to; at += 8) register = TABLE[register ^ bytes[at >>> 3]!]!;
  while (at < to) register = shift(register ^ bit(bytes, at++));
  return register;
}

function bit(bytes: Uint8Array, at: number): number {
  return (bytes[at >>> 3]! >>> (at & 7)) & 1;
}
