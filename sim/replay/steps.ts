/**
 * Long work that can pause: a generator that yields the number of steps done so far and returns its result.
 *
 * @module
 */
export type Steps<T> = Generator<number, T, void>;

/** Do all of it at once. */
export function finish<T>(work: Steps<T>): T {
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}
