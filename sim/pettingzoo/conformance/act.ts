/**
 * Random legal actions for worlds.
 *
 * @module
 */
import { fork, integer, seed, type Stream, uniform } from "../../../core/mod.ts";
import type { World } from "../../types.ts";

/** Streams of environments first, first + 1, …: the same for an environment in any batch. */
export function streamsOf(envs: number, first = 0): Stream[] {
  return Array.from({ length: envs }, (_, env) => fork(seed(77), first + env));
}

/** Writes an action for every agent, from one stream per environment. */
export function act(world: World, streams: readonly Stream[]): void {
  const { N, groups } = world.spec;
  streams.forEach((stream, env) => {
    for (const { members, action } of groups) {
      for (const agent of members) {
        const row = env * N + agent;
        if (action.kind === "discrete") world.actions[row] = choose(world, row, action.n, stream);
        else {
          const [size] = action.shape;
          const at = row * world.spec.A;
          for (let i = 0; i < size; i++) world.actions[at + i] = uniform(stream, action.low, action.high);
        }
      }
    }
  });
}

function choose({ mask, spec: { A } }: World, row: number, n: number, stream: Stream): number {
  const legal = Array.from({ length: n }, (_, a) => a).filter((a) => mask[row * A + a] === 1);
  const drawn = integer(stream, Math.max(1, legal.length));
  return legal[drawn] ?? 0;
}

/** Everything that a world's last step reported of `count` environments from `env` on. */
export function reportOf(world: World, env = 0, count = 1): Record<string, number[]> {
  const rows = (data: ArrayLike<number>) => {
    const width = data.length / world.spec.E;
    return Array.prototype.slice.call(data, env * width, (env + count) * width) as number[];
  };
  const { obs, state, reward, cost, channelCost, terminated, truncated, alive, mask, turn } = world;
  const { done, cycle, episode } = world;
  const outputs = { obs, state, reward, cost, channelCost, terminated, truncated, alive, mask, turn, done };
  return Object.fromEntries(
    Object.entries({ ...outputs, cycle, episode }).map(([name, data]) => [name, rows(data)]),
  );
}
