/**
 * Robot swap: two robots change sides of a 3 × 3 room, do not collide, and leave the centre alone.
 *
 * World        3 × 3 cells (row, column), row 0 on top; robot 0 from (1, 0) to (1, 2), robot 1 from (1, 2) to (1, 0)
 * Action       [5]  north, south, west, east, stay
 * Motion       the move happens with probability 0.9, independently by robot; off the grid it leaves the robot where it
 *              is. A robot on its goal stays there for ever. Robots do not block each other.
 * Observation  [20]  own cell and the other's, one-hot, and which robot one is, one-hot
 * Reward       shared: for each robot that was not at its goal −0.1, and 1 if it arrives
 * Cost         `collision`  team: 1 if both end in one cell or change places, also on a goal
 *              `centre`     agent: 1 per step that ends in the centre, staying there included
 * Limit        collision 0, centre 0.2 for each robot, discounted by γ = 0.95
 * End          both at their goals: terminated
 * Truncation   after 200 steps
 * Optimum      0.964543 for a central controller; multipliers of the centre 0.23977
 * Scripted     robot 0 along the top row, robot 1 along the bottom one
 *
 * @module
 */
import * as z from "zod";
import type { Entity, Kernel } from "../../language/kernel.ts";
import { ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import { both, type Chance, tabulate } from "../../language/tables.ts";
import type { Bool, Num } from "../../language/values.ts";
import { column, group, type GroupDeclaration, plain } from "../../language/world.ts";
import { cells, middle } from "../pictures.ts";

const SIZE = 3;
const CELLS = SIZE * SIZE;
const CENTRE = 4;
/** By robot. */
const START = [3, 5];
const GOAL = [5, 3];
const DISCOUNT = 0.95;
/** By move: north, south, west, east, stay. */
const ROWS = [-1, 1, 0, 0, 0];
const COLUMNS = [0, 0, -1, 1, 0];
const STAY = 4;

/** Where robots are, and where they were before the step. */
const fields = { cell: column("agent"), before: column("agent") } as const;

type K = Kernel<{ slip: number }, { agents: GroupDeclaration }, typeof fields>;

export const robotSwap = scenario({
  id: "safe/robot_swap",
  summary: "Two robots change sides of a small room without meeting",
  maxCycles: 200,
  discount: DISCOUNT,
  params: z.strictObject({
    slip: z.number().min(0).max(1).default(0.1).describe("chance that a move does not happen"),
  }),

  world: () => plain({ agents: group("robot", 2) }),
  fields,
  actions: { discrete: 5 },

  reset: (k) => {
    for (const robot of k.agents) k.fields.cell.set(robot, k.at(START, robot.index));
    for (const robot of k.agents) k.fields.before.set(robot, k.at(START, robot.index));
  },

  dynamics: (k) => {
    for (const robot of k.agents) {
      const cell = k.fields.cell.get(robot);
      k.fields.before.set(robot, cell);
      const moves = k.uniform().ge(k.param("slip")).and(cell.ne(goal(k, robot)));
      const move = k.select(moves, k.action(robot), STAY);
      const row = cell.div(SIZE).floor().add(k.at(ROWS, move)).clamp(0, SIZE - 1);
      const col = cell.mod(SIZE).add(k.at(COLUMNS, move)).clamp(0, SIZE - 1);
      k.fields.cell.set(robot, row.mul(SIZE).add(col));
    }
  },

  observe: (k, robot) => [
    k.oneHot(k.fields.cell.get(robot), CELLS),
    k.others(robot).map((other) => k.oneHot(k.fields.cell.get(other), CELLS)),
    k.oneHot(robot.index, 2),
  ],

  reward: (k) =>
    k.once("reward", () =>
      k.sum(k.agents, (robot) => {
        const arrives = k.fields.cell.get(robot).eq(goal(k, robot)).num();
        return k.select(onWay(k, robot), arrives.sub(0.1), 0);
      })),
  terminate: {
    scope: "team",
    of: (k) => k.all(k.agents, (robot) => k.fields.cell.get(robot).eq(goal(k, robot))),
  },

  costs: {
    collision: { scope: "team", summary: "robots meet in a cell or change places", of: collision },
    centre: {
      scope: "agent",
      summary: "steps in the centre",
      of: (k, robot) => onWay(k, robot).and(k.fields.cell.get(robot).eq(CENTRE)),
    },
  },
  budgets: { collision: { kind: "discounted", limit: 0 }, centre: { kind: "discounted", limit: 0.2 } },

  tables: ({ slip }) =>
    tabulate({
      parts: [0, 1].map((at) => ({ column: "cell", at, size: CELLS })),
      actions: [5, 5],
      channels: [{ name: "collision" }, { name: "centre", agent: 0 }, { name: "centre", agent: 1 }],
      start: START,
      discount: DISCOUNT,
      outcomes: (p, moves) => {
        const steps = [0, 1].map((i): Chance<number>[] => {
          if (p[i] === GOAL[i]) return [[1, p[i]!]];
          return [[1 - slip, moved(p[i]!, moves[i]!)], [slip, p[i]!]];
        });
        return both(steps[0]!, steps[1]!).map(([chance, q]) => {
          const under = [0, 1].filter((i) => p[i] !== GOAL[i]);
          const reward = under.reduce((sum, i) => sum - 0.1 + (q[i] === GOAL[i] ? 1 : 0), 0);
          const meet = q[0] === q[1] || q[0] === p[1] && q[1] === p[0];
          const centre = [0, 1].map((i) => under.includes(i) && q[i] === CENTRE ? 1 : 0);
          return { p: chance, next: q, reward, costs: [meet ? 1 : 0, ...centre] };
        });
      },
    }),

  view: {
    camera: [-0.1, SIZE + 0.1],
    shapes: ({ columns }, env) => {
      const at = (robot: number) => middle(columns["cell"]!.data[2 * env + robot]!, SIZE, SIZE);
      const colors = ["#4c6ef5", "#f08c00"];
      return [
        ...cells(SIZE, SIZE, (cell) => cell === CENTRE ? "#fa5252" : "#ced4da"),
        ...GOAL.map((
          cell,
          i,
        ) => ({ kind: "ring", ...middle(cell, SIZE, SIZE), r: 0.4, color: colors[i]! } as const)),
        ...[0, 1].map((agent) => {
          const { x, y } = at(agent);
          return {
            kind: "disc",
            x: x + 0.1 * (2 * agent - 1),
            y,
            r: 0.22,
            color: colors[agent]!,
            agent,
          } as const;
        }),
      ];
    },
  },
  policies: {
    scripted: ruled("scripted", (obs) => {
      const other = obs.subarray(CELLS, 2 * CELLS).indexOf(1);
      return aside(obs.indexOf(1), other, obs[2 * CELLS] === 1 ? 0 : 1);
    }),
  },
});

function goal(k: K, robot: Entity): Num {
  return k.at(GOAL, robot.index);
}

/** Whether the robot was not yet at its goal when the step began. */
function onWay(k: K, robot: Entity): Bool {
  return k.fields.before.get(robot).ne(goal(k, robot));
}

function collision(k: K): Bool {
  const { cell, before } = k.fields;
  const [a, b] = [k.at(k.agents, 0), k.at(k.agents, 1)];
  const swapped = cell.get(a).eq(before.get(b)).and(cell.get(b).eq(before.get(a)));
  return cell.get(a).eq(cell.get(b)).or(swapped);
}

/** The cell after a move; the same where it would leave the grid. */
function moved(cell: number, move: number): number {
  const row = Math.floor(cell / SIZE) + ROWS[move]!;
  const col = cell % SIZE + COLUMNS[move]!;
  return row < 0 || row >= SIZE || col < 0 || col >= SIZE ? cell : row * SIZE + col;
}

/** To the row of its own, along it to the goal's column, and back to the goal once the other has left it. */
function aside(cell: number, other: number, robot: number): number {
  const [row, col] = [Math.floor(cell / SIZE), cell % SIZE];
  const [out, back, along] = robot === 0 ? [0, 1, 3] : [1, 0, 2];
  if (col === GOAL[robot]! % SIZE) return row === 1 || other === GOAL[robot] ? STAY : back;
  return row === (robot === 0 ? 0 : 2) ? along : out;
}
