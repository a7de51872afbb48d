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

/** Lists of what all members find are kept while they are at most this long in the mean. */
const LONGEST = 64;

/** A search of a range may use lists of a range this many times as long. */
const LENDS = 4;

/** Found members up to this many are sorted by insertion. */
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
  /** First and last places of the runs of members in nine cells. */
  readonly #runs = new Int32Array(12);
  /** What each member finds, by index; made when first asked for. */
  readonly #listBegins: Int32Array;
  #list = new Int32Array(0);
  /** The same, out of order, by the finder's place. */
  readonly #rawBegins: Int32Array;
  readonly #placeOf: Int32Array;
  #raw = new Int32Array(0);
  #unsorted = true;
  #version = -1;
  #env = -1;
  /** Whether every member has an exact cell. */
  #sound = true;
  #lists: "unknown" | "made" | "too long" = "unknown";
  /** A grid of the same members whose lists serve as well: this one, or one of a somewhat longer range. */
  #lender: Grid | undefined;

  /** @param kin grids of the same members */
  constructor(readonly places: Places, readonly radius: number, readonly kin: readonly Grid[] = []) {
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
    this.#listBegins = new Int32Array(count + 1);
    this.#rawBegins = new Int32Array(count + 1);
    this.#placeOf = new Int32Array(count);
  }

  /**
   * Writes to `into` the members after `after` that may be within the radius of (x, y), by index: all that are, and
   * few others. How many they are.
   *
   * @param version another one than at the last call: places may have changed
   * @param of the member that stands at (x, y), which may find itself; -1 for any other place
   */
  find(
    version: number,
    env: number,
    of: number,
    x: number,
    y: number,
    after: number,
    into: Int32Array,
  ): number {
    if (version !== this.#version || env !== this.#env) this.#begin(version, env);
    if (of >= 0 && this.#lender !== undefined) return this.#lender.#read(of, after, into);
    if (this.#unsorted) this.#sort();
    const column = Math.floor(x * this.#inverse);
    const row = Math.floor(y * this.#inverse);
    if (!this.#sound || !(Math.abs(column) < FAR && Math.abs(row) < FAR)) return this.#everyone(after, into);
    if (of >= 0 && this.#lists === "unknown") {
      this.#lists = this.#makeLists() ? "made" : "too long";
      if (this.#lists === "made") this.#lender = this;
    }
    if (of >= 0 && this.#lender !== undefined) return this.#lender.#read(of, after, into);
    const runs = this.#around(column, row);
    let found = 0;
    for (let run = 0; run < runs; run += 2) {
      const end = this.#runs[run + 1]!;
      for (let i = this.#runs[run]!; i < end; i++) {
        const dx = this.#x[i]! - x;
        const dy = this.#y[i]! - y;
        const member = this.#members[i]!;
        if (dx * dx + dy * dy <= this.#reach && member > after) into[found++] = member;
      }
    }
    sort(into, found);
    return found;
  }

  /** Notes the runs of members in the nine cells around one; twice how many runs. */
  #around(column: number, row: number): number {
    const mask = this.#mask;
    const begins = this.#begins;
    const left = column - 1 & mask;
    const right = column + 1 & mask;
    let runs = 0;
    for (let r = row - 1; r <= row + 1; r++) {
      const cells = (r & mask) << this.#bits;
      if (left < right) {
        this.#runs[runs++] = begins[cells + left]!;
        this.#runs[runs++] = begins[cells + right + 1]!;
      } else {
        this.#runs[runs++] = begins[cells]!;
        this.#runs[runs++] = begins[cells + right + 1]!;
        this.#runs[runs++] = begins[cells + left]!;
        this.#runs[runs++] = begins[cells + mask + 1]!;
      }
    }
    return runs;
  }

  #everyone(after: number, into: Int32Array): number {
    let found = 0;
    for (let i = after + 1; i < this.places.count; i++) into[found++] = i;
    return found;
  }

  #read(of: number, after: number, into: Int32Array): number {
    const end = this.#listBegins[of + 1]!;
    let i = this.#listBegins[of]!;
    while (i < end && this.#list[i]! <= after) i++;
    let found = 0;
    while (i < end) into[found++] = this.#list[i++]!;
    return found;
  }

  /** Forgets what was, and looks for a lender. */
  #begin(version: number, env: number): void {
    this.#version = version;
    this.#env = env;
    this.#unsorted = true;
    this.#lists = "unknown";
    this.#lender = this.kin.find((grid) => {
      const serves = grid.radius >= this.radius && grid.radius <= LENDS * this.radius;
      return serves && grid.#lists === "made" && grid.#version === version && grid.#env === env;
    });
  }

  /** Counting sort by cell, stable in the index. */
  #sort(): void {
    this.#unsorted = false;
    const { data, width, start, count } = this.places;
    const begins = this.#begins.fill(0);
    const mask = this.#mask;
    const base = this.#env * width + start;
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

  /**
   * Lists whom every member finds; false where the lists would be too long. Cell by cell, which keeps memory close;
   * then every member enters the lists of those it found, last member first, which puts all lists in order: who finds
   * is found.
   */
  #makeLists(): boolean {
    const { count } = this.places;
    const limit = LONGEST * count;
    if (this.#raw.length === 0) {
      this.#raw = new Int32Array(limit + count);
      this.#list = new Int32Array(limit + count);
    }
    const ends = this.#listBegins;
    let total = 0;
    let end = 0;
    for (let first = 0; first < count; first = end) {
      const cell = this.#cellOf[this.#members[first]!]!;
      end = this.#begins[cell + 1]!;
      const runs = this.#around(cell & this.#mask, cell >>> this.#bits);
      for (let i = first; i < end; i++) {
        this.#rawBegins[i] = total;
        total = this.#collect(i, runs, total);
        ends[this.#members[i]!] = total - this.#rawBegins[i]!;
        if (total > limit) return false;
      }
    }
    this.#rawBegins[count] = total;
    end = 0;
    for (let i = 0; i < count; i++) ends[i] = end += ends[i]!;
    ends[count] = total;
    this.#transpose();
    return true;
  }

  /** Writes from `total` on whom the member at place i finds, itself included; the new total. */
  #collect(i: number, runs: number, total: number): number {
    const [xs, ys, members, raw, reach] = [this.#x, this.#y, this.#members, this.#raw, this.#reach];
    const x = xs[i]!;
    const y = ys[i]!;
    for (let run = 0; run < runs; run += 2) {
      const end = this.#runs[run + 1]!;
      for (let j = this.#runs[run]!; j < end; j++) {
        const dx = xs[j]! - x;
        const dy = ys[j]! - y;
        raw[total] = members[j]!;
        total += +(dx * dx + dy * dy <= reach); // no branch: it could not be predicted
      }
    }
    return total;
  }

  #transpose(): void {
    const { count } = this.places;
    const [begins, list, raw] = [this.#listBegins, this.#list, this.#raw];
    for (let i = 0; i < count; i++) this.#placeOf[this.#members[i]!] = i;
    for (let member = count - 1; member >= 0; member--) {
      const place = this.#placeOf[member]!;
      const end = this.#rawBegins[place + 1]!;
      for (let k = this.#rawBegins[place]!; k < end; k++) list[--begins[raw[k]!]!] = member;
    }
  }
}

/** A world's grids. */
export class Grids {
  readonly #kin = new Map<string, Grid[]>();

  constructor(readonly cells: Readonly<Record<string, Cells>>) {}

  /** The grid for searches of one range, made if there is none. */
  get({ column, start, radius }: Pick<Near, "column" | "start" | "radius">, count: number): Grid {
    const members = `${column.id} ${start} ${count}`;
    let kin = this.#kin.get(members);
    if (kin === undefined) this.#kin.set(members, kin = []);
    const known = kin.find((grid) => grid.radius === radius);
    if (known !== undefined) return known;
    const data = this.cells[column.id] as Float64Array;
    const made = new Grid({ data, width: column.width, start, count }, radius, kin);
    kin.push(made);
    return made;
  }
}

/** Sorts the first `length` numbers. */
function sort(into: Int32Array, length: number): void {
  if (length > SHORT) return void into.subarray(0, length).sort();
  for (let i = 1; i < length; i++) {
    const moved = into[i]!;
    let place = i;
    while (place > 0 && into[place - 1]! > moved) into[place] = into[--place]!;
    into[place] = moved;
  }
}
