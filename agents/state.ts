/**
 * State as flat arrays: what a learner keeps is a record of names to arrays, so a checkpoint is that record.
 *
 * @module
 */
import { hasher, type Stream, UserError } from "../core/mod.ts";
import type { State, TypedArray } from "./types.ts";

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

/** Write `saved` into the arrays of `into`. Throws a UserError that says where the two differ, and writes nothing. */
export function restoreState(saved: State, into: State): void {
  const found = differences(saved, into);
  if (found.length > 0) {
    const more = found.length > 5 ? [`and ${found.length - 5} more`] : [];
    throw new UserError(["checkpoint: it is of another shape", ...found.slice(0, 5), ...more].join("\n  "));
  }
  for (const [name, array] of Object.entries(into)) array.set(saved[name]!);
}

function differences(saved: State, into: State): string[] {
  const kind = (array: TypedArray) => `${array.length} numbers as ${array.constructor.name}`;
  const extra = Object.keys(saved).filter((name) => !(name in into));
  return [
    ...extra.map((name) => `it holds "${name}", which this run does not have`),
    ...Object.entries(into).flatMap(([name, array]) => {
      const found = saved[name];
      if (!found) return [`it lacks "${name}", which this run needs`];
      return kind(found) === kind(array)
        ? []
        : [`"${name}" holds ${kind(found)}, and this run needs ${kind(array)}`];
    }),
  ];
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
