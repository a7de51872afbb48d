/**
 * `seedTest` for Parallel environments.
 *
 * Differs  plays the full length: PettingZoo's parallel_seed_test stops after one step
 *
 * @module
 */
import type { ParallelEnv } from "../types.ts";
import { sameUnderSeed } from "./seed.ts";

/** @param cycles steps, over as many episodes as that takes */
export function parallelSeedTest<O>(make: () => ParallelEnv<O>, cycles = 500): void {
  sameUnderSeed([make(), make()], cycles);
}
