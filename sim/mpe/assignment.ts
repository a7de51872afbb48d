/**
 * Who goes where: the assignment of agents to as many places that keeps the sum of distances least.
 *
 * For a set S of places, best[S] is the least sum with the first |S| agents on them:
 *
 *     best[∅] = 0      best[S] = min over p in S of best[S − p] + distance(agent |S|, p)
 *
 * Source   Held and Karp 1962; its least sum is that of scipy's `linear_sum_assignment`, which MPE2 calls
 *
 * @module
 */
import type { KernelBase } from "../language/kernel.ts";
import type { Num, Vec2 } from "../language/values.ts";

/** Most agents: the work more than doubles with each. */
export const MOST_ASSIGNED = 8;

/** Farther away than this does not count as farther. */
const FAR = 2;

/** The mean distance of agents to the places assigned to them, each counted as 2 at most. */
export function meanDistance(k: KernelBase, agents: readonly Vec2[], places: readonly Vec2[]): Num {
  const distances = table(k, agents, places);
  const longest = distances.flat().reduce((a, b) => a.max(b));
  const sum = k.when(
    longest.gt(FAR),
    () => carried(k, distances, (told, distance) => told.add(distance.min(FAR))),
    () => overSets(distances, k.num(0), (before, distance) => before.add(distance), (a, b) => a.min(b)),
  );
  return sum.div(agents.length);
}

/** The largest of these distances. */
export function worstDistance(k: KernelBase, agents: readonly Vec2[], places: readonly Vec2[]): Num {
  return carried(k, table(k, agents, places), (told, distance) => told.max(distance));
}

/** [agents][places] */
type Distances = readonly (readonly Num[])[];

function table(k: KernelBase, agents: readonly Vec2[], places: readonly Vec2[]): Distances {
  return agents.map((agent) => places.map((place) => k.dist(agent, place)));
}

/** What `tell` makes of the distances in the best assignment, carried along with their sum. */
function carried(k: KernelBase, distances: Distances, tell: (told: Num, distance: Num) => Num): Num {
  interface Partial {
    readonly sum: Num;
    readonly told: Num;
  }
  const add = ({ sum, told }: Partial, distance: Num): Partial => {
    return { sum: sum.add(distance), told: tell(told, distance) };
  };
  const better = (a: Partial, b: Partial): Partial => {
    const second = b.sum.lt(a.sum);
    return { sum: k.select(second, b.sum, a.sum), told: k.select(second, b.told, a.told) };
  };
  return overSets(distances, { sum: k.num(0), told: k.num(0) }, add, better).told;
}

/** best[all places]; the bits of an index are the places of a set. */
function overSets<T>(
  distances: Distances,
  none: T,
  add: (before: T, distance: Num) => T,
  better: (a: T, b: T) => T,
): T {
  const best = [none];
  for (let set = 1; set < 1 << distances.length; set++) {
    const places = distances.map((_, place) => place).filter((place) => set >>> place & 1);
    const agent = distances[places.length - 1]!;
    best[set] = places.map((place) => add(best[set - (1 << place)]!, agent[place]!)).reduce(better);
  }
  return best.at(-1)!;
}
