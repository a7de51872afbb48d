/**
 * Replay rings on their way to the disk. A ring grows at one end, so a checkpoint need not hold all of it again: only
 * the entries that came since the last one, as a shard; the newest shards together are the ring.
 *
 * A ring called `learner.agent.replay` is the arrays `learner.agent.replay.ring.*`, each of `capacity` entries, and
 * `learner.agent.replay.total`, the number of entries ever written; entry `i` lies at place `i mod capacity`.
 *
 * @module
 */
import { UserError } from "../core/mod.ts";
import type { State, TypedArray } from "./types.ts";

/** Entries `from` to `to` of a ring, the arrays without the ring's name. */
export interface Shard {
  readonly from: number;
  readonly to: number;
  readonly columns: State;
}

/** Whether `name` is an array of the ring called `ring`. */
const partOf = (ring: string, name: string) => name.startsWith(`${ring}.ring.`);

/** Entries ever written. */
export function written(state: State, ring: string): number {
  const total = state[`${ring}.total`]?.[0];
  if (total === undefined) throw new UserError(`checkpoint: it lacks "${ring}.total"`);
  return total;
}

/** `state` without the arrays of its rings. */
export function withoutRings(state: State, rings: Readonly<Record<string, number>>): State {
  const names = Object.keys(rings);
  return Object.fromEntries(
    Object.entries(state).filter(([name]) => !names.some((ring) => partOf(ring, name))),
  );
}

/** The entries since number `from`, as far as the ring still holds them. */
export function shardSince(state: State, ring: string, capacity: number, from: number): Shard {
  const to = written(state, ring);
  const first = Math.max(from, to - capacity, 0);
  const columns: State = {};
  for (const [name, array] of Object.entries(state)) {
    if (!partOf(ring, name)) continue;
    const width = array.length / capacity;
    const own = like(array, (to - first) * width);
    for (let i = first; i < to; i++) {
      const at = (i % capacity) * width;
      own.set(array.subarray(at, at + width) as Float32Array, (i - first) * width);
    }
    columns[name.slice(`${ring}.ring.`.length)] = own;
  }
  return { from: first, to, columns };
}

/** An entry that a ring holds is in none of the shards. */
export class MissingEntry extends UserError {
  constructor(readonly ring: string, readonly entry: number) {
    super(`${ring}: entry ${entry} is in none of its shards`);
  }
}

/**
 * The arrays of a ring out of its shards, in any order; those of entries that it no longer holds may be among them.
 *
 * @throws MissingEntry where an entry is in none of them
 */
export function ringOf(ring: string, capacity: number, total: number, shards: readonly Shard[]): State {
  const first = Math.max(0, total - capacity);
  const arrays: State = {};
  const found = new Uint8Array(total - first);
  for (const { from, to, columns } of shards) {
    for (const [name, column] of Object.entries(columns)) {
      const width = column.length / (to - from);
      const into = arrays[`${ring}.ring.${name}`] ??= like(column, capacity * width);
      for (let i = Math.max(from, first); i < Math.min(to, total); i++) {
        into.set(
          column.subarray((i - from) * width, (i - from + 1) * width) as Float32Array,
          (i % capacity) * width,
        );
        found[i - first] = 1;
      }
    }
  }
  const missing = found.indexOf(0);
  if (missing >= 0) throw new MissingEntry(ring, first + missing);
  return arrays;
}

/** The arrays of the rings that nothing was ever written to, which no shard holds. */
export function emptyRings(rings: Readonly<Record<string, number>>, saved: State, live: State): State {
  const empty = Object.keys(rings).filter((ring) => written(saved, ring) === 0);
  const names = Object.keys(live).filter((name) => empty.some((ring) => partOf(ring, name)));
  return Object.fromEntries(names.map((name) => [name, like(live[name]!, live[name]!.length)]));
}

function like(array: TypedArray, length: number): TypedArray {
  return new (array.constructor as Float32ArrayConstructor)(length);
}
