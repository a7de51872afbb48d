/**
 * What episodes have brought so far: rewards and costs summed by agent and channel, for every environment of a world.
 *
 * @module
 */
import type { World } from "./types.ts";

/** One set of sums. */
export interface Sums {
  /** `[E,N]` */
  readonly reward: Float64Array;
  /** `[E,N,C]` */
  readonly cost: Float64Array;
  /** `[E,C]` each event counted once. */
  readonly channelCost: Float64Array;
  /** `[E]` steps. */
  readonly length: Int32Array;
}

/** Sums of the running episodes; beside them those of the last episode that each environment ended. */
export interface EpisodeSums extends Sums {
  /** Valid where `done` has ever been 1; new where it is 1 now. */
  readonly final: Sums;
  /** Takes in the world's last step. Call it after every `world.step()`. */
  add(): void;
  /** Forgets everything, as after `world.reset`. */
  clear(): void;
}

/** Sums over the episodes of `world`, from here on. */
export function episodeSums(world: World): EpisodeSums {
  const { E, N, C } = world.spec;
  const make = (): Sums => ({
    reward: new Float64Array(E * N),
    cost: new Float64Array(E * N * C),
    channelCost: new Float64Array(E * C),
    length: new Int32Array(E),
  });
  const running = make();
  const final = make();

  function finish(env: number): void {
    for (const name of ["reward", "cost", "channelCost", "length"] as const) {
      const width = running[name].length / E;
      const row = running[name].subarray(env * width, (env + 1) * width);
      final[name].set(row, env * width);
      row.fill(0);
    }
  }

  return {
    ...running,
    final,
    add() {
      for (const name of ["reward", "cost", "channelCost"] as const) {
        const [sums, last] = [running[name], world[name]];
        for (let i = 0; i < sums.length; i++) sums[i]! += last[i]!;
      }
      for (let env = 0; env < E; env++) {
        if (world.done[env] === 1) {
          running.length[env]!++;
          finish(env);
        } else if (world.cycle[env]! > 0) running.length[env]!++;
      }
    },
    clear() {
      for (const sums of [running, final]) for (const column of Object.values(sums)) column.fill(0);
    },
  };
}
