/**
 * Replay of whole episodes, for learners that bootstrap along them. Each environment writes its running episode into
 * a slot of its own; an episode that ends moves into the ring. All of it lies in flat arrays, so that a checkpoint
 * holds it.
 *
 * Where a team is paid, its future counts while the episode goes on, and its dead earn on. Where each member is paid for
 * itself, its own termination ends its steps and its future.
 *
 * Shape letters: `K` episodes, `L` steps of the longest, `M` members, `O` observation, `A` actions, `S` state; `W` is 1
 * for a team, else `M`.
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
  /** `[K,L,W]` 1 where the future still counts: the episode (or the member) went on, or only its time was up. */
  readonly goesOn: Float32Array;
  /** `[K,L,W]` 1 where there was a step, and none of a member that had ended before. */
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

/**
 * An empty ring of `capacity` episodes.
 *
 * @param team whether a member is paid what its team earns, after its death too
 */
export function episodes(
  spec: WorldSpec,
  group: Group,
  capacity: number,
  team: boolean,
): Episodes {
  const { E, S, maxCycles: L } = spec;
  const M = group.members.length;
  const W = team ? 1 : M;
  const O = spec.observationSizes[group.members[0]!]!;
  const A = spec.actionSizes[group.members[0]!]!;
  const batch = (K: number): Columns => ({
    obs: new Float32Array(K * (L + 1) * M * O),
    mask: new Float32Array(K * (L + 1) * M * A),
    state: new Float32Array(K * (L + 1) * S),
    action: new Int32Array(K * L * M),
    reward: new Float32Array(K * L * M),
    goesOn: new Float32Array(K * L * W),
    filled: new Float32Array(K * L * W),
  });
  const ring = batch(capacity);
  const running = batch(E);
  /** Episodes ever stored. */
  const total = new Float64Array(1);
  /** `[E]` steps in the running episodes. */
  const length = new Float64Array(E);
  const count = () => Math.min(total[0]!, capacity);

  /** Write entry `length[e]` of what environment `e` shows. */
  function see(obs: Reals, mask: Uint8Array, state: Reals, e: number): void {
    const at = e * (L + 1) + length[e]!;
    group.members.forEach((n, m) => {
      const row = e * spec.N + n;
      for (let o = 0; o < O; o++) running.obs[(at * M + m) * O + o] = obs[row * spec.O + o]!;
      for (let a = 0; a < A; a++) running.mask[(at * M + m) * A + a] = mask[row * spec.A + a]!;
    });
    for (let s = 0; s < S; s++) running.state[at * S + s] = state[e * S + s]!;
  }

  /** Whether the coming step counts for member `m`: it acts, or pauses without having ended. */
  function counts(world: World, e: number, m: number): boolean {
    if (team || world.alive[e * spec.N + group.members[m]!] !== 0) return true;
    const before = (e * L + length[e]! - 1) * M + m;
    return length[e]! > 0 && running.filled[before] !== 0 && running.goesOn[before] !== 0;
  }

  /** Whether the future of member `m`, or of the team, counts after the step that `world` just made. */
  function future(world: World, e: number, m: number): boolean {
    const row = e * spec.N + group.members[m]!;
    if (team) return world.done[e] === 0 || outOfTime(world, e, group);
    return world.done[e] === 0 ? world.terminated[row] === 0 : world.truncated[row] !== 0;
  }

  return {
    count,
    batch,
    before(world) {
      for (let e = 0; e < E; e++) {
        see(world.obs, world.mask, world.state, e);
        const at = (e * L + length[e]!) * W;
        for (let w = 0; w < W; w++) running.filled[at + w] = counts(world, e, w) ? 1 : 0;
      }
    },
    after(world) {
      for (let e = 0; e < E; e++) {
        const at = e * L + length[e]!;
        group.members.forEach((n, m) => {
          running.action[at * M + m] = world.actions[e * spec.N + n]!;
          running.reward[at * M + m] = world.reward[e * spec.N + n]!;
        });
        for (let w = 0; w < W; w++) running.goesOn[at * W + w] = future(world, e, w) ? 1 : 0;
        length[e]!++;
        if (world.done[e] === 0) continue;
        see(world.finalObs, world.finalMask, world.finalState, e);
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
