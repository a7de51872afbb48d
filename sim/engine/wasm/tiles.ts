/**
 * Loads of a vector kernel that turn rows into lanes: two or four numbers of each row at once, shuffled.
 *
 * @module
 */
import type { Block } from "../graph.ts";
import type { Column } from "../layout.ts";
import type { Code } from "./encode.ts";
import { at, code, shuffle } from "./instructions.ts";
import { v128 } from "./opcodes.ts";
import { type Address, type Rows, SIZES } from "./rows.ts";

/** Parts of rows, and the lanes made of them. */
interface Tile {
  readonly rows: readonly Code[];
  /** Two-row mixtures, of four rows. */
  readonly mixed: Map<string, Code>;
  readonly lanes: Map<number, Code>;
  readonly stale: Set<number>;
}

/** What was read so far, by block: blocks within know it too. */
export class Tiles {
  readonly #tiles = new Map<Block, Map<string, Tile>>();

  constructor(readonly rows: Rows) {}

  /** One number of every row, from tiles of as many numbers as a vector holds. */
  load(column: Column, address: Address, block: Block): Code {
    const numbers = 16 / SIZES[this.rows.place(column).format];
    const part = address.fixed % numbers;
    const first = address.fixed - part;
    const key = `${column.id} ${first}`;
    let tile = this.#tile(key, block);
    if (tile === undefined || tile.stale.has(address.fixed)) {
      const rows = Array.from({ length: this.rows.frame.lanes.count }, (_, lane) => {
        const offset = this.rows.offset(column, { ...address, fixed: first }, lane);
        return this.rows.kept(code(this.rows.pointer(column, address), at(v128.load, offset)), block);
      });
      tile = { rows, mixed: new Map(), lanes: new Map(), stale: new Set() };
      let tiles = this.#tiles.get(block);
      if (tiles === undefined) this.#tiles.set(block, tiles = new Map());
      tiles.set(key, tile);
    }
    let lanes = tile.lanes.get(address.fixed);
    if (lanes === undefined) {
      lanes = this.rows.kept(this.#column(tile, numbers, part, block), block);
      tile.lanes.set(address.fixed, lanes);
    }
    return lanes;
  }

  /** Number `part` of each row of a tile. */
  #column(tile: Tile, numbers: number, part: number, block: Block): Code {
    const [a, b] = tile.rows as [Code, Code];
    if (numbers === 2) return shuffle(a, b, 8, [part, 2 + part]);
    const odd = part % 2;
    if (tile.rows.length === 4) {
      return shuffle(this.#mixed(tile, 0, part, block), this.#mixed(tile, 2, part, block), 8, [odd, 2 + odd]);
    }
    const mixed = this.#mixed(tile, 0, part, block);
    return odd === 0 ? mixed : shuffle(mixed, mixed, 8, [1, 1]);
  }

  /** Numbers 0 and 1, or 2 and 3, of two rows: a0 b0 a1 b1. */
  #mixed(tile: Tile, row: number, part: number, block: Block): Code {
    const upper = part >= 2 ? 2 : 0;
    const key = `${row} ${upper}`;
    let mixed = tile.mixed.get(key);
    if (mixed === undefined) {
      const picks = [upper, 4 + upper, upper + 1, 5 + upper];
      mixed = this.rows.kept(shuffle(tile.rows[row]!, tile.rows[row + 1]!, 4, picks), block);
      tile.mixed.set(key, mixed);
    }
    return mixed;
  }

  #tile(key: string, block: Block): Tile | undefined {
    for (let open: Block | undefined = block; open !== undefined; open = open.parent) {
      const tile = this.#tiles.get(open)?.get(key);
      if (tile !== undefined) return tile;
    }
    return undefined;
  }

  /** A store comes: what was read of this place will not do. */
  stale(column: Column, fixed: number, block: Block): void {
    const key = `${column.id} ${fixed - fixed % (16 / SIZES[this.rows.place(column).format])}`;
    for (let open: Block | undefined = block; open !== undefined; open = open.parent) {
      this.#tiles.get(open)?.get(key)?.stale.add(fixed);
    }
  }

  /** Forgets what was read of a column. */
  drop(column: Column, block: Block): void {
    for (let open: Block | undefined = block; open !== undefined; open = open.parent) {
      const tiles = this.#tiles.get(open);
      for (const key of tiles?.keys() ?? []) if (key.startsWith(`${column.id} `)) tiles!.delete(key);
    }
  }
}
