/**
 * Stores of a vector kernel that turn lanes into rows: neighbouring numbers wait for one another, are shuffled, and
 * written two or four at once.
 *
 * @module
 */
import type { Block } from "../graph.ts";
import type { Column } from "../layout.ts";
import type { Code } from "./encode.ts";
import { at, laneAt, shuffle } from "./instructions.ts";
import { v128 } from "./opcodes.ts";
import type { Address, Rows } from "./rows.ts";

/** Neighbouring numbers that wait to be stored together. */
interface Run {
  readonly name: string;
  readonly base: Code | undefined;
  readonly first: number;
  readonly values: Code[];
}

/** What waits to be stored, by column. */
export class Runs {
  readonly #runs = new Map<Column, Run>();
  #running: Block | undefined;

  constructor(readonly rows: Rows) {}

  /** Before a load: writes what waits, if it may be what is read. */
  settle(column: Column, { name, fixed }: Address): void {
    const run = this.#runs.get(column);
    if (run === undefined) return;
    if (run.name !== name || fixed >= run.first && fixed < run.first + run.values.length) this.flush(column);
  }

  /** Before a store: writes what waits, if this does not go on with it. */
  part(column: Column, { name, fixed }: Address): void {
    const run = this.#runs.get(column);
    if (run !== undefined && (run.name !== name || run.first + run.values.length !== fixed)) {
      this.flush(column);
    }
  }

  /** Writes all that waits. */
  flushAll(): void {
    for (const column of [...this.#runs.keys()]) this.flush(column);
  }

  /** Stores a number, together with its neighbours where they follow. */
  add(column: Column, { name, base, fixed }: Address, value: Code, block: Block): void {
    this.#running = block;
    let run = this.#runs.get(column);
    if (run === undefined) this.#runs.set(column, run = { name, base, first: fixed, values: [] });
    run.values.push(value);
    const whole = run.first === 0 && this.#dense(column) ? column.width : this.rows.frame.lanes.count;
    if (run.values.length === whole) this.flush(column);
  }

  /** Writes what waits of a column. */
  flush(column: Column): void {
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
    for (; done + 4 <= values.length && this.rows.frame.lanes.count === 4; done += 4) {
      this.#storeFour(column, address(first + done), values.slice(done, done + 4), block);
    }
    for (; done + 2 <= values.length; done += 2) {
      this.#storeTwo(column, address(first + done), values.slice(done, done + 2), block);
    }
    if (done < values.length) this.#storeSingle(column, address(first + done), values[done]!, block);
  }

  /** Whether rows are so short that they are best written across: as many vectors as a row has numbers. */
  #dense({ width }: Column): boolean {
    return this.rows.frame.lanes.size === 8 ? width % 2 === 1 && width < 8 : width <= 3;
  }

  /** Whole rows, one after another. */
  #storeDense(column: Column, address: Address, values: readonly Code[], block: Block): void {
    const { count, size } = this.rows.frame.lanes;
    const { width } = column;
    const pick = (i: number) => ({ value: values[i % width]!, lane: Math.floor(i / width) });
    const two = (i: number): Code => {
      const [a, b] = [pick(i), pick(i + 1)];
      if (size === 8) return shuffle(a.value, b.value, 8, [a.lane, 2 + b.lane]);
      return shuffle(a.value, b.value, 4, [a.lane, a.lane, 4 + b.lane, 4 + b.lane]);
    };
    for (let i = 0; i < count * width; i += count) {
      const vector = size === 8 ? two(i) : shuffle(two(i), two(i + 2), 4, [0, 2, 4, 6]);
      this.rows.write(
        block,
        this.rows.pointer(column, address),
        vector,
        at(v128.store, this.rows.offset(column, address) + i * size),
      );
    }
  }

  #storeSingle(column: Column, address: Address, value: Code, block: Block): void {
    const { count, size } = this.rows.frame.lanes;
    const op = size === 8 ? v128.store64Lane : v128.store32Lane;
    for (let lane = 0; lane < count; lane++) {
      this.rows.write(
        block,
        this.rows.pointer(column, address),
        value,
        laneAt(op, this.rows.offset(column, address, lane), lane),
      );
    }
  }

  #storeTwo(column: Column, address: Address, values: readonly Code[], block: Block): void {
    const [a, b] = values as [Code, Code];
    const pointer = this.rows.pointer(column, address);
    const offset = (lane: number) => this.rows.offset(column, address, lane);
    if (this.rows.frame.lanes.size === 8) {
      this.rows.write(block, pointer, shuffle(a, b, 8, [0, 2]), at(v128.store, offset(0)));
      this.rows.write(block, pointer, shuffle(a, b, 8, [1, 3]), at(v128.store, offset(1)));
      return;
    }
    for (const half of [0, 2]) {
      const both = this.rows.kept(shuffle(a, b, 4, [half, 4 + half, half + 1, 5 + half]), block);
      for (const lane of [0, 1]) {
        this.rows.write(block, pointer, both, laneAt(v128.store64Lane, offset(half + lane), lane));
      }
    }
  }

  #storeFour(column: Column, address: Address, values: readonly Code[], block: Block): void {
    const [a, b, c, d] = values as [Code, Code, Code, Code];
    const pointer = this.rows.pointer(column, address);
    for (const half of [0, 2]) {
      const picks = [half, 4 + half, half + 1, 5 + half];
      const first = this.rows.kept(shuffle(a, b, 4, picks), block);
      const second = this.rows.kept(shuffle(c, d, 4, picks), block);
      for (const lane of [0, 1]) {
        const row = shuffle(first, second, 8, [lane, 2 + lane]);
        this.rows.write(block, pointer, row, at(v128.store, this.rows.offset(column, address, half + lane)));
      }
    }
  }
}
