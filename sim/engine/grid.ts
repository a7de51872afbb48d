/**
 * Who is near: the members of a group, sorted into square cells as wide as the range that matters, so that a search
 * looks into nine cells however many members there are. It finds them in the order of their index, so that a loop over
 * them computes what a loop over everyone with a test would, to the bit.
 *
 * The cells of the plane wrap around a table of 2ⁿ by 2ⁿ; members whose cells fall together are told apart by their
 * distance. Where a place is too far out for exact cells, everyone is looked at.
 *
 * Source   cell lists: Allen and Tildesley 1987, "Computer Simulation of Liquids", section 5.3
 *
 * @module
 */
import type { Near } from "./graph.ts";
import type { Cells } from "./layout.ts";

/** Groups of at most this many members are searched one by one: that is faster. */
export const FEW = 48;

/** Cells this far from the origin are no longer exact. */
const FAR = 268435456;

/** Cells are wider than the range by this share, so that rounding never puts a neighbour two cells away. */
const SLACK = 1 + 1 / 1048576;

/** Found lists up to this length are sorted by insertion. */
const SHORT = 48;

/** Where a grid finds the members: their x and y stand at `start + 2 · index` of an environment's row. */
export interface Places {
  readonly data: Float64Array;
  readonly width: number;
  readonly start: number;
  readonly count: number;
}

export class Grid {
  readonly #inverse: number;
  readonly #reach: number;
  readonly #bits: number;
  readonly #mask: number;
  /** Where each cell's members begin; one more than there are cells. */
  readonly #begins: Int32Array;
  readonly #cellOf: Int32Array;
  /** Members by cell, then by index, and their places. */
  readonly #members: Int32Array;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  #version = -1;
  #env = -1;
  /** Whether every member has an exact cell. */
  #sound = true;

  constructor(readonly places: Places, radius: number) {
    const { count } = places;
    this.#inverse = 1 / (radius * SLACK);
    this.#reach = radius * radius * SLACK;
    this.#bits = Math.max(2, 16 - (Math.clz32(count - 1) >>> 1));
    this.#mask = (1 << this.#bits) - 1;
    this.#begins = new Int32Array((1 << 2 * this.#bits) + 1);
    this.#cellOf = new Int32Array(count);
    this.#members = new Int32Array(count);
    this.#x = new Float64Array(count);
    this.#y = new Float64Array(count);
  }

  /**
   * Writes to `into` the members after `after` that may be within the radius of (x, y), by index: all that are, and
   * few others. How many they are.
   *
   * @param version another one than at the last call: places may have changed
   */
  find(version: number, env: number, x: number, y: number, after: number, into: Int32Array): number {
    if (version !== this.#version || env !== this.#env) this.#sort(version, env);
    const column = Math.floor(x * this.#inverse);
    const row = Math.floor(y * this.#inverse);
    if (!this.#sound || !(Math.abs(column) < FAR && Math.abs(row) < FAR)) return this.#everyone(after, into);
    const mask = this.#mask;
    const left = column - 1 & mask;
    const right = column + 1 & mask;
    let found = 0;
    for (let r = row - 1; r <= row + 1; r++) {
      const cells = (r & mask) << this.#bits;
      if (left < right) found = this.#scan(cells + left, cells + right, x, y, after, into, found);
      else {
        found = this.#scan(cells, cells + right, x, y, after, into, found);
        found = this.#scan(cells + left, cells + mask, x, y, after, into, found);
      }
    }
    sort(into, found);
    return found;
  }

  /** Takes from the cells `first` to `last` who is near. */
  #scan(
    first: number,
    last: number,
    x: number,
    y: number,
    after: number,
    into: Int32Array,
    found: number,
  ): number {
    const end = this.#begins[last + 1]!;
    for (let i = this.#begins[first]!; i < end; i++) {
      const dx = this.#x[i]! - x;
      const dy = this.#y[i]! - y;
      const member = this.#members[i]!;
      if (dx * dx + dy * dy <= this.#reach && member > after) into[found++] = member;
    }
    return found;
  }

  #everyone(after: number, into: Int32Array): number {
    let found = 0;
    for (let i = after + 1; i < this.places.count; i++) into[found++] = i;
    return found;
  }

  /** Counting sort by cell, stable in the index. */
  #sort(version: number, env: number): void {
    this.#version = version;
    this.#env = env;
    const { data, width, start, count } = this.places;
    const begins = this.#begins.fill(0);
    const mask = this.#mask;
    const base = env * width + start;
    this.#sound = true;
    for (let i = 0; i < count; i++) {
      const column = Math.floor(data[base + 2 * i]! * this.#inverse);
      const row = Math.floor(data[base + 2 * i + 1]! * this.#inverse);
      if (!(Math.abs(column) < FAR && Math.abs(row) < FAR)) this.#sound = false;
      const cell = ((row & mask) << this.#bits) + (column & mask);
      this.#cellOf[i] = cell;
      begins[cell]!++;
    }
    let end = 0;
    for (let cell = 0; cell < begins.length; cell++) begins[cell] = end += begins[cell]!;
    for (let i = count - 1; i >= 0; i--) {
      const place = --begins[this.#cellOf[i]!]!;
      this.#members[place] = i;
      this.#x[place] = data[base + 2 * i]!;
      this.#y[place] = data[base + 2 * i + 1]!;
    }
  }
}

/** The grid for searches of one range; `known` keeps it for the next that asks. */
export function gridFor(
  { column, start, radius }: Omit<Near, "x" | "y">,
  count: number,
  cells: Readonly<Record<string, Cells>>,
  known: Map<string, Grid>,
): Grid {
  const name = `${column.id} ${start} ${count} ${radius}`;
  let grid = known.get(name);
  if (grid === undefined) {
    const data = cells[column.id] as Float64Array;
    known.set(name, grid = new Grid({ data, width: column.width, start, count }, radius));
  }
  return grid;
}

/** Sorts the first `length` numbers. */
function sort(into: Int32Array, length: number): void {
  if (length > SHORT) {
    into.subarray(0, length).sort();
    return;
  }
  for (let i = 1; i < length; i++) {
    const moved = into[i]!;
    let place = i;
    while (place > 0 && into[place - 1]! > moved) into[place] = into[--place]!;
    into[place] = moved;
  }
}
