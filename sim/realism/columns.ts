/**
 * The columns that realism adds to a world.
 *
 * @module
 */
import type { Transform } from "./transforms.ts";

/** The column that holds a param's drawn value. */
export function columnOf(param: string): string {
  return `param_${param}`;
}

interface Sizes {
  readonly N: number;
  readonly O: number;
  readonly A: number;
  readonly actionKind: "discrete" | "continuous";
}

/** How many numbers all actions of one step are. */
export function actionNumbers({ N, A, actionKind }: Omit<Sizes, "O">): number {
  return actionKind === "discrete" ? N : N * A;
}

/**
 * Names and widths: `elapsed` holds the steps of the running episode, then the delay of each transform; `late0`, … the
 * observations `[steps + 1,N,O]` or actions on their way, one column for each delay, by the transform's place.
 */
export function interfaceColumns(transforms: readonly Transform[], sizes: Sizes): [string, number][] {
  if (transforms.length === 0) return [];
  const columns: [string, number][] = [["elapsed", 1 + transforms.length]];
  for (const [i, one] of transforms.entries()) {
    if ("observationDelay" in one) {
      columns.push([`late${i}`, (one.observationDelay.steps + 1) * sizes.N * sizes.O]);
    } else if ("actuationDelay" in one) {
      columns.push([`late${i}`, (one.actuationDelay.steps + 1) * actionNumbers(sizes)]);
    }
  }
  return columns;
}
