/**
 * Replay of whole episodes, for learners that bootstrap along them. Each environment writes its running episode into
 * a slot of its own; an episode that ends moves into the ring. All of it lies in flat arrays, so that a checkpoint
 * holds it.
 *
 * Shape letters: `K` episodes, `L` steps of the longest, `M` members, `O` observation, `A` actions, `S` state.
 *
 * @module
 */
import { integer, type Stream } from "../core/mod.ts";
import type { Group, Reals, World, WorldSpec } from "../sim/mod.ts";
import { outOfTime } from "./rollout.ts";
import { nest } from "./state.ts";
import type { State } from "./types.ts";

/** Columns of `K` episodes. What is seen has `L + 1` entries, the last of them after the final step. */
export interface Columns {
  /** `[K,L+1,M,O]` */
  readonly obs: Float32Array;
  /** `[K,L+1,M,A]` */
  readonly mask: Float32Array;
  /** `[K,L+1,S]` */
  readonly state: Float32Array;
  /** `[K,L,M]` */
  readonly action: Int32Array;
  /** `[K,L,M]` */
  readonly reward: Float32Array;
  /** `[K,L]` 1 where the future still counts: the episode went on, or only its time was up. */
  readonly goesOn: Float32Array;
  /** `[K,L]` 1 where there was a step. */
  readonly filled: Float32Array;
}

/** A ring of episodes of one group. */
export interface Episodes {
  /** Episodes stored now, at most the capacity. */
  count(): number;
  /** Note what the group sees before it acts. */
  before(world: World): void;
  /** Note what the step brought; episodes that ended with it are stored. */
  after(world: World): void;
  /** An empty batch of `size` episodes. */
  batch(size: number): Columns;
  /** Fill `into` with `size` episodes, drawn with replacement. */
  sample(stream: Stream, size: number, into: Columns): void;
  /** Everything, to keep in a checkpoint. */
  readonly state: State;
}

/** An empty ring of `capacity` episodes. */
export function episodes(spec: WorldSpec, group: Group, capacity: number): Episodes {
  const { E, S, maxCycles: L } = spec;
  const M = group.members.length;
  const O = spec.observationSizes[group.members[0]!]!;
  const A = spec.actionSizes[group.members[0]!]!;
  const batch = (K: number): Columns => ({
    obs: new Float32Array(K * (L + 1) * M * O),
    mask: new Float32Array(K * (L + 1) * M * A),
    state: new Float32Array(K * (L + 1) * S),
    action: new Int32Array(K * L * M),
    reward: new Float32Array(K * L * M),
    goesOn: new Float32Array(K * L),
    filled: new Float32Array(K * L),
  });
  const ring = batch(capacity);
  const running = batch(E);
  /** Episodes ever stored. */
  const total = new Float64Array(1);
  /** `[E]` steps in the running episodes. */
  const length = new Float64Array(E);
  const count = () => Math.min(total[0]!, capacity);

  /** Write entry `length[e]` of what environment `e` shows. */
  function see(obs: Reals, mask: Uint8Array | undefined, state: Reals, e: number): void {
    const at = e * (L + 1) + length[e]!;
    group.members.forEach((n, m) => {
      const row = e * spec.N + n;
      for (let o = 0; o < O; o++) running.obs[(at * M + m) * O + o] = obs[row * spec.O + o]!;
      for (let a = 0; a < A; a++) running.mask[(at * M + m) * A + a] = mask ? mask[row * spec.A + a]! : 1;
    });
    for (let s = 0; s < S; s++) running.state[at * S + s] = state[e * S + s]!;
  }

  return {
    count,
    batch,
    before(world) {
      for (let e = 0; e < E; e++) see(world.obs, world.mask, world.state, e);
    },
    after(world) {
      for (let e = 0; e < E; e++) {
        const at = e * L + length[e]!;
        group.members.forEach((n, m) => {
          running.action[at * M + m] = world.actions[e * spec.N + n]!;
          running.reward[at * M + m] = world.reward[e * spec.N + n]!;
        });
        running.goesOn[at] = world.done[e] === 0 || outOfTime(world, e, group) ? 1 : 0;
        running.filled[at] = 1;
        length[e]!++;
        if (world.done[e] === 0) continue;
        see(world.finalObs, undefined, world.finalState, e);
        copyEpisode(running, e, E, ring, total[0]! % capacity, capacity);
        for (const column of Object.values(running)) {
          column.fill(0, e * column.length / E, (e + 1) * column.length / E);
        }
        total[0]!++;
        length[e] = 0;
      }
    },
    sample(stream, size, into) {
      for (let i = 0; i < size; i++) copyEpisode(ring, integer(stream, count()), capacity, into, i, size);
    },
    state: { total, length, ...nest("ring", { ...ring }), ...nest("running", { ...running }) },
  };
}

/** Copy episode `i` of the `K` in `from` to place `j` of the `J` in `into`. */
function copyEpisode(from: Columns, i: number, K: number, into: Columns, j: number, J: number): void {
  for (const name of Object.keys(from) as (keyof Columns)[]) {
    const size = from[name].length / K;
    into[name].set(from[name].subarray(i * size, (i + 1) * size), j * size);
    if (size !== into[name].length / J) throw new RangeError(`${name}: episodes of another size`);
  }
}
