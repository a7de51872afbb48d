/**
 * Loads and stores of columns by kernels of any number of lanes.
 *
 * A column's rows lie one after another, so a vector kernel turns rows into lanes (`tiles.ts`) and back (`runs.ts`).
 * Columns that loops visit are turned once, into a copy in which lanes lie side by side ("staged").
 *
 * @module
 */
import type { Block } from "../graph.ts";
import type { Column } from "../layout.ts";
import type { Code, Growing } from "./encode.ts";
import { at, code, i32Const, laneAt } from "./instructions.ts";
import { append } from "./module.ts";
import { f32, f64, f64x2, i32, i32x4, v128 } from "./opcodes.ts";
import { type Address, type Rows, SIZES } from "./rows.ts";
import { Runs } from "./runs.ts";
import { Tiles } from "./tiles.ts";

export class Access {
  readonly #tiles: Tiles;
  readonly #runs: Runs;

  constructor(readonly rows: Rows) {
    this.#tiles = new Tiles(rows);
    this.#runs = new Runs(rows);
  }

  /** Floats or, of columns of whole numbers, whole numbers. */
  load(column: Column, address: Address, block: Block): Code {
    this.#runs.settle(column, address);
    const { lanes } = this.rows.frame;
    const { format } = this.rows.place(column);
    if (format === "i32" && lanes.count > 1 && column.width > 1 && address.base === undefined) {
      return this.#tiles.load(column, address, block);
    }
    if (format === "i32" || format === "u8") {
      return this.rows.frame.keep(this.#loadInts(column, address), lanes.ints, this.rows.buffer(block));
    }
    if (lanes.count === 1) return this.rows.kept(this.#loadOne(column, address), block);
    if (this.rows.place(column).staged !== undefined) {
      return this.rows.kept(
        code(this.rows.pointer(column, address), at(v128.load, this.rows.offset(column, address))),
        block,
      );
    }
    if (SIZES[format] !== lanes.size) {
      return this.rows.kept(code(this.#narrow(column, address), f64x2.promote), block);
    }
    if (column.width === 1) {
      return this.rows.kept(
        code(this.rows.pointer(column, address), at(v128.load, this.rows.offset(column, address))),
        block,
      );
    }
    if (address.base !== undefined) return this.rows.kept(this.#laneByLane(column, address), block);
    return this.#tiles.load(column, address, block);
  }

  /** Each lane's own place. */
  gather(column: Column, places: Code, block: Block): Code {
    this.#runs.flush(column);
    const { lanes } = this.rows.frame;
    const { format } = this.rows.place(column);
    let result = lanes.number(0);
    for (let lane = 0; lane < lanes.count; lane++) {
      const pointer = this.rows.lanePointer(column, places, lane);
      const offset = this.rows.laneOffset(column, lane);
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
    return this.rows.kept(result, block);
  }

  /** Stores a float, or a whole number into a column of them. `value` is kept: it is read once or more. */
  store(column: Column, address: Address, value: Code, block: Block): void {
    const { lanes } = this.rows.frame;
    const { format, staged } = this.rows.place(column);
    this.#runs.part(column, address);
    if (address.base === undefined) this.#tiles.stale(column, address.fixed, block);
    else this.#tiles.drop(column, block);
    if (format === "i32" || format === "u8") this.#storeInts(column, address, value, block);
    else if (lanes.count === 1) {
      const op = format === "f64" ? f64.store : f32.store;
      this.rows.write(
        block,
        this.rows.pointer(column, address),
        value,
        at(op, this.rows.offset(column, address)),
      );
    } else if (staged !== undefined || column.width === 1) {
      this.rows.write(
        block,
        this.rows.pointer(column, address),
        value,
        at(v128.store, this.rows.offset(column, address)),
      );
    } else this.#runs.add(column, address, value, block);
  }

  /** Stores to each lane's own place. */
  scatter(column: Column, places: Code, value: Code, block: Block): void {
    this.#runs.flush(column);
    this.#tiles.drop(column, block);
    const { lanes } = this.rows.frame;
    const { format } = this.rows.place(column);
    const whole = format === "i32" || format === "u8";
    const op = { f64: f64.store, f32: f32.store, i32: i32.store, u8: i32.store8 }[format];
    for (let lane = 0; lane < lanes.count; lane++) {
      const number = whole ? lanes.intOf(value, lane) : lanes.floatOf(value, lane);
      const offset = this.rows.laneOffset(column, lane);
      this.rows.write(block, this.rows.lanePointer(column, places, lane), number, at(op, offset));
    }
  }

  /** Writes what waits: before a loop or a branch, and at the end of a block. */
  flush(): void {
    this.#runs.flushAll();
  }

  /** A loop or branch that writes columns comes: what was read of them will not do. */
  invalidate(columns: Iterable<Column>, block: Block): void {
    for (const column of columns) this.#tiles.drop(column, block);
  }

  #loadOne(column: Column, address: Address): Code {
    const { format } = this.rows.place(column);
    const { size } = this.rows.frame.lanes;
    const load = at(format === "f64" ? f64.load : f32.load, this.rows.offset(column, address));
    return code(this.rows.pointer(column, address), load, format === "f32" && size === 8 ? f64.promote : []);
  }

  #loadInts(column: Column, address: Address): Code {
    const { count } = this.rows.frame.lanes;
    const { format } = this.rows.place(column);
    const pointer = this.rows.pointer(column, address);
    const offset = (lane: number) => this.rows.offset(column, address, lane);
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
    const pointer = this.rows.pointer(column, address);
    let result = code(pointer, at(v128.load32Zero, this.rows.offset(column, address)));
    for (let lane = 1; lane < this.rows.frame.lanes.count; lane++) {
      result = code(pointer, result, laneAt(v128.load32Lane, this.rows.offset(column, address, lane), lane));
    }
    return result;
  }

  #laneByLane(column: Column, address: Address): Code {
    const { count, size } = this.rows.frame.lanes;
    if (size === 4) return this.#narrow(column, address);
    const pointer = this.rows.pointer(column, address);
    let result = code(pointer, at(v128.load64Zero, this.rows.offset(column, address)));
    for (let lane = 1; lane < count; lane++) {
      result = code(pointer, result, laneAt(v128.load64Lane, this.rows.offset(column, address, lane), lane));
    }
    return result;
  }

  #storeInts(column: Column, address: Address, value: Code, block: Block): void {
    const { count } = this.rows.frame.lanes;
    const { format } = this.rows.place(column);
    const pointer = this.rows.pointer(column, address);
    const offset = (lane: number) => this.rows.offset(column, address, lane);
    const write = (instruction: Code) => this.rows.write(block, pointer, value, instruction);
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

  /** Copies rows into lanes, for all numbers of a staged column; or back. */
  stage(column: Column, direction: "in" | "out", into: Growing): void {
    const { offset, row, staged } = this.rows.place(column);
    const { count, size } = this.rows.frame.lanes;
    const rows = this.rows.frame.row(row);
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
