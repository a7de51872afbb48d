/**
 * The floor of the warehouse, its scripted drivers and its pictures.
 *
 * @module
 */
import type { Shape, World } from "../types.ts";
import { cells, middle, text } from "./pictures.ts";
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

const COLORS = ["#74c0fc", "#ffa94d", "#b197fc", "#63e6be", "#f783ac", "#a9e34b", "#ffd43b", "#91a7ff"];
const LOADED = "#e8590c";

/**
 * Shelves dark, chargers yellow, the station green. A robot shows its battery; its order is a ring in its colour where
 * it lies, and one around the robot once it is carried.
 */
export function picture({ columns, spec }: World, env: number): Shape[] {
  const fleet = spec.params as unknown as Fleet;
  const floor = warehouseOf(fleet);
  const place = (cell: number) => middle(cell, floor.rows, floor.columns);
  const robots = Array.from({ length: fleet.N }, (_, agent) => {
    const at = (name: string) => columns[name]!.data[env * fleet.N + agent]!;
    const own = place(at("row") * floor.columns + at("col"));
    const [battery, carries] = [at("battery"), at("carries") === 1];
    const color = battery > 0 ? COLORS[agent % COLORS.length]! : "#868e96";
    return { agent, own, battery, carries, color, shelf: place(floor.shelfOf(at("order"))) };
  });
  return [
    ...cells(floor.rows, floor.columns, (cell) => {
      if (cell === floor.station) return "#40c057";
      if (floor.chargers.includes(cell)) return "#fab005";
      return floor.blocked(cell) ? "#343a40" : "#e9ecef";
    }),
    ...robots.map(({ own, carries, color, shelf }): Shape =>
      carries ? { kind: "ring", ...own, r: 0.44, color: LOADED } : { kind: "ring", ...shelf, r: 0.42, color }
    ),
    ...robots.map(({ agent, own, color }): Shape => ({ kind: "disc", ...own, r: 0.36, color, agent })),
    ...robots.map(({ own, battery }) => text(own, `${battery}`, 0.2)),
  ];
}

/** How many carry an order, and how many are empty. */
export function caption({ columns, spec: { N } }: World, env: number): string {
  const count = (name: string, test: (value: number) => boolean) =>
    Array.from({ length: N }, (_, n) => columns[name]!.data[env * N + n]!).filter(test).length;
  return `${count("carries", (x) => x === 1)} of ${N} carry an order, ${
    count("battery", (x) => x <= 0)
  } empty`;
}
