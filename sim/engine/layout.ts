/**
 * Where a world keeps its numbers: one buffer, cut into columns. A column is `[E, width]`, row-major; its width is
 * slots × stride: a slot for each owner, a stride of numbers per slot.
 *
 * @module
 */

/** State makes the hash; scratch lives within a step; engine columns carry episodes; outputs are what a step reports. */
export type Role = "state" | "scratch" | "engine" | "input" | "output";

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

const FORMATS = {
  f64: Float64Array<ArrayBuffer>,
  f32: Float32Array<ArrayBuffer>,
  i32: Int32Array<ArrayBuffer>,
  u8: Uint8Array<ArrayBuffer>,
} as const;

/** Odd-sized gaps between columns, so that equal rows of columns with power-of-two sizes do not share cache sets. */
const GAP = 192;

/** Bytes at the start of the buffer that say whose it is. */
export const HEADER = 16;

/** One buffer for all columns of E environments; scratch, which no later step depends on, lies outside. */
export function allocate(
  columns: readonly Column[],
  E: number,
): { buffer: ArrayBuffer; cells: Record<string, Cells> } {
  let size = HEADER;
  const kept = columns.filter(({ role }) => role !== "scratch");
  const offsets = kept.map((column) => {
    const offset = size;
    const bytes = E * column.width * FORMATS[column.format].BYTES_PER_ELEMENT;
    size = (offset + bytes + 7 & ~7) + GAP;
    return offset;
  });
  const buffer = new ArrayBuffer(size);
  const cells: Record<string, Cells> = {};
  for (const { id, format, role, width } of columns) {
    if (role !== "scratch") continue;
    const { BYTES_PER_ELEMENT } = FORMATS[format];
    cells[id] = new FORMATS[format](new ArrayBuffer(E * width * BYTES_PER_ELEMENT));
  }
  kept.forEach(({ id, format, width }, i) => cells[id] = new FORMATS[format](buffer, offsets[i], E * width));
  return { buffer, cells };
}
