/**
 * Where a world keeps its numbers: one buffer, cut into columns. A column is `[E, width]`, row-major; its width is
 * slots × stride: a slot for each owner, a stride of numbers per slot.
 *
 * @module
 */

/** State makes the hash, with what realism remembers; scratch lives within a step; engine columns carry episodes; outputs are what a step reports. */
export type Role = "state" | "realism" | "scratch" | "engine" | "input" | "output";

export type Format = "f64" | "f32" | "i32" | "u8";

export interface Column {
  readonly name: string;
  /** Its name in compiled code; state columns are marked, so that a scenario may name them as it likes. */
  readonly id: string;
  readonly format: Format;
  readonly role: Role;
  readonly stride: number;
  readonly width: number;
  /** First slot of each group, by the group's number; undefined for groups without one. */
  readonly slots: readonly (number | undefined)[];
}

export type Cells = Float64Array | Float32Array | Int32Array | Uint8Array;

const FORMATS = { f64: Float64Array, f32: Float32Array, i32: Int32Array, u8: Uint8Array } as const;

/** A column of doubles as one of floats. */
export function inFloats(column: Column): Column {
  return column.format === "f64" ? { ...column, format: "f32" } : column;
}

/** Odd-sized gaps between columns, so that equal rows of columns with power-of-two sizes do not share cache sets. */
const GAP = 192;

/** Bytes at the start of the buffer that say whose it is. */
export const HEADER = 16;

/** The memory of a world: one buffer, of which the first `size` bytes are what a later step depends on. */
export interface Memory {
  readonly buffer: ArrayBufferLike;
  readonly size: number;
  readonly cells: Readonly<Record<string, Cells>>;
}

/** Where the columns of E environments lie in a buffer, by id; scratch, which no later step depends on, lies nowhere. */
export function arrange(
  columns: readonly Column[],
  E: number,
): { readonly size: number; readonly offsets: Readonly<Record<string, number>> } {
  let size = HEADER;
  const offsets: Record<string, number> = {};
  for (const { id, format, role, width } of columns) {
    if (role === "scratch") continue;
    offsets[id] = size;
    size = (size + E * width * FORMATS[format].BYTES_PER_ELEMENT + 7 & ~7) + GAP;
  }
  return { size, offsets };
}

/** The columns of E environments as arrays on a buffer in which they lie at these offsets. */
export function view(
  columns: readonly Column[],
  E: number,
  offsets: Readonly<Record<string, number>>,
  buffer: ArrayBufferLike,
): Record<string, Cells> {
  return Object.fromEntries(
    columns.filter(({ id }) => id in offsets).map(({ id, format, width }) => {
      return [id, new FORMATS[format](buffer as ArrayBuffer, offsets[id], E * width)]; // or a shared one
    }),
  );
}

/** One buffer for all columns of E environments; scratch has its own. */
export function allocate(columns: readonly Column[], E: number): Memory {
  const { size, offsets } = arrange(columns, E);
  const buffer = new ArrayBuffer(size);
  return { buffer, size, cells: { ...view(columns, E, offsets, buffer), ...scratch(columns, E) } };
}

/** The columns that no later step depends on, each with a buffer of its own. */
export function scratch(columns: readonly Column[], E: number): Record<string, Cells> {
  return Object.fromEntries(
    columns.filter(({ role }) => role === "scratch").map(({ id, format, width }) => {
      return [id, new FORMATS[format](E * width)];
    }),
  );
}
