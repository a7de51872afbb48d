/**
 * Pictures for worlds without places: the cells of a grid, and stacks of cells as bars.
 *
 * @module
 */
import type { Shape } from "../types.ts";

/** A stack of `count` cells upwards from y = 0, in a frame that has room for `most`. */
export function stack(
  { x, count, most, color, label, agent }: {
    readonly x: number;
    readonly count: number;
    readonly most: number;
    readonly color: string;
    readonly label?: string;
    readonly agent?: number;
  },
): Shape[] {
  const frame = Array.from({ length: most }, (_, i): Shape => {
    return { kind: "cell", x, y: i + 0.5, r: 0.45, color: i < count ? color : "#adb5bd" };
  });
  const foot: Shape = { kind: "line", x: x - 0.45, y: 0, r: 0, x2: x + 0.45, y2: 0, color: "#868e96" };
  const mark: Shape = { kind: "disc", x, y: Math.max(count, 1) - 0.5, r: 0.25, color };
  return [
    foot,
    ...frame,
    agent === undefined ? mark : { ...mark, agent },
    ...label === undefined ? [] : [text({ x, y: -0.35 }, label)],
  ];
}

/** Words in the middle of a place, `2 r` high where that can be read. */
export function text(
  { x, y }: { readonly x: number; readonly y: number },
  label: string,
  r = 0.1,
): Shape & { readonly kind: "text" } {
  return { kind: "text", x, y, r, color: "#57625a", label };
}

/** The middle of a cell, row 0 on top and columns from the left, in a grid of that many rows. */
export function middle(cell: number, rows: number, columns: number): { x: number; y: number } {
  return { x: cell % columns + 0.5, y: rows - Math.floor(cell / columns) - 0.5 };
}

/** The cells of a grid. */
export function cells(rows: number, columns: number, color: (cell: number) => string): Shape[] {
  return Array.from({ length: rows * columns }, (_, cell) => {
    return { kind: "cell", ...middle(cell, rows, columns), r: 0.48, color: color(cell) };
  });
}
