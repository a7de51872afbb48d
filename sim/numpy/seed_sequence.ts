/**
 * numpy's SeedSequence: 32-bit words of a generator's state, mixed from an integer seed.
 *
 * Source   M. E. O'Neill's `seed_seq_fe`, as numpy 1.17 and later use it; constants of numpy/random/bit_generator.pyx
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";

const POOL = 4;

/** Multiplies by a running constant, which changes with every word hashed. */
class Hash {
  constructor(private constant: number, private readonly factor: number) {}

  word(value: number): number {
    const mixed = value ^ this.constant;
    this.constant = Math.imul(this.constant, this.factor);
    const product = Math.imul(mixed, this.constant);
    return product ^ product >>> 16;
  }
}

function mix(x: number, y: number): number {
  const difference = Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y) | 0;
  return difference ^ difference >>> 16;
}

/**
 * The state words that `SeedSequence(seed).generate_state(n)` gives.
 *
 * @throws UserError where the seed is no safe integer of at least 0
 */
export function seedWords(seed: number, into: Uint32Array): void {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new UserError(`numpy takes whole numbers from 0 as seeds, found ${seed}`);
  }
  const entropy = [seed >>> 0, Math.floor(seed / 4294967296)];
  const absorb = new Hash(0x43b0d7e5, 0x931e8875);
  const pool = Array.from({ length: POOL }, (_, i) => absorb.word(entropy[i] ?? 0));
  for (let from = 0; from < POOL; from++) {
    for (let to = 0; to < POOL; to++) {
      if (from !== to) pool[to] = mix(pool[to]!, absorb.word(pool[from]!));
    }
  }
  const emit = new Hash(0x8b51f9dd, 0x58f38ded);
  for (let i = 0; i < into.length; i++) into[i] = emit.word(pool[i % POOL]!);
}
