/**
 * A picture as text: a grid of characters over the camera's view.
 *
 * @module
 */
import type { Frame, Shape } from "../types.ts";

/** Characters per line; lines follow from the camera, a character being twice as high as wide. */
const COLUMNS = 48;

/**
 * Agents as 0 to 9, then a to z; zones as `.`, lines as `-`, cells as `#`, other discs as `o`, rings as `*`, texts as
 * they are.
 */
export function ansi({ camera, shapes, caption }: Frame, columns = COLUMNS): string {
  const [xmin, xmax, ymin, ymax] = camera;
  const width = (xmax - xmin) / columns;
  const rows = Math.max(1, Math.round((ymax - ymin) / width / 2));
  const height = (ymax - ymin) / rows;
  const grid = Array.from({ length: rows }, () => new Array<string>(columns).fill(" "));
  const put = (x: number, y: number, mark: string) => {
    const row = grid[Math.floor((ymax - y) / height)];
    const column = Math.floor((x - xmin) / width);
    if (row?.[column] !== undefined) row[column] = mark;
  };
  const centre = (row: number, column: number): [number, number] => {
    return [xmin + (column + 0.5) * width, ymax - (row + 0.5) * height];
  };
  for (const shape of shapes) {
    if (shape.kind === "text") {
      const letters = [...shape.label ?? ""];
      letters.forEach((letter, i) => put(shape.x + (i - (letters.length - 1) / 2) * width, shape.y, letter));
      continue;
    }
    const mark = markOf(shape);
    for (const [x, y] of pointsOf(shape, width)) put(x, y, mark);
    if (shape.kind !== "zone" && shape.kind !== "cell") continue;
    grid.forEach((line, row) => {
      line.forEach((_, column) => {
        if (covers(shape, ...centre(row, column))) line[column] = mark;
      });
    });
  }
  const edge = `+${"-".repeat(columns)}+`;
  const lines = [edge, ...grid.map((row) => `|${row.join("")}|`), edge];
  return (caption === "" ? lines : [...lines, caption]).join("\n");
}

function markOf({ kind, agent }: Shape): string {
  if (agent !== undefined) return (agent % 36).toString(36);
  return { disc: "o", zone: ".", ring: "*", line: "-", cell: "#", text: "" }[kind];
}

/** The middle of a shape; of a line, points all along it, `step` apart. */
function pointsOf({ kind, x, y, x2 = x, y2 = y }: Shape, step: number): [number, number][] {
  if (kind !== "line") return [[x, y]];
  const count = Math.max(1, Math.ceil(Math.sqrt((x2 - x) * (x2 - x) + (y2 - y) * (y2 - y)) / step));
  return Array.from({ length: count + 1 }, (_, i) => [x + (x2 - x) * i / count, y + (y2 - y) * i / count]);
}

function covers({ kind, x, y, r }: Shape, px: number, py: number): boolean {
  const [dx, dy] = [Math.abs(px - x), Math.abs(py - y)];
  return kind === "cell" ? Math.max(dx, dy) < r : dx * dx + dy * dy <= r * r;
}
