/**
 * Random legal actions, for tests on any engine.
 *
 * @module
 */
import { integer, seed, type Stream, uniform } from "../../core/mod.ts";
import type { World } from "../../sim/mod.ts";

/** Writes random legal actions, one stream for each environment. */
export function play(world: World, streams: readonly Stream[]): void {
  const { N, A, actionSizes, groups } = world.spec;
  streams.forEach((stream, env) => {
    for (const { members, action } of groups) {
      for (const agent of members) {
        const row = env * N + agent;
        if (action.kind === "discrete") {
          const legal = Array.from({ length: actionSizes[agent]! }, (_, a) => a)
            .filter((a) => world.mask[row * A + a] === 1);
          world.actions[row] = legal.length === 0 ? 0 : legal[integer(stream, legal.length)]!;
        } else {
          for (let i = 0; i < action.shape[0]; i++) {
            world.actions[row * A + i] = Math.fround(uniform(stream, action.low, action.high));
          }
        }
      }
    }
  });
}

/** Streams for environments first, first + 1, … */
export function streams(count: number, first = 0): Stream[] {
  return Array.from({ length: count }, (_, env) => seed(1000 + first + env));
}
