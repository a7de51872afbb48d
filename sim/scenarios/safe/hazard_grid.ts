/**
 * Hazard shortcut: the straight way to the goal leads through three hazards, the way around them is longer.
 *
 * World        5 × 5 cells (row, column), row 0 on top; start (2, 0), goal (2, 4), hazards (2, 1), (2, 2), (2, 3)
 * Action       [4]  up, down, left, right
 * Motion       the chosen move with probability 0.9, each of the two moves across it with 0.05; a move off the grid
 *              leaves the robot where it is
 * Observation  [25]  one-hot cell
 * Reward       −1 per step, the one that enters the goal included
 * Cost         `hazard`  agent: 1 per step that ends on a hazard
 * Limit        0.5, discounted by γ = 0.95
 * End          the goal: terminated; hazards end nothing
 * Truncation   after 200 steps
 * Optimum      −5.660517 at limit 0.5 and −5.320015 at 1.0, multiplier 0.68101; a mixture in one cell
 * Scripted     around the hazards; `short`: straight through them
 *
 * @module
 */
import * as z from "zod";
import { ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import { type Chance, tabulate } from "../../language/tables.ts";
import { column, group, plain } from "../../language/world.ts";
import { cells, middle } from "../pictures.ts";

const SIZE = 5;
const START = 10;
const GOAL = 14;
const HAZARDS = [11, 12, 13];
const DISCOUNT = 0.95;

/** By move: up, down, left, right. */
const ROWS = [-1, 1, 0, 0];
const COLUMNS = [0, 0, -1, 1];
/** By chosen move: the two moves across it. */
const ACROSS = [[2, 3], [2, 3], [0, 1], [0, 1]] as const;

export const hazardGrid = scenario({
  id: "safe/hazard_grid",
  summary: "A short way through hazards, a long way around them",
  maxCycles: 200,
  discount: DISCOUNT,
  params: z.strictObject({
    slip: z.number().min(0).max(1).default(0.1).describe("chance of a move across the chosen one"),
  }),

  world: () => plain({ agents: group("robot", 1) }),
  fields: { cell: column("world") },
  actions: { discrete: 4 },

  reset: (k) => k.fields.cell.set(START),

  dynamics: (k) => {
    const chosen = k.action(k.at(k.agents, 0));
    const u = k.uniform();
    const [first, second] = [0, 1].map((i) => k.at(ACROSS.map((moves) => moves[i]!), chosen));
    const move = k.select(
      u.lt(k.num(1).sub(k.param("slip"))),
      chosen,
      k.select(u.lt(k.num(1).sub(k.param("slip").div(2))), first!, second!),
    );
    const cell = k.fields.cell.get();
    const row = cell.div(SIZE).floor().add(k.at(ROWS, move)).clamp(0, SIZE - 1);
    const col = cell.mod(SIZE).add(k.at(COLUMNS, move)).clamp(0, SIZE - 1);
    k.fields.cell.set(row.mul(SIZE).add(col));
  },

  observe: (k) => k.oneHot(k.fields.cell.get(), SIZE * SIZE),
  reward: () => -1,
  terminate: { scope: "team", of: (k) => k.fields.cell.get().eq(GOAL) },

  costs: {
    hazard: {
      scope: "agent",
      summary: "steps that end on a hazard",
      of: (k) => {
        const cell = k.fields.cell.get();
        return cell.ge(HAZARDS[0]!).and(cell.le(HAZARDS.at(-1)!));
      },
    },
  },
  budgets: { hazard: { kind: "discounted", limit: 0.5 } },

  tables: ({ slip }) =>
    tabulate({
      parts: [{ column: "cell", at: 0, size: SIZE * SIZE }],
      actions: [4],
      channels: [{ name: "hazard", agent: 0 }],
      start: [START],
      discount: DISCOUNT,
      outcomes: ([cell], [chosen]) => {
        if (cell === GOAL) return [{ p: 1, next: [GOAL], reward: 0, costs: [0] }];
        const [first, second] = ACROSS[chosen!]!;
        const moves: Chance<number>[] = [[1 - slip, chosen!], [slip / 2, first], [slip / 2, second]];
        return moves.map(([p, move]) => {
          const next = moved(cell!, move);
          return { p, next: [next], reward: -1, costs: [HAZARDS.includes(next) ? 1 : 0] };
        });
      },
    }),

  view: {
    camera: [-0.1, SIZE + 0.1],
    shapes: ({ columns }, env) => [
      ...cells(
        SIZE,
        SIZE,
        (cell) => cell === GOAL ? "#40c057" : HAZARDS.includes(cell) ? "#fa5252" : "#ced4da",
      ),
      {
        kind: "disc",
        ...middle(columns["cell"]!.data[env]!, SIZE, SIZE),
        r: 0.3,
        color: "#4c6ef5",
        agent: 0,
      },
    ],
  },
  policies: {
    scripted: ruled("scripted", (obs) => around(obs.indexOf(1))),
    short: ruled("short", (obs) => straight(obs.indexOf(1))),
  },
});

/** The cell after a move; the same where it would leave the grid. */
function moved(cell: number, move: number): number {
  const row = Math.floor(cell / SIZE) + ROWS[move]!;
  const col = cell % SIZE + COLUMNS[move]!;
  return row < 0 || row >= SIZE || col < 0 || col >= SIZE ? cell : row * SIZE + col;
}

const [UP, DOWN, , RIGHT] = [0, 1, 2, 3];

/** Up or down to the outermost row, which no slip leaves towards a hazard, along it, and back at the goal's column. */
function around(cell: number): number {
  const [row, col] = [Math.floor(cell / SIZE), cell % SIZE];
  if (col === SIZE - 1) return row < 2 ? DOWN : UP;
  if (row === 0 || row === SIZE - 1) return RIGHT;
  return row <= 2 ? UP : DOWN;
}

/** To the goal's row, then along it. */
function straight(cell: number): number {
  const row = Math.floor(cell / SIZE);
  return row < 2 ? DOWN : row > 2 ? UP : RIGHT;
}
