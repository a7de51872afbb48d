/**
 * A copy of what `reset`, `step` or `state` returned, which later calls leave alone: objects and typed arrays are
 * copied all the way down.
 *
 * @module
 */
export function copy<T>(result: T): T {
  return structuredClone(result);
}
