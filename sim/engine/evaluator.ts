/**
 * The machine that computes: plain numbers, one environment at a time. Slow and obvious; the oracle of the compiler, and
 * what runs where a page forbids `new Function`.
 *
 * @module
 */
import type { Near, Phase, Purpose, Range, Value } from "./graph.ts";
import { Grids } from "./grid.ts";
import type { Cells, Column } from "./layout.ts";
import type { Machine } from "./machine.ts";
import { type Op, RULES } from "./rules.ts";
import { ASIDE, counter, draw } from "./streams.ts";
import { concrete } from "./ranges.ts";

/** Numbers for the resets of each environment, in the order in which they are asked for. */
export interface ResetDraws {
  /** From [0, 1). */
  unit(env: number): number;
  /** A whole number from [0, n). */
  integer(env: number, n: number): number;
}

/** What the evaluator needs to know of its world. */
export interface Home {
  readonly cells: Readonly<Record<string, Cells>>;
  /** Draws per run of a phase. */
  readonly draws: Readonly<Record<Purpose, number>>;
  readonly maxCycles: number;
  /** Where resets take their numbers from, if not from the streams. */
  readonly resets?: ResetDraws;
  /** Observes environment `env` for the last time in its episode, and ends it. */
  finish(env: number): void;
  /** Ends the episode of environment `env`, which is observed, and begins the next. */
  end(env: number): void;
  /** Notes that some episode ended. */
  ended(): void;
}

/** A machine that computes in environment `env`. */
export class Evaluator implements Machine {
  readonly tracing = false;
  env = 0;
  #purpose: Purpose = "reset";
  #drawn = 0;
  readonly #grids: Grids;
  /** Grows whenever places may have changed. */
  #version = 0;

  constructor(readonly home: Home) {
    this.#grids = new Grids(home.cells);
  }

  enter(phase: Phase): void {
    if (phase !== "judge") this.#purpose = phase;
    this.#drawn = 0;
    this.#version++;
  }

  apply(op: Op, a: Value, b?: Value, c?: Value): Value {
    return RULES[op].apply(a as number, b as number, c as number);
  }

  table(values: readonly number[], index: Value): Value {
    return values[index as number]!;
  }

  load(column: Column, address: Value): Value {
    return this.home.cells[column.id]![this.env * column.width + (address as number)]!;
  }

  store(column: Column, address: Value, value: Value): void {
    if (column.id === "$pos") this.#version++;
    this.home.cells[column.id]![this.env * column.width + (address as number)] = value as number;
  }

  draw(): number {
    const purpose = this.#purpose;
    const { cells, draws, resets } = this.home;
    if (purpose === "reset" && resets !== undefined) return resets.unit(this.env);
    const key = cells["key"]!;
    const cycle = purpose === "reset" ? 0 : cells["cycle"]![this.env]!;
    const count = counter(purpose, cycle * draws[purpose] + this.#drawn++);
    return draw(key[2 * this.env]!, key[2 * this.env + 1]!, cells["episode"]![this.env]!, count);
  }

  aside(n: number): number {
    const { key, episode } = this.home.cells;
    const { env } = this;
    return draw(key![2 * env]!, key![2 * env + 1]!, episode![env]!, counter("reset", ASIDE + n));
  }

  integer(n: Value): number {
    const { resets } = this.home;
    if (this.#purpose === "reset" && resets !== undefined) return resets.integer(this.env, n as number);
    return Math.floor(this.draw() * (n as number));
  }

  loops(): boolean {
    return false;
  }

  each(range: Range): Iterable<Value> {
    return concrete(range);
  }

  fold(range: Range, init: readonly Value[], body: (index: Value, carried: Value[]) => Value[]): Value[] {
    let carried = [...init];
    const visited = range.near === undefined ? concrete(range) : this.#near(range, range.near);
    for (const index of visited) carried = body(index, carried);
    return carried;
  }

  /** The members of a range that are near. */
  #near({ count, after = -1, except }: Range, near: Near): Iterable<number> {
    const grid = this.#grids.get(near, count);
    const [of, x, y] = [near.of ?? -1, near.x, near.y] as [number, number, number];
    const into = new Int32Array(count);
    const found = grid.find(this.#version, this.env, of, x, y, after as number, into);
    return into.subarray(0, found).filter((index) => index !== except);
  }

  when(condition: Value, yes: () => Value[], no: () => Value[]): Value[] {
    return condition ? yes() : no();
  }

  hoist<T>(build: () => T): T {
    return build();
  }

  barrier(cycle: Value, ended: Value): boolean {
    if ((cycle as number) < this.home.maxCycles && !ended) return false;
    this.home.finish(this.env);
    return true;
  }
}
