/**
 * One numpy generator for each environment of a world, kept in a column of its memory, so that snapshots hold it.
 *
 * A row is the generator's state and, in two words, the seed it came from.
 *
 * @module
 */
import { integer, PCG64_SIZE, seedPcg64, unit } from "./pcg64.ts";

/** Numbers in a row. */
export const GENERATOR_SIZE = PCG64_SIZE + 2;

export class Generators {
  constructor(readonly rows: Int32Array) {}

  /** As `reset(seed)` in PettingZoo: a new generator. */
  seed(env: number, seed: number): void {
    const at = env * GENERATOR_SIZE;
    seedPcg64(seed, this.rows, at);
    this.rows[at + PCG64_SIZE] = seed | 0;
    this.rows[at + PCG64_SIZE + 1] = Math.floor(seed / 4294967296);
  }

  /** The seed of the running generator; undefined before the first. */
  seedOf(env: number): number | undefined {
    const at = env * GENERATOR_SIZE;
    const seeded = this.rows.subarray(at, at + PCG64_SIZE).some((word) => word !== 0);
    if (!seeded) return undefined;
    return (this.rows[at + PCG64_SIZE]! >>> 0) + this.rows[at + PCG64_SIZE + 1]! * 4294967296;
  }

  unit(env: number): number {
    return unit(this.rows, env * GENERATOR_SIZE);
  }

  integer(env: number, n: number): number {
    return integer(this.rows, env * GENERATOR_SIZE, n);
  }
}
