/**
 * Objects that read an array: `view.agent_0` is what stands in the array now, and nothing is ever copied.
 *
 * The getter of a place is one function for all views. So engines give views with the same names one hidden class; with
 * getters of its own, each after the first would be a dictionary, ten times slower to read. Engines inline a few getters
 * per function, and not many: what is read together with much else is better stored.
 *
 * @module
 */

/** Under which a view keeps its array; not enumerable, so that keys, copies and comparisons see the names alone. */
const SOURCE = Symbol("source");

type Getter = (this: { readonly [SOURCE]: ArrayLike<number> }) => number;

/** More places than this work too, slowly. */
const SHARED = 512;

function getterAt(place: number): Getter {
  return function () {
    return this[SOURCE][place]!;
  };
}

const GETTERS: readonly Getter[] = Array.from({ length: SHARED }, (_, place) => getterAt(place));

/** One number of `source` for each of `places`, under the name that `names` has there. */
export function numbersIn(
  source: ArrayLike<number>,
  names: readonly string[],
  places: readonly number[],
): Record<string, number> {
  const view = Object.defineProperty({}, SOURCE, { value: source });
  for (const place of places) {
    Object.defineProperty(view, names[place]!, { enumerable: true, get: GETTERS[place] ?? getterAt(place) });
  }
  return view as Record<string, number>;
}
