/**
 * Connect four: two players drop discs into columns in turns; four in a row win.
 *
 * Source       PettingZoo @ 761353e6, classic/connect_four
 * Squares      [6, 7] by rows from the top; a disc falls to the lowest free one of its column
 * Action       [7]  the column; legal while its top square is free
 * Observation  [6, 7, 2] by rows  squares of the observer, squares of the other
 * Reward       1 for four in a row, −1 for the other player; a full board pays nothing
 * Illegal      a full column ends the game: −1 for who chose it, nothing for the other (`illegal: "lose"`); or it is an
 *              error (`illegal: "refuse"`)
 * Scripted     wins if it can, else blocks, else keeps off squares under one where the other would win; the middle first
 *
 * @module
 */
import * as z from "zod";
import { classScenario } from "../../language/class_scenario.ts";
import type { Group, Policy, Shape, World, WorldSpec } from "../../types.ts";
import { cells, middle, text } from "../pictures.ts";

const ROWS = 6;
const COLUMNS = 7;
const SQUARES = ROWS * COLUMNS;

/** Squares down and to the right from one to the next, along each kind of row. */
const DIRECTIONS = [[0, 1], [1, 0], [1, 1], [1, -1]] as const;
/** Columns, those with the most rows of four through them first. */
const FROM_THE_MIDDLE = [3, 2, 4, 1, 5, 0, 6];
const COLORS = ["#4c6ef5", "#fa5252"] as const;

/** Of each square: 0 free, 1 and 2 the two sides. */
type Board = ArrayLike<number>;

export const connectFour = classScenario({
  id: "classic/connect_four_v3",
  version: 1,
  summary: "two players drop discs into columns in turns; four in a row win",
  maxCycles: SQUARES,
  params: z.strictObject({
    illegal: z.enum(["lose", "refuse"]).default("lose").describe("what choosing a full column does"),
  }),

  spec: () => ({
    groups: [{
      name: "player",
      agents: ["player_0", "player_1"],
      observation: { size: 2 * SQUARES, low: 0, high: 1 },
      actions: { discrete: COLUMNS },
    }],
  }),
  columns: () => ({ board: SQUARES, mover: 1 }),

  reset: () => {},

  step: (w) => {
    const { board, mover } = w.columns;
    const player = mover[0]!;
    const square = landing(board, w.actions[player]!);
    board[square] = player + 1;
    mover[0] = 1 - player;
    const won = connects(board, square, player + 1);
    if (won) [w.reward[player], w.reward[1 - player]] = [1, -1];
    if (won || !board.subarray(0, COLUMNS).includes(0)) w.terminated.fill(1);
  },

  observe: (w, player, into) => {
    for (let square = 0; square < SQUARES; square++) {
      const by = w.columns.board[square]!;
      if (by !== 0) into[2 * square + (by === player + 1 ? 0 : 1)] = 1;
    }
  },

  turn: (w) => w.columns.mover[0]!,
  mask: (w, _player, into) => {
    for (let column = 0; column < COLUMNS; column++) into[column] = w.columns.board[column] === 0 ? 1 : 0;
  },
  illegal: ({ illegal }) => illegal === "lose" ? -1 : "refuse",

  view: { camera: [-0.2, COLUMNS + 0.2, -0.7, ROWS + 0.2], shapes: draw, caption },
  policies: { scripted: watchful },
});

/** The lowest free square of a column; negative where it is full. */
function landing(board: Board, column: number): number {
  let square = (ROWS - 1) * COLUMNS + column;
  while (square >= 0 && board[square] !== 0) square -= COLUMNS;
  return square;
}

/** Whether a disc of `side` on `square` stands in a row of four. */
function connects(board: Board, square: number, side: number): boolean {
  return DIRECTIONS.some(([down, right]) =>
    reach(board, square, side, down, right) + reach(board, square, side, -down, -right) >= 3
  );
}

/** How many squares of `side` follow one another from `square` on, itself left out. */
function reach(board: Board, square: number, side: number, down: number, right: number): number {
  let row = Math.floor(square / COLUMNS) + down;
  let column = square % COLUMNS + right;
  let count = 0;
  while (
    row >= 0 && row < ROWS && column >= 0 && column < COLUMNS && board[row * COLUMNS + column] === side
  ) {
    count++;
    row += down;
    column += right;
  }
  return count;
}

/** The board, rings for the first player and discs for the second; columns have their number under them. */
function draw({ columns }: World, env: number): Shape[] {
  const board = columns["board"]!.data.subarray(SQUARES * env, SQUARES * (env + 1));
  const numbers = Array.from({ length: COLUMNS }, (_, column): Shape => {
    return text({ x: column + 0.5, y: -0.35 }, `${column}`, 0.15);
  });
  const discs = Array.from(board, (by, square): Shape[] => {
    if (by === 0) return [];
    const place = { ...middle(square, ROWS, COLUMNS), r: 0.38 };
    return [{ kind: by === 1 ? "ring" : "disc", ...place, color: COLORS[by - 1]!, agent: by - 1 }];
  });
  return [...cells(ROWS, COLUMNS, () => "#dee2e6"), ...numbers, ...discs.flat()];
}

function caption({ columns, cycle }: World, env: number): string {
  return `disc ${cycle[env]! + 1}: player_${columns["mover"]!.data[env]} is to move`;
}

function watchful(_spec: WorldSpec, _group: Group): Policy {
  return {
    name: "scripted",
    hiddenSize: 0,
    act({ rows, obs, mask }, into) {
      for (let row = 0; row < rows; row++) {
        const board = Array.from({ length: SQUARES }, (_, square) => {
          const at = 2 * (SQUARES * row + square);
          return obs[at]! + 2 * obs[at + 1]!;
        });
        const open = FROM_THE_MIDDLE.filter((column) => mask[COLUMNS * row + column] === 1);
        into[row] = choice(board, open);
      }
    },
  };
}

/** What the scripted player, side 1 on this board, does where these columns are open. */
function choice(board: Board, open: readonly number[]): number {
  const wins = (side: number) => open.find((column) => connects(board, landing(board, column), side));
  const safe = open.find((column) => {
    const above = landing(board, column) - COLUMNS;
    return above < 0 || !connects(board, above, 2);
  });
  return wins(1) ?? wins(2) ?? safe ?? open[0] ?? 0;
}
