/**
 * Cooperative goals: robots on a grid are done when every goal has a robot on it. Nothing is paid before that, any robot
 * may take any goal, and robots stand in each other's way: who learns alone sees a reward that hangs on the others.
 *
 * World        `height` × `width` cells (row, column), row 0 on top, of which `walls` are closed; N robots and N goals
 * Action       [5]  stay, north, south, west, east. Legal: not off the grid, nor into a wall
 * Motion       all at once. A robot enters a cell that was empty before the step and that no other wants; else it stays
 * Observation  [6 + 4 · N + 3 · (N − 1)]  own row / height, own column / width; whether north, south, west and east are
 *              closed; of each goal: in sight, rows and columns to it, a robot on it; of each other robot: in sight, rows
 *              and columns to it. Rows are in units of height, columns of width. What is further than `view` in rows or
 *              columns is out of sight and shows zeros
 * State        [4 · N]  row and column of each robot, then of each goal
 * Reward       shared: 1 if all goals have a robot, else −0.01
 * Cost         `bump`  agent: 1 per step in which another robot keeps it from its move
 * Limit        1 bump per episode for the worst robot
 * End          all goals have a robot: terminated
 * Truncation   after 50 steps
 * Random       robots and goals on cells of their own, every choice equally likely
 * Scripted     each to a goal of its own, the nearest pairs first; knows the walls. With the defaults it returns 0.97 and
 *              is always done, random legal play −0.36 and 2.6 bumps for the worst robot
 *
 * @module
 */
import * as z from "zod";
import type { Entity, Kernel } from "../../language/kernel.ts";
import { ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import type { Bool, Num } from "../../language/values.ts";
import { column, group, type GroupDeclaration, plain } from "../../language/world.ts";
import type { Shape, World } from "../../types.ts";
import { blockedMoves, drawDistinct, members } from "../grid_moves.ts";
import { cells, middle } from "../pictures.ts";
import { assign, beside, type Floor, nextSteps, stepsTo } from "../routes.ts";

const ARRIVED = 1;
const STEP = -0.01;
/** By action: stay, north, south, west, east. */
const ROWS = [0, -1, 1, 0, 0];
const COLUMNS = [0, 0, 0, -1, 1];

const params = z.strictObject({
  N: z.int().min(1).max(8).default(2).describe("robots, and goals"),
  width: z.int().min(1).max(32).default(5).describe("columns"),
  height: z.int().min(1).max(32).default(5).describe("rows"),
  walls: z.array(z.int().min(0)).default([]).describe(
    "closed cells, numbered row by row from the upper left",
  ),
  view: z.int().min(0).max(32).default(0).describe("rows and columns seen in each direction; 0 for all"),
}).superRefine((given, context) => {
  const message = fault(given);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});
type Params = z.output<typeof params>;

const fields = {
  row: column("agent"),
  col: column("agent"),
  goalRow: column("goal"),
  goalCol: column("goal"),
  /** By robot: whether another kept it from its move in this step. */
  bump: column("agent"),
};

type K = Kernel<Params, { agents: GroupDeclaration; goals: GroupDeclaration }, typeof fields>;

export const cooperativeGoals = scenario({
  id: "grid/cooperative_goals",
  summary: "Robots are paid together, once every goal has a robot",
  maxCycles: 50,
  params,

  world: ({ N }) => plain({ agents: group("robot", N), goals: group("goal", N) }),
  fields,
  actions: { discrete: 5 },

  reset: (k) => {
    const { row, col, goalRow, goalCol } = k.fields;
    const open = openCells(k.p);
    const places = drawDistinct(k, open.length, 2 * k.p.N).map((place) => k.at(open, place));
    const rowOf = (cell: Num) => cell.div(k.p.width).floor();
    const colOf = (cell: Num) => cell.mod(k.p.width);
    members(k, k.agents).forEach((robot, i) => {
      row.set(robot, rowOf(places[i]!));
      col.set(robot, colOf(places[i]!));
    });
    members(k, k.goals).forEach((goal, i) => {
      goalRow.set(goal, rowOf(places[k.p.N + i]!));
      goalCol.set(goal, colOf(places[k.p.N + i]!));
    });
  },

  dynamics: (k) => {
    const { row, col, bump } = k.fields;
    const robots = members(k, k.agents);
    const cellOf = (r: Num, c: Num) => r.mul(k.p.width).add(c);
    const wants = robots.map((robot) => {
      const action = k.action(robot);
      return [row.get(robot).add(k.at(ROWS, action)), col.get(robot).add(k.at(COLUMNS, action))] as const;
    });
    const blocked = blockedMoves(
      k,
      robots.map((robot) => cellOf(row.get(robot), col.get(robot))),
      wants.map(([r, c]) => cellOf(r, c)),
      robots.map((robot) => k.action(robot).gt(0)),
    );
    robots.forEach((robot, i) => {
      const [r, c] = wants[i]!;
      row.set(robot, k.select(blocked[i]!, row.get(robot), r));
      col.set(robot, k.select(blocked[i]!, col.get(robot), c));
      bump.set(robot, blocked[i]!.num());
    });
  },

  observe: (k, robot) => {
    const { row, col, goalRow, goalCol } = k.fields;
    const { width, height, view } = k.p;
    const [r, c] = [row.get(robot), col.get(robot)];
    const offset = (y: Num, x: Num): readonly [Bool, Num, Num] => {
      const [rows, columns] = [y.sub(r), x.sub(c)];
      const seen = view === 0 ? k.num(1).eq(1) : rows.abs().le(view).and(columns.abs().le(view));
      return [seen, k.select(seen, rows.div(height), 0), k.select(seen, columns.div(width), 0)];
    };
    return [
      r.div(height),
      c.div(width),
      closed(k, robot),
      k.goals.map((goal) => {
        const [seen, ...to] = offset(goalRow.get(goal), goalCol.get(goal));
        return [seen, to, seen.and(covered(k, goal))];
      }),
      k.others(robot).map((other) => [...offset(row.get(other), col.get(other))]),
    ];
  },

  state: (k) => [
    k.agents.map((robot) => [k.fields.row.get(robot), k.fields.col.get(robot)]),
    k.goals.map((goal) => [k.fields.goalRow.get(goal), k.fields.goalCol.get(goal)]),
  ],

  mask: (k, robot) => [k.num(1).eq(1), ...closed(k, robot).map((shut) => shut.not())],

  reward: (k) => k.once("reward", () => k.select(done(k), ARRIVED, STEP)),
  terminate: { scope: "team", of: (k) => done(k) },

  costs: {
    bump: {
      scope: "agent",
      summary: "moves that another robot prevents",
      of: (k, robot) => k.fields.bump.get(robot),
    },
  },
  budgets: { bump: { kind: "episode", limit: 1 } },

  view: ({ width, height }) => ({ camera: [0, width, 0, height], shapes, caption }),
  policies: { scripted: ({ params }) => ruled("scripted", guide(params as Params))() },
});

/** What is wrong with a layout, and what would help. */
function fault({ N, width, height, walls }: Params): string | undefined {
  const all = width * height;
  const outside = walls.find((cell) => cell >= all);
  if (outside !== undefined) {
    return `walls has cell ${outside}, and the last of ${height} x ${width} cells is ${
      all - 1
    }: leave it out`;
  }
  const open = openCells({ width, height, walls });
  if (2 * N > open.length) {
    const more = `${N} robots and ${N} goals need ${2 * N} cells, ${open.length} are open`;
    return `${more}: lower N to ${
      Math.floor(open.length / 2)
    } or below, raise width or height, or take walls away`;
  }
  const steps = stepsTo(floorOf({ width, height, walls }), open[0]!);
  const cut = open.find((cell) => steps[cell] === Infinity);
  if (cut === undefined) return undefined;
  return `the walls leave no way from cell ${open[0]} to cell ${cut}: take one of them away`;
}

function openCells({ width, height, walls }: Pick<Params, "width" | "height" | "walls">): number[] {
  const shut = new Set(walls);
  return Array.from({ length: width * height }, (_, cell) => cell).filter((cell) => !shut.has(cell));
}

function floorOf({ width, height, walls }: Pick<Params, "width" | "height" | "walls">): Floor {
  const shut = new Set(walls);
  return { rows: height, columns: width, blocked: (cell) => shut.has(cell) };
}

/** Whether north, south, west and east of a robot are beyond the grid or walls. */
function closed(k: K, robot: Entity): Bool[] {
  const { width, height, walls } = k.p;
  const [r, c] = [k.fields.row.get(robot), k.fields.col.get(robot)];
  if (walls.length === 0) return [r.eq(0), r.eq(height - 1), c.eq(0), c.eq(width - 1)];
  const floor = floorOf(k.p);
  const around = Array.from({ length: width * height }, (_, cell) => beside(floor, cell));
  const cell = r.mul(width).add(c);
  return [0, 1, 2, 3].map((side) => {
    const shut = around.map((next) => next[side]! < 0 || floor.blocked(next[side]!) ? 1 : 0);
    return k.at(shut, cell).eq(1);
  });
}

function covered(k: K, goal: Entity): Bool {
  const { row, col, goalRow, goalCol } = k.fields;
  return k.any(k.agents, (robot) => {
    return row.get(robot).eq(goalRow.get(goal)).and(col.get(robot).eq(goalCol.get(goal)));
  });
}

function done(k: K): Bool {
  return k.once("done", () => k.all(k.goals, (goal) => covered(k, goal)));
}

/** To a goal of its own, around the walls; where not all is in sight, to the goal that is. */
function guide(given: Params): (obs: Float32Array) => number {
  const { N, width, height } = given;
  const floor = floorOf(given);
  return (obs) => {
    const [row, col] = [Math.round(obs[0]! * height), Math.round(obs[1]! * width)];
    const seen = (start: number, size: number, count: number) =>
      Array.from({ length: count }, (_, i) => obs.subarray(start + i * size, start + (i + 1) * size))
        .filter(([there]) => there === 1)
        .map(([, rows, columns]) => {
          return (row + Math.round(rows! * height)) * width + col + Math.round(columns! * width);
        });
    const self = row * width + col;
    const goals = seen(6, 4, N);
    const robots = [self, ...seen(6 + 4 * N, 3, N - 1)].toSorted((a, b) => a - b);
    return nextSteps(floor, robots, assign(floor, robots, goals))[robots.indexOf(self)]! + 1;
  };
}

/** Walls dark, goals as rings, robots as discs. */
function shapes({ columns, spec }: World, env: number): Shape[] {
  const { N, width, height, walls } = spec.params as Params;
  const at = (kind: "goalRow" | "row", i: number) => {
    const [r, c] = [kind, kind === "row" ? "col" : "goalCol"].map((name) =>
      columns[name]!.data[env * N + i]!
    );
    return middle(r! * width + c!, height, width);
  };
  return [
    ...cells(height, width, (cell) => walls.includes(cell) ? "#495057" : "#ced4da"),
    ...Array.from(
      { length: N },
      (_, i): Shape => ({ kind: "ring", ...at("goalRow", i), r: 0.42, color: "#40c057" }),
    ),
    ...Array.from(
      { length: N },
      (_, i): Shape => ({ kind: "disc", ...at("row", i), r: 0.3, color: "#4c6ef5", agent: i }),
    ),
  ];
}

/** How many goals have a robot. */
function caption({ columns, spec }: World, env: number): string {
  const { N } = spec.params as Params;
  const places = (r: string, c: string) =>
    Array.from({ length: N }, (_, i) => `${columns[r]!.data[env * N + i]} ${columns[c]!.data[env * N + i]}`);
  const robots = places("row", "col");
  return `${places("goalRow", "goalCol").filter((goal) => robots.includes(goal)).length} of ${N} goals taken`;
}
