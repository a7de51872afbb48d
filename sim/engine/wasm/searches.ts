/**
 * Searches for neighbours, which grids outside the module answer: a module calls `find`, which writes a list into the
 * memory.
 *
 * @module
 */
import type { Search } from "../emit.ts";
import { type Block, type Graph } from "../graph.ts";
import { Grids } from "../grid.ts";
import type { Cells } from "../layout.ts";
import type { Code } from "./encode.ts";
import { at, call, code, i32Const } from "./instructions.ts";
import type { ModuleWriter } from "./module.ts";
import { F64, I32, i32 } from "./opcodes.ts";

/** Larger groups are searched, environment by environment; in smaller ones all lanes look at everyone. */
export const MANY_MEMBERS = 128;

/** A search, and where whom it finds is listed. */
export interface Listed extends Search {
  readonly list: number;
}

export class Searches {
  readonly all: Listed[] = [];
  readonly #find: number;
  /** Counts the changes of places, by which grids are kept up to date. */
  readonly #moves: number;

  /**
   * @param counted whether anyone searches
   * @param room makes room for so many bytes, and says where
   */
  constructor(module: ModuleWriter, readonly counted: boolean, readonly room: (bytes: number) => number) {
    this.#find = module.import("find", [I32, I32, I32, I32, F64, F64, I32], [I32]);
    this.#moves = room(4);
  }

  /** Calls a search with environment, member, x, y and the member after whom it begins: how many it finds. */
  add({ column, start, radius, count }: Search, args: readonly Code[]): { call: Code; list: number } {
    const list = this.room(4 * count);
    const number = this.all.push({ column, start, radius, count, list }) - 1;
    const moves = code(i32Const(0), at(i32.load, this.#moves));
    return { call: code(i32Const(number), moves, ...args, call(this.#find)), list };
  }

  /** Notes that places may have changed. */
  moved(): Code {
    const moves = code(i32Const(0), at(i32.load, this.#moves));
    return code(i32Const(0), moves, i32Const(1), i32.add, at(i32.store, this.#moves));
  }
}

/** The function `find` of a world. */
export function finder(
  searches: readonly Listed[],
  cells: Readonly<Record<string, Cells>>,
  buffer: ArrayBuffer,
): (search: number, moves: number, env: number, of: number, x: number, y: number, after: number) => number {
  const grids = new Grids(cells);
  const all = searches.map((search) => ({
    grid: grids.get(search, search.count),
    list: new Int32Array(buffer, search.list, search.count),
  }));
  return (search, moves, env, of, x, y, after) => {
    const { grid, list } = all[search]!;
    return grid.find(moves, env, of, x, y, after, list);
  };
}

/** The largest group that a graph searches for neighbours; 0 if it searches none. */
export function largestSearch({ root }: Graph): number {
  return largest(root);
}

function largest({ statements }: Block): number {
  return Math.max(
    0,
    ...statements.map((statement) => {
      if (statement.kind === "when") return Math.max(largest(statement.yes), largest(statement.no));
      if (statement.kind !== "loop") return 0;
      return Math.max(
        statement.range.near === undefined ? 0 : statement.range.count,
        largest(statement.body),
      );
    }),
  );
}
