/**
 * Warehouse: robots fetch orders from shelves through aisles that are one robot wide, hand them over at a station, and
 * must not run out of battery on the way.
 *
 * World        depth + 3 rows, 2 · aisles + 2 columns (row, column), row 0 on top. Rows 0 and depth + 1 are cross aisles;
 *              between them columns of shelves (even) and aisles (odd), shelves first and last, and a lane at the right
 *              with the station at its lower end. Chargers lie below the lower cross aisle, from the right
 * Action       [6]  stay, north, south, west, east, handle. Legal: onto cells that are no shelf; handle where the own
 *              order is, or at the station with it. With an empty battery only staying is
 * Motion       all at once. A robot enters a cell that was empty before the step and that no other wants; else it stays
 * Orders       each robot has one: to a cell of an aisle, handle (it carries then), to the station, handle; the next is
 *              drawn, each place equally likely
 * Battery      each action but stay takes 1, also where the move is prevented; staying on a charger gives 10. An empty
 *              robot stands where it is, in the way of others, until the episode ends
 * Observation  [10 + 4 · (N − 1)]  own row / rows, column / columns, battery / full, whether it carries; whether north,
 *              south, west and east are closed; rows and columns to where it must handle next; of each other robot: rows
 *              and columns to it, its battery, whether it carries. Rows in units of rows, columns of columns
 * State        [6 · N]  of each robot: row, column, battery / full, carries, row and column of its order's shelf
 * Reward       shared: 0.5 for each order that is taken from a shelf or handed over
 * Cost         `collision`  agent: 1 per step in which another robot prevents its move
 *              `empty`      agent: 1 per step with an empty battery
 * Limits       2 collisions per episode for the worst robot; no step with an empty battery
 * Episode      200 steps, always truncated
 * Random       robots on cells of their own in the lower cross aisle, batteries half full to full
 * Scripted     one-way traffic, charging in time: returns 23 with the defaults at no cost, random legal play 0.6 with 10
 *              collisions and 103 steps of an empty battery for the worst robot
 *
 * @module
 */
import * as z from "zod";
import { caption, driver, picture, roundOf, warehouseOf } from "../carriers.ts";
import { blockedMoves, drawDistinct, members } from "../grid_moves.ts";
import type { Entity, Kernel } from "../../language/kernel.ts";
import { ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import type { Bool, Num } from "../../language/values.ts";
import { column, group, type GroupDeclaration, plain } from "../../language/world.ts";
import { beside } from "../routes.ts";

const HANDLE = 5;
/** By action: stay, north, south, west, east, handle. */
const ROWS = [0, -1, 1, 0, 0, 0];
const COLUMNS = [0, 0, 0, -1, 1, 0];
/** Per step on a charger. */
const CHARGE = 10;
/** Of a whole order, for each of its two ends. */
const HALF = 0.5;

const params = z.strictObject({
  N: z.int().min(1).max(8).default(3).describe("robots"),
  aisles: z.int().min(1).max(12).default(3),
  depth: z.int().min(1).max(24).default(4).describe("cells of an aisle"),
  chargers: z.int().min(1).max(8).default(1),
  battery: z.int().min(10).max(1000).default(100).describe("actions that a full battery lasts"),
}).superRefine(({ N, battery, ...size }, context) => {
  const { aisles, chargers } = size;
  const columns = 2 * aisles + 2;
  const least = 2 * roundOf(size);
  if (N > columns) {
    const message = `${N} robots do not fit into a cross aisle of ${columns} cells: lower N or add aisles`;
    context.addIssue({ code: "custom", message });
  } else if (chargers > aisles + 1) {
    const message = `at most ${
      aisles + 1
    } chargers fit below ${aisles} aisles, not ${chargers}: lower chargers`;
    context.addIssue({ code: "custom", message });
  } else if (battery < least) {
    const message = `a battery of ${battery} may not last for a round of ${
      least / 2
    } actions when half full: raise battery to ${least}`;
    context.addIssue({ code: "custom", message });
  }
});
type Params = z.output<typeof params>;

const fields = {
  row: column("agent"),
  col: column("agent"),
  battery: column("agent"),
  /** 1 while it carries its order. */
  carries: column("agent"),
  /** Number of its order's place: aisle · depth + cells from the top. */
  order: column("agent"),
  /** By robot, of this step. */
  handled: column("agent"),
  collided: column("agent"),
};

type K = Kernel<Params, { agents: GroupDeclaration }, typeof fields>;

export const warehouse = scenario({
  id: "grid/warehouse",
  summary: "Robots with batteries carry orders through aisles that are one robot wide",
  maxCycles: 200,
  params,

  world: ({ N }) => plain({ agents: group("robot", N) }),
  fields,
  actions: { discrete: 6 },

  reset: (k) => {
    const { row, col, battery, order } = k.fields;
    const { bottom, columns } = warehouseOf(k.p);
    const full = k.param("battery");
    const places = drawDistinct(k, columns, k.p.N);
    members(k, k.agents).forEach((robot, i) => {
      row.set(robot, bottom);
      col.set(robot, places[i]!);
      battery.set(robot, k.integer(full.div(2).floor().add(1)).neg().add(full));
      order.set(robot, k.integer(k.p.aisles * k.p.depth));
    });
  },

  dynamics: (k) => {
    const { row, col, battery, carries, order, handled, collided } = k.fields;
    const { columns, bottom } = warehouseOf(k.p);
    const robots = members(k, k.agents);
    const wants = robots.map((robot) => {
      const action = k.action(robot);
      return [row.get(robot).add(k.at(ROWS, action)), col.get(robot).add(k.at(COLUMNS, action))] as const;
    });
    const blocked = blockedMoves(
      k,
      robots.map((robot) => row.get(robot).mul(columns).add(col.get(robot))),
      wants.map(([r, c]) => r.mul(columns).add(c)),
      robots.map((robot) => k.action(robot).gt(0).and(k.action(robot).lt(HANDLE))),
    );
    robots.forEach((robot, i) => {
      const action = k.action(robot);
      const [r, c] = wants[i]!;
      row.set(robot, k.select(blocked[i]!, row.get(robot), r));
      col.set(robot, k.select(blocked[i]!, col.get(robot), c));
      collided.set(robot, blocked[i]!.num());
      const handles = action.eq(HANDLE);
      const next = k.integer(k.p.aisles * k.p.depth);
      order.set(robot, k.select(handles.and(carries.get(robot).eq(1)), next, order.get(robot)));
      carries.set(robot, k.select(handles, k.num(1).sub(carries.get(robot)), carries.get(robot)));
      handled.set(robot, handles.num());
      const before = battery.get(robot);
      const charges = row.get(robot).gt(bottom).and(action.eq(0));
      const left = k.select(action.eq(0), before, before.sub(1));
      battery.set(robot, k.select(charges, before.add(CHARGE).min(k.param("battery")), left));
    });
  },

  observe: (k, robot) => {
    const { row, col, battery, carries } = k.fields;
    const { rows, columns } = warehouseOf(k.p);
    const [r, c] = [row.get(robot), col.get(robot)];
    const [goalRow, goalCol] = goal(k, robot);
    return [
      r.div(rows),
      c.div(columns),
      battery.get(robot).div(k.param("battery")),
      carries.get(robot),
      closed(k, robot),
      goalRow.sub(r).div(rows),
      goalCol.sub(c).div(columns),
      k.others(robot).map((other) => [
        row.get(other).sub(r).div(rows),
        col.get(other).sub(c).div(columns),
        battery.get(other).div(k.param("battery")),
        carries.get(other),
      ]),
    ];
  },

  state: (k) => {
    const { row, col, battery, carries } = k.fields;
    return k.agents.map((robot) => [
      row.get(robot),
      col.get(robot),
      battery.get(robot).div(k.param("battery")),
      carries.get(robot),
      ...shelf(k, robot),
    ]);
  },

  mask: (k, robot) => {
    const able = k.fields.battery.get(robot).gt(0);
    const [goalRow, goalCol] = goal(k, robot);
    const there = k.fields.row.get(robot).eq(goalRow).and(k.fields.col.get(robot).eq(goalCol));
    return [k.num(1).eq(1), ...closed(k, robot).map((shut) => able.and(shut.not())), able.and(there)];
  },

  reward: (k) => k.once("reward", () => k.sum(k.agents, (robot) => k.fields.handled.get(robot)).mul(HALF)),

  costs: {
    collision: {
      scope: "agent",
      summary: "moves that another robot prevents",
      of: (k, robot) => k.fields.collided.get(robot),
    },
    empty: {
      scope: "agent",
      summary: "steps with an empty battery",
      of: (k, robot) => k.fields.battery.get(robot).le(0),
    },
  },
  budgets: { collision: { kind: "episode", limit: 2 }, empty: { kind: "step", limit: 0 } },

  view: (given) => {
    const { rows, columns } = warehouseOf(given);
    return { camera: [0, columns, 0, rows], shapes: picture, caption };
  },
  policies: { scripted: (spec) => ruled("scripted", driver(spec.params as Params))() },
});

/** Row and column of the cell before its order's shelf. */
function shelf(k: K, robot: Entity): [Num, Num] {
  const order = k.fields.order.get(robot);
  const aisle = order.div(k.p.depth).floor();
  return [order.sub(aisle.mul(k.p.depth)).add(1), aisle.mul(2).add(1)];
}

/** Row and column of the cell where the robot must handle next. */
function goal(k: K, robot: Entity): [Num, Num] {
  const { station, columns } = warehouseOf(k.p);
  const [r, c] = shelf(k, robot);
  const carries = k.fields.carries.get(robot).eq(1);
  return [
    k.select(carries, Math.floor(station / columns), r),
    k.select(carries, station % columns, c),
  ];
}

/** Whether north, south, west and east of a robot are shelves, or beyond the floor. */
function closed(k: K, robot: Entity): Bool[] {
  const floor = warehouseOf(k.p);
  const around = Array.from({ length: floor.rows * floor.columns }, (_, cell) => beside(floor, cell));
  const cell = k.fields.row.get(robot).mul(floor.columns).add(k.fields.col.get(robot));
  return [0, 1, 2, 3].map((side) => {
    const shut = around.map((next) => next[side]! < 0 || floor.blocked(next[side]!) ? 1 : 0);
    return k.at(shut, cell).eq(1);
  });
}
