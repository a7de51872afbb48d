/**
 * State as flat arrays: what a learner keeps is a record of names to arrays, so a checkpoint is that record.
 *
 * @module
 */
import { hasher, type Stream, UserError } from "../core/mod.ts";
import type { State } from "./types.ts";

/** A stream whose four words live in an array, so that saving the array saves the stream. */
export interface StoredStream {
  readonly words: Float64Array;
  readonly stream: Stream;
}

/** Keep `start` in an array. */
export function storedStream(start: Stream): StoredStream {
  const words = Float64Array.of(start.k0, start.k1, start.c0, start.c1);
  const word = (i: number) => ({
    enumerable: true,
    get: () => words[i]!,
    set: (value: number) => void (words[i] = value),
  });
  const stream = Object.defineProperties({}, {
    k0: word(0),
    k1: word(1),
    c0: word(2),
    c1: word(3),
  }) as Stream;
  return { words, stream };
}

/** Put `prefix.` before every name. */
export function nest(prefix: string, state: State): State {
  return Object.fromEntries(Object.entries(state).map(([name, array]) => [`${prefix}.${name}`, array]));
}

/** Copy every array, so that later steps do not change what was taken. */
export function copyState(state: State): State {
  return Object.fromEntries(Object.entries(state).map(([name, array]) => [name, array.slice()]));
}

/** Write `saved` into the arrays of `into`. Throws a UserError that names the first array that differs. */
export function restoreState(saved: State, into: State): void {
  const extra = Object.keys(saved).find((name) => !(name in into));
  if (extra) throw new UserError(`checkpoint: it holds "${extra}", which this run does not have`);
  for (const [name, array] of Object.entries(into)) {
    const found = saved[name];
    if (!found) throw new UserError(`checkpoint: it lacks "${name}", which this run needs`);
    if (found.length !== array.length || found.constructor !== array.constructor) {
      throw new UserError(
        `checkpoint: "${name}" holds ${found.length} numbers as ${found.constructor.name}, ` +
          `and this run needs ${array.length} as ${array.constructor.name}`,
      );
    }
    array.set(found);
  }
}

/** 64-bit hash of all arrays, names included, in the order of their names. */
export function stateHash(state: State): string {
  const hash = hasher();
  for (const name of Object.keys(state).sort()) {
    hash.text(name);
    hash.array(state[name]!);
  }
  return hash.hex();
}
