/**
 * Environments between two episodes: the next one's state stands in their columns while their outputs still show the
 * end of the last. A step that passes over them is undone.
 *
 * @module
 */
import type { Cells, Column } from "./layout.ts";

/** What of an environment a step may change and a later step depends on. */
function isKept({ role, id }: Column): boolean {
  return role === "state" || role === "engine" || id === "gone";
}

export class Held {
  /** `[E]` 1 for those held during this step. */
  readonly envs: Uint8Array;
  readonly #kept: readonly { readonly cells: Cells; readonly width: number; readonly copy: Cells }[];

  constructor(columns: readonly Column[], cells: Readonly<Record<string, Cells>>, E: number) {
    this.envs = new Uint8Array(E);
    this.#kept = columns.filter(isKept).map(({ id, width }) => {
      return { cells: cells[id]!, width, copy: cells[id]!.slice() };
    });
  }

  /** Before a step: notes who is held, and their state; whether anyone is. */
  look(done: Uint8Array): boolean {
    this.envs.set(done);
    for (let env = 0; env < done.length; env++) {
      if (done[env] === 0) continue;
      for (const { cells, width, copy } of this.#kept) {
        copy.set(cells.subarray(env * width, (env + 1) * width), env * width);
      }
    }
    return this.envs.includes(1);
  }

  /** After the step: their state is what it was. */
  putBack(): void {
    for (let env = 0; env < this.envs.length; env++) {
      if (this.envs[env] === 0) continue;
      for (const { cells, width, copy } of this.#kept) {
        cells.set(copy.subarray(env * width, (env + 1) * width), env * width);
      }
    }
  }
}
