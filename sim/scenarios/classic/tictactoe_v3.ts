/**
 * Tic-tac-toe: two players mark squares in turns; three in a row win.
 *
 * Source       PettingZoo @ 761353e6, classic/tictactoe
 * Squares      0 1 2 / 3 4 5 / 6 7 8, by rows from the top
 * Action       [9]  the square to mark; legal where nobody did
 * Observation  [3, 3, 2] by rows  squares that the observer marked, squares that the other marked
 * Reward       1 for three in a row, −1 for the other player; a full board pays nothing
 * Illegal      marking a taken square ends the game: −1 for who did, nothing for the other (`illegal: "lose"`); or it is
 *              an error (`illegal: "refuse"`)
 *
 * @module
 */
import * as z from "zod";
import { classScenario } from "../../language/class_scenario.ts";
import type { Group, Policy, Shape, World, WorldSpec } from "../../types.ts";

/** The eight rows of three. */
const LINES: readonly (readonly number[])[] = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
];

const COLORS = ["#4c6ef5", "#fa5252"] as const;

export const ticTacToe = classScenario({
  id: "classic/tictactoe_v3",
  version: 1,
  summary: "two players mark squares in turns; three in a row win",
  maxCycles: 9,
  params: z.strictObject({
    illegal: z.enum(["lose", "refuse"]).default("lose").describe("what marking a taken square does"),
  }),

  spec: () => ({
    groups: [{
      name: "player",
      agents: ["player_1", "player_2"],
      observation: { size: 18, low: 0, high: 1 },
      actions: { discrete: 9 },
    }],
  }),
  /** Of each square: 0 free, 1 and 2 the player who marked it. */
  columns: () => ({ board: 9, mover: 1 }),

  reset: () => {},

  step: (w) => {
    const { board, mover } = w.columns;
    const player = mover[0]!;
    board[w.actions[player]!] = player + 1;
    mover[0] = 1 - player;
    const won = LINES.some((line) => line.every((square) => board[square] === player + 1));
    if (won) [w.reward[player], w.reward[1 - player]] = [1, -1];
    if (won || !board.includes(0)) w.terminated.fill(1);
  },

  observe: (w, player, into) => {
    for (let square = 0; square < 9; square++) {
      const by = w.columns.board[square]!;
      if (by !== 0) into[2 * square + (by === player + 1 ? 0 : 1)] = 1;
    }
  },

  turn: (w) => w.columns.mover[0]!,
  mask: (w, _player, into) => {
    for (let square = 0; square < 9; square++) into[square] = w.columns.board[square] === 0 ? 1 : 0;
  },
  illegal: ({ illegal }) => illegal === "lose" ? -1 : "refuse",

  view: { camera: [-0.2, 3.2], shapes: draw },
  policies: { scripted: careful },
});

/** The grid, rings for the first player and discs for the second; y points up. */
function draw({ columns }: World, env: number): Shape[] {
  const { data } = columns["board"]!;
  const grid = [1, 2].flatMap((at): Shape[] => [
    { kind: "line", x: at, y: 0, x2: at, y2: 3, r: 0.02, color: "#868e96" },
    { kind: "line", x: 0, y: at, x2: 3, y2: at, r: 0.02, color: "#868e96" },
  ]);
  const marks = Array.from({ length: 9 }, (_, square): Shape[] => {
    const by = data[9 * env + square]!;
    if (by === 0) return [];
    const place = { x: square % 3 + 0.5, y: 2.5 - Math.floor(square / 3), r: 0.35 };
    return [{ kind: by === 1 ? "ring" : "disc", ...place, color: COLORS[by - 1]!, agent: by - 1 }];
  });
  return [...grid, ...marks.flat()];
}

/** Wins if it can, else blocks, else takes the centre, a corner, a side. */
function careful(_spec: WorldSpec, _group: Group): Policy {
  return {
    name: "scripted",
    hiddenSize: 0,
    act({ rows, obs, mask }, into) {
      for (let row = 0; row < rows; row++) {
        const marks = (side: number, square: number) => obs[18 * row + 2 * square + side]!;
        const free = (square: number) => mask[9 * row + square] === 1;
        const third = (side: number) => {
          const line = LINES.find((line) =>
            line.some(free) && line.reduce((sum, square) => sum + marks(side, square), 0) === 2
          );
          return line?.find(free);
        };
        into[row] = third(0) ?? third(1) ?? [4, 0, 2, 6, 8, 1, 3, 5, 7].find(free) ?? 0;
      }
    },
  };
}
