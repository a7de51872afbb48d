/**
 * Where numbers of columns lie, and how code gets there: rows of environments, one after another, or a staged copy in
 * which lanes lie side by side.
 *
 * @module
 */
import type { Block } from "../graph.ts";
import type { Column } from "../layout.ts";
import type { Code, Growing } from "./encode.ts";
import type { Frame } from "./frame.ts";
import { code, i32Const, scaled } from "./instructions.ts";
import { append } from "./module.ts";
import { i32 } from "./opcodes.ts";

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

export class Rows {
  /** @param buffer the code of an open block */
  constructor(
    readonly frame: Frame,
    readonly places: ReadonlyMap<string, Place>,
    readonly buffer: (block: Block) => Growing,
  ) {}

  place(column: Column): Place {
    return this.places.get(column.id)!;
  }

  kept(value: Code, block: Block): Code {
    return this.frame.float(value, this.buffer(block));
  }

  write(block: Block, pointer: Code, value: Code, instruction: Code): void {
    append(this.buffer(block), code(pointer, value, instruction));
  }

  /** The computed part of an address, in bytes from the beginning of the memory. */
  pointer(column: Column, { base }: Address): Code {
    const { staged, format, row } = this.place(column);
    const { count, size } = this.frame.lanes;
    if (staged !== undefined) return base === undefined ? i32Const(0) : scaled(base, count * size);
    const start = this.frame.row(row);
    return base === undefined ? start : code(start, scaled(base, SIZES[format]), i32.add);
  }

  /** The rest of it. */
  offset(column: Column, { fixed }: Address, lane = 0): number {
    const { offset, staged, format, row } = this.place(column);
    const { count, size } = this.frame.lanes;
    if (staged !== undefined) return staged + (fixed * count + lane) * size;
    return offset + fixed * SIZES[format] + lane * row;
  }

  lanePointer(column: Column, places: Code, lane: number): Code {
    return this.pointer(column, { name: "", fixed: 0, base: this.frame.lanes.intOf(places, lane) });
  }

  laneOffset(column: Column, lane: number): number {
    return this.offset(column, { name: "", base: undefined, fixed: 0 }, lane);
  }
}
