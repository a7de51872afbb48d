/**
 * The floor of the warehouse, its scripted drivers and its pictures.
 *
 * @module
 */
import type { Shape, World } from "../types.ts";
import { cells, middle } from "./pictures.ts";
import type { Floor } from "./routes.ts";

/** What of the params makes the floor. */
export interface Size {
  readonly aisles: number;
  readonly depth: number;
  readonly chargers: number;
}

/** What of the params a driver must know. */
interface Fleet extends Size {
  readonly N: number;
  readonly battery: number;
}

export interface Warehouse extends Floor {
  /** Where orders are handed over. */
  readonly station: number;
  readonly chargers: readonly number[];
  /** The row of the lower cross aisle. */
  readonly bottom: number;
  /** The cell before the shelf of an order, by its number from 0 to aisles · depth − 1. */
  readonly shelfOf: (order: number) => number;
}

/**
 * Row 0 and row depth + 1 are cross aisles. Between them columns of shelves and aisles take turns, shelves first and
 * last, and the last column is a lane with the station at its lower end. Chargers lie below the lower cross aisle.
 */
export function warehouseOf({ aisles, depth, chargers }: Size): Warehouse {
  const [rows, columns, bottom] = [depth + 3, 2 * aisles + 2, depth + 1];
  const charging = Array.from({ length: chargers }, (_, i) => (bottom + 1) * columns + columns - 2 - 2 * i);
  return {
    rows,
    columns,
    bottom,
    station: depth * columns + columns - 1,
    chargers: charging,
    shelfOf: (order) => (1 + order % depth) * columns + 1 + 2 * Math.floor(order / depth),
    blocked: (cell) => {
      const [row, column] = [Math.floor(cell / columns), cell % columns];
      if (row > bottom) return !charging.includes(cell);
      return row > 0 && row < bottom && column < columns - 1 && column % 2 === 0;
    },
  };
}

/** Actions that a round takes at most: down the longest way and back, and handling twice. */
export function roundOf(size: Size): number {
  const { rows, columns } = warehouseOf(size);
  return 2 * (rows + columns);
}

const [STAY, NORTH, SOUTH, WEST, EAST, HANDLE] = [0, 1, 2, 3, 4, 5];

/**
 * One-way traffic: west along the lower cross aisle, north through the aisles, east along the upper one, south past the
 * station. Who leaves an aisle or a charger gives way to the row; nobody drives at another. Who has less than two rounds
 * left (or 70 % of a small battery) charges where a charger is free.
 */
export function driver(fleet: Fleet): (obs: Float32Array) => number {
  const { rows, columns, bottom, station, chargers } = warehouseOf(fleet);
  const low = Math.min(2 * roundOf(fleet), 0.7 * fleet.battery);
  return (obs) => {
    const [row, column] = [Math.round(obs[0]! * rows), Math.round(obs[1]! * columns)];
    const self = row * columns + column;
    const [battery, carries] = [obs[2]! * fleet.battery, obs[3] === 1];
    const goal = self + Math.round(obs[8]! * rows) * columns + Math.round(obs[9]! * columns);
    const others = Array.from({ length: fleet.N - 1 }, (_, i) => {
      const [down, right] = obs.subarray(10 + 4 * i, 12 + 4 * i);
      return self + Math.round(down! * rows) * columns + Math.round(right! * columns);
    });
    const free = (cell: number) => !others.includes(cell);
    const to = (move: number) => self + [0, -columns, columns, -1, 1][move]!;
    const drive = (move: number, priority = -1) => free(to(move)) && free(priority) ? move : STAY;
    if (battery < 1) return STAY;
    if (self === goal) return HANDLE;
    if (row > bottom) return battery < 0.95 * fleet.battery ? STAY : drive(NORTH, self - columns + 1);
    if (row === 0) return drive(column === columns - 1 ? SOUTH : EAST);
    if (row < bottom) {
      if (column === columns - 1) return drive(SOUTH);
      return row === 1 ? drive(NORTH, column - 1) : drive(NORTH);
    }
    if (battery < low && chargers.includes(to(SOUTH)) && free(to(SOUTH))) return SOUTH;
    if (column === 0) return drive(EAST, self + 2);
    const target = carries ? station % columns : goal % columns;
    const up = column % 2 === 1 && column < columns - 1 && target >= column;
    return drive(up ? NORTH : WEST);
  };
}

const COLORS = ["#4c6ef5", "#f08c00", "#ae3ec9", "#0ca678", "#e64980", "#1098ad", "#74b816", "#7048e8"];

/** Shelves dark, chargers yellow, the station green; a robot's order is a ring, and a disc on it once it is carried. */
export function picture({ columns, spec }: World, env: number): Shape[] {
  const fleet = spec.params as unknown as Fleet;
  const floor = warehouseOf(fleet);
  const at = (name: string, n: number) => columns[name]!.data[env * fleet.N + n]!;
  const place = (cell: number) => middle(cell, floor.rows, floor.columns);
  const ground = cells(floor.rows, floor.columns, (cell) => {
    if (cell === floor.station) return "#8ce99a";
    if (floor.chargers.includes(cell)) return "#ffe066";
    return floor.blocked(cell) ? "#495057" : "#dee2e6";
  });
  return [
    ...ground,
    ...Array.from({ length: fleet.N }, (_, n): Shape[] => {
      const color = COLORS[n % COLORS.length]!;
      const robot = place(at("row", n) * floor.columns + at("col", n));
      const carries = at("carries", n) === 1;
      const order = carries ? robot : place(floor.shelfOf(at("order", n)));
      return [
        {
          kind: "disc",
          ...robot,
          r: 0.36,
          color: at("battery", n) > 0 ? color : "#212529",
          agent: n,
          label: `${at("battery", n)}`,
        },
        carries
          ? { kind: "cell", ...order, r: 0.14, color: "#e8590c" }
          : { kind: "ring", ...order, r: 0.42, color },
      ];
    }).flat(),
  ];
}
