/**
 * Loads and stores of columns by kernels of any number of lanes.
 *
 * A column's rows lie one after another, so a vector kernel turns rows into lanes: it reads two or four numbers of each
 * row at once and shuffles them, and writes them back the same way. Columns that loops visit are turned once, into a
 * copy in which lanes lie side by side ("staged").
 *
 * @module
 */
import type { Block } from "../graph.ts";
import type { Column } from "../layout.ts";
import type { Code, Growing } from "./encode.ts";
import type { Frame } from "./frame.ts";
import { at, code, i32Const, laneAt, scaled, shuffle } from "./instructions.ts";
import { append } from "./module.ts";
import { f32, f64, f64x2, i32, i32x4, v128 } from "./opcodes.ts";

/** Where a column lies in memory. */
export interface Place {
  readonly offset: number;
  readonly format: "f64" | "f32" | "i32" | "u8";
  /** Bytes of an environment's row. */
  readonly row: number;
  /** Where its copy lies, lanes side by side, if kernels use one. */
  readonly staged?: number;
}

/** A place in a row: a number known now, and one computed. */
export interface Address {
  /** Equal for equal computed parts. */
  readonly name: string;
  readonly base: Code | undefined;
  readonly fixed: number;
}

export const SIZES = { f64: 8, f32: 4, i32: 4, u8: 1 } as const;

/** Parts of rows, and the lanes made of them. */
interface Tile {
  readonly rows: readonly Code[];
  /** Two-row mixtures, of four rows. */
  readonly mixed: Map<string, Code>;
  readonly lanes: Map<number, Code>;
  readonly stale: Set<number>;
}

/** Neighbouring numbers that wait to be stored together. */
interface Run {
  readonly name: string;
  readonly base: Code | undefined;
  readonly first: number;
  readonly values: Code[];
}

export class Access {
  readonly #tiles = new Map<Block, Map<string, Tile>>();
  readonly #runs = new Map<Column, Run>();
  #running: Block | undefined;

  /** @param buffer the code of an open block */
  constructor(
    readonly frame: Frame,
    readonly places: ReadonlyMap<string, Place>,
    readonly buffer: (block: Block) => Growing,
  ) {}

  place(column: Column): Place {
    return this.places.get(column.id)!;
  }

  /** Floats or, of columns of whole numbers, whole numbers. */
  load(column: Column, address: Address, block: Block): Code {
    this.#settle(column, address);
    const { lanes } = this.frame;
    const { format } = this.place(column);
    if (format === "i32" && lanes.count > 1 && column.width > 1 && address.base === undefined) {
      return this.#fromTile(column, address, block);
    }
    if (format === "i32" || format === "u8") {
      return this.frame.keep(this.#loadInts(column, address), lanes.ints, this.buffer(block));
    }
    if (lanes.count === 1) return this.#kept(this.#loadOne(column, address), block);
    if (this.place(column).staged !== undefined) {
      return this.#kept(
        code(this.#pointer(column, address), at(v128.load, this.#offset(column, address))),
        block,
      );
    }
    if (SIZES[format] !== lanes.size) {
      return this.#kept(code(this.#narrow(column, address), f64x2.promote), block);
    }
    if (column.width === 1) {
      return this.#kept(
        code(this.#pointer(column, address), at(v128.load, this.#offset(column, address))),
        block,
      );
    }
    if (address.base !== undefined) return this.#kept(this.#laneByLane(column, address), block);
    return this.#fromTile(column, address, block);
  }

  /** Each lane's own place. */
  gather(column: Column, places: Code, block: Block): Code {
    this.#flush(column);
    const { lanes } = this.frame;
    const { format } = this.place(column);
    let result = lanes.number(0);
    for (let lane = 0; lane < lanes.count; lane++) {
      const pointer = this.#lanePointer(column, places, lane);
      const offset = this.#laneOffset(column, lane);
      const value = format === "f64"
        ? code(pointer, at(f64.load, offset))
        : format === "f32"
        ? code(pointer, at(f32.load, offset), lanes.size === 8 ? f64.promote : [])
        : code(
          pointer,
          at(format === "i32" ? i32.load : i32.load8u, offset),
          lanes.size === 8 ? f64.fromI32 : f32.fromI32,
        );
      result = lanes.withFloat(result, lane, value);
    }
    return this.#kept(result, block);
  }

  /** Stores a float, or a whole number into a column of them. `value` is kept: it is read once or more. */
  store(column: Column, address: Address, value: Code, block: Block): void {
    const { lanes } = this.frame;
    const { format, staged } = this.place(column);
    this.#forget(column, address, block);
    if (format === "i32" || format === "u8") this.#storeInts(column, address, value, block);
    else if (lanes.count === 1) {
      const op = format === "f64" ? f64.store : f32.store;
      this.#write(block, this.#pointer(column, address), value, at(op, this.#offset(column, address)));
    } else if (staged !== undefined || column.width === 1) {
      this.#write(
        block,
        this.#pointer(column, address),
        value,
        at(v128.store, this.#offset(column, address)),
      );
    } else this.#await(column, address, value, block);
  }

  /** Stores to each lane's own place. */
  scatter(column: Column, places: Code, value: Code, block: Block): void {
    this.#flush(column);
    this.#drop(column, block);
    const { lanes } = this.frame;
    const { format } = this.place(column);
    const whole = format === "i32" || format === "u8";
    const op = { f64: f64.store, f32: f32.store, i32: i32.store, u8: i32.store8 }[format];
    for (let lane = 0; lane < lanes.count; lane++) {
      const number = whole ? lanes.intOf(value, lane) : lanes.floatOf(value, lane);
      const offset = this.#laneOffset(column, lane);
      this.#write(block, this.#lanePointer(column, places, lane), number, at(op, offset));
    }
  }

  /** Writes what waits: before a loop or a branch, and at the end of a block. */
  flush(): void {
    for (const column of [...this.#runs.keys()]) this.#flush(column);
  }

  /** A loop or branch that writes columns comes: what was read of them will not do. */
  invalidate(columns: Iterable<Column>, block: Block): void {
    for (const column of columns) this.#drop(column, block);
  }

  #kept(value: Code, block: Block): Code {
    return this.frame.float(value, this.buffer(block));
  }

  #write(block: Block, pointer: Code, value: Code, instruction: Code): void {
    append(this.buffer(block), code(pointer, value, instruction));
  }

  /** The computed part of an address, in bytes from the beginning of the memory. */
  #pointer(column: Column, { base }: Address): Code {
    const { staged, format, row } = this.place(column);
    const { count, size } = this.frame.lanes;
    if (staged !== undefined) return base === undefined ? i32Const(0) : scaled(base, count * size);
    const start = this.frame.row(row);
    return base === undefined ? start : code(start, scaled(base, SIZES[format]), i32.add);
  }

  /** The rest of it. */
  #offset(column: Column, { fixed }: Address, lane = 0): number {
    const { offset, staged, format, row } = this.place(column);
    const { count, size } = this.frame.lanes;
    if (staged !== undefined) return staged + (fixed * count + lane) * size;
    return offset + fixed * SIZES[format] + lane * row;
  }

  #lanePointer(column: Column, places: Code, lane: number): Code {
    return this.#pointer(column, { name: "", fixed: 0, base: this.frame.lanes.intOf(places, lane) });
  }

  #laneOffset(column: Column, lane: number): number {
    return this.#offset(column, { name: "", base: undefined, fixed: 0 }, lane);
  }

  #loadOne(column: Column, address: Address): Code {
    const { format } = this.place(column);
    const { size } = this.frame.lanes;
    const load = at(format === "f64" ? f64.load : f32.load, this.#offset(column, address));
    return code(this.#pointer(column, address), load, format === "f32" && size === 8 ? f64.promote : []);
  }

  #loadInts(column: Column, address: Address): Code {
    const { count } = this.frame.lanes;
    const { format } = this.place(column);
    const pointer = this.#pointer(column, address);
    const offset = (lane: number) => this.#offset(column, address, lane);
    if (count === 1) return code(pointer, at(format === "i32" ? i32.load : i32.load8u, offset(0)));
    if (format === "i32" && column.width === 1) {
      return code(pointer, at(count === 2 ? v128.load64Zero : v128.load, offset(0)));
    }
    if (format === "i32") return this.#narrow(column, address);
    let result = code(pointer, at(i32.load8u, offset(0)), i32x4.splat);
    for (let lane = 1; lane < count; lane++) {
      result = code(result, pointer, at(i32.load8u, offset(lane)), i32x4.withLane, [lane]);
    }
    return result;
  }

  /** Numbers of 32 bits from each row. */
  #narrow(column: Column, address: Address): Code {
    const pointer = this.#pointer(column, address);
    let result = code(pointer, at(v128.load32Zero, this.#offset(column, address)));
    for (let lane = 1; lane < this.frame.lanes.count; lane++) {
      result = code(pointer, result, laneAt(v128.load32Lane, this.#offset(column, address, lane), lane));
    }
    return result;
  }

  #laneByLane(column: Column, address: Address): Code {
    const { count, size } = this.frame.lanes;
    if (size === 4) return this.#narrow(column, address);
    const pointer = this.#pointer(column, address);
    let result = code(pointer, at(v128.load64Zero, this.#offset(column, address)));
    for (let lane = 1; lane < count; lane++) {
      result = code(pointer, result, laneAt(v128.load64Lane, this.#offset(column, address, lane), lane));
    }
    return result;
  }

  #storeInts(column: Column, address: Address, value: Code, block: Block): void {
    const { count } = this.frame.lanes;
    const { format } = this.place(column);
    const pointer = this.#pointer(column, address);
    const offset = (lane: number) => this.#offset(column, address, lane);
    const write = (instruction: Code) => this.#write(block, pointer, value, instruction);
    if (count === 1) return write(at(format === "i32" ? i32.store : i32.store8, offset(0)));
    if (format === "i32" && column.width === 1) {
      return write(count === 2 ? laneAt(v128.store64Lane, offset(0), 0) : at(v128.store, offset(0)));
    }
    for (let lane = 0; lane < count; lane++) {
      write(
        format === "i32"
          ? laneAt(v128.store32Lane, offset(lane), lane)
          : laneAt(v128.store8Lane, offset(lane), 4 * lane),
      );
    }
  }

  /** One number of every row, from tiles of as many numbers as a vector holds. */
  #fromTile(column: Column, address: Address, block: Block): Code {
    const numbers = 16 / SIZES[this.place(column).format];
    const part = address.fixed % numbers;
    const first = address.fixed - part;
    const key = `${column.id} ${first}`;
    let tile = this.#tile(key, block);
    if (tile === undefined || tile.stale.has(address.fixed)) {
      const rows = Array.from({ length: this.frame.lanes.count }, (_, lane) => {
        const offset = this.#offset(column, { ...address, fixed: first }, lane);
        return this.#kept(code(this.#pointer(column, address), at(v128.load, offset)), block);
      });
      tile = { rows, mixed: new Map(), lanes: new Map(), stale: new Set() };
      let tiles = this.#tiles.get(block);
      if (tiles === undefined) this.#tiles.set(block, tiles = new Map());
      tiles.set(key, tile);
    }
    let lanes = tile.lanes.get(address.fixed);
    if (lanes === undefined) {
      lanes = this.#kept(this.#column(tile, numbers, part, block), block);
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
      mixed = this.#kept(shuffle(tile.rows[row]!, tile.rows[row + 1]!, 4, picks), block);
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

  /** A store comes: tiles no longer show what stands there. */
  #forget(column: Column, { name, base, fixed }: Address, block: Block): void {
    const run = this.#runs.get(column);
    if (run !== undefined && (run.name !== name || run.first + run.values.length !== fixed)) {
      this.#flush(column);
    }
    if (base !== undefined) return this.#drop(column, block);
    const key = `${column.id} ${fixed - fixed % (16 / SIZES[this.place(column).format])}`;
    for (let open: Block | undefined = block; open !== undefined; open = open.parent) {
      this.#tiles.get(open)?.get(key)?.stale.add(fixed);
    }
  }

  #drop(column: Column, block: Block): void {
    for (let open: Block | undefined = block; open !== undefined; open = open.parent) {
      const tiles = this.#tiles.get(open);
      for (const key of tiles?.keys() ?? []) if (key.startsWith(`${column.id} `)) tiles!.delete(key);
    }
  }

  /** Before a load: writes what waits, if it may be what is read. */
  #settle(column: Column, { name, fixed }: Address): void {
    const run = this.#runs.get(column);
    if (run === undefined) return;
    if (run.name !== name || fixed >= run.first && fixed < run.first + run.values.length) this.#flush(column);
  }

  #await(column: Column, { name, base, fixed }: Address, value: Code, block: Block): void {
    this.#running = block;
    let run = this.#runs.get(column);
    if (run === undefined) this.#runs.set(column, run = { name, base, first: fixed, values: [] });
    run.values.push(value);
    const whole = run.first === 0 && this.#dense(column) ? column.width : this.frame.lanes.count;
    if (run.values.length === whole) this.#flush(column);
  }

  #flush(column: Column): void {
    const run = this.#runs.get(column);
    if (run === undefined) return;
    this.#runs.delete(column);
    const block = this.#running!;
    const { name, base, first, values } = run;
    const address = (fixed: number) => ({ name, base, fixed });
    let done = 0;
    if (first === 0 && values.length === column.width && this.#dense(column)) {
      return this.#storeDense(column, address(0), values, block);
    }
    for (; done + 4 <= values.length && this.frame.lanes.count === 4; done += 4) {
      this.#storeFour(column, address(first + done), values.slice(done, done + 4), block);
    }
    for (; done + 2 <= values.length; done += 2) {
      this.#storeTwo(column, address(first + done), values.slice(done, done + 2), block);
    }
    if (done < values.length) this.#storeSingle(column, address(first + done), values[done]!, block);
  }

  /** Whether rows are so short that they are best written across: as many vectors as a row has numbers. */
  #dense({ width }: Column): boolean {
    return this.frame.lanes.size === 8 ? width % 2 === 1 && width < 8 : width <= 3;
  }

  /** Whole rows, one after another. */
  #storeDense(column: Column, address: Address, values: readonly Code[], block: Block): void {
    const { count, size } = this.frame.lanes;
    const { width } = column;
    const pick = (i: number) => ({ value: values[i % width]!, lane: Math.floor(i / width) });
    const two = (i: number): Code => {
      const [a, b] = [pick(i), pick(i + 1)];
      if (size === 8) return shuffle(a.value, b.value, 8, [a.lane, 2 + b.lane]);
      return shuffle(a.value, b.value, 4, [a.lane, a.lane, 4 + b.lane, 4 + b.lane]);
    };
    for (let i = 0; i < count * width; i += count) {
      const vector = size === 8 ? two(i) : shuffle(two(i), two(i + 2), 4, [0, 2, 4, 6]);
      this.#write(
        block,
        this.#pointer(column, address),
        vector,
        at(v128.store, this.#offset(column, address) + i * size),
      );
    }
  }

  #storeSingle(column: Column, address: Address, value: Code, block: Block): void {
    const { count, size } = this.frame.lanes;
    const op = size === 8 ? v128.store64Lane : v128.store32Lane;
    for (let lane = 0; lane < count; lane++) {
      this.#write(
        block,
        this.#pointer(column, address),
        value,
        laneAt(op, this.#offset(column, address, lane), lane),
      );
    }
  }

  #storeTwo(column: Column, address: Address, values: readonly Code[], block: Block): void {
    const [a, b] = values as [Code, Code];
    const pointer = this.#pointer(column, address);
    const offset = (lane: number) => this.#offset(column, address, lane);
    if (this.frame.lanes.size === 8) {
      this.#write(block, pointer, shuffle(a, b, 8, [0, 2]), at(v128.store, offset(0)));
      this.#write(block, pointer, shuffle(a, b, 8, [1, 3]), at(v128.store, offset(1)));
      return;
    }
    for (const half of [0, 2]) {
      const both = this.#kept(shuffle(a, b, 4, [half, 4 + half, half + 1, 5 + half]), block);
      for (const lane of [0, 1]) {
        this.#write(block, pointer, both, laneAt(v128.store64Lane, offset(half + lane), lane));
      }
    }
  }

  #storeFour(column: Column, address: Address, values: readonly Code[], block: Block): void {
    const [a, b, c, d] = values as [Code, Code, Code, Code];
    const pointer = this.#pointer(column, address);
    for (const half of [0, 2]) {
      const picks = [half, 4 + half, half + 1, 5 + half];
      const first = this.#kept(shuffle(a, b, 4, picks), block);
      const second = this.#kept(shuffle(c, d, 4, picks), block);
      for (const lane of [0, 1]) {
        const row = shuffle(first, second, 8, [lane, 2 + lane]);
        this.#write(block, pointer, row, at(v128.store, this.#offset(column, address, half + lane)));
      }
    }
  }

  /** Copies rows into lanes, for all numbers of a staged column; or back. */
  stage(column: Column, direction: "in" | "out", into: Growing): void {
    const { offset, row, staged } = this.place(column);
    const { count, size } = this.frame.lanes;
    const rows = this.frame.row(row);
    for (let i = 0; i < column.width; i++) {
      for (let lane = 0; lane < count; lane++) {
        const there = offset + lane * row + i * size;
        const here = staged! + (i * count + lane) * size;
        const [load, store] = size === 8 ? [f64.load, f64.store] : [f32.load, f32.store];
        append(
          into,
          direction === "in"
            ? code(i32Const(0), rows, at(load, there), at(store, here))
            : code(rows, i32Const(0), at(load, here), at(store, there)),
        );
      }
    }
  }
}
