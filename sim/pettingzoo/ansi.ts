/**
 * A picture as text: a grid of characters over the camera's view.
 *
 * @module
 */
import type { Frame, Shape } from "../types.ts";

/** Characters per line; lines follow from the camera, a character being twice as high as wide. */
const COLUMNS = 48;

/** Agents as 0 to 9, then a to z; zones as `.`, lines as `-`, cells as `#`, other discs as `o`, rings as `*`. */
export function ansi({ camera, shapes, caption }: Frame, columns = COLUMNS): string {
  const [xmin, xmax, ymin, ymax] = camera;
  const side = (xmax - xmin) / columns;
  const rows = Math.max(1, Math.round((ymax - ymin) / side / 2));
  const grid = Array.from({ length: rows }, () => new Array<string>(columns).fill(" "));
  const put = (x: number, y: number, mark: string) => {
    const column = Math.floor((x - xmin) / side);
    const row = Math.floor((ymax - y) / (ymax - ymin) * rows);
    if (grid[row]?.[column] !== undefined) grid[row][column] = mark;
  };
  for (const shape of shapes) {
    for (const [x, y] of places(shape, side)) put(x, y, markOf(shape));
  }
  const edge = `+${"-".repeat(columns)}+`;
  const lines = [edge, ...grid.map((row) => `|${row.join("")}|`), edge];
  return (caption === "" ? lines : [...lines, caption]).join("\n");
}

function markOf({ kind, agent }: Shape): string {
  if (agent !== undefined) return (agent % 36).toString(36);
  return { disc: "o", zone: ".", ring: "*", line: "-", cell: "#" }[kind];
}

/** The points at which a shape leaves its mark: all of a zone or cell, all along a line, the middle of the others. */
function* places({ kind, x, y, r, x2 = x, y2 = y }: Shape, side: number): Iterable<[number, number]> {
  if (kind === "line") {
    const length = Math.sqrt((x2 - x) * (x2 - x) + (y2 - y) * (y2 - y));
    const steps = Math.max(1, Math.ceil(length / side));
    for (let i = 0; i <= steps; i++) yield [x + (x2 - x) * i / steps, y + (y2 - y) * i / steps];
  } else if (kind === "zone" || kind === "cell") {
    const reach = Math.ceil(r / side);
    for (let i = -reach; i <= reach; i++) {
      for (let j = -reach; j <= reach; j++) {
        const [dx, dy] = [i * side, j * side];
        if (kind === "cell" ? Math.max(Math.abs(dx), Math.abs(dy)) < r : dx * dx + dy * dy <= r * r) {
          yield [x + dx, y + dy];
        }
      }
    }
  } else yield [x, y];
}
