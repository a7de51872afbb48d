/**
 * The standard games of two players with two actions each, played once.
 *
 * Action       [2]
 * Observation  see `matrix_game.ts`
 * Reward       by own and the other's action, first the player at the side:
 *
 *              prisoners_dilemma   cooperate, defect    (3, 3) (0, 5) / (5, 0) (1, 1)
 *              stag_hunt           stag, hare           (4, 4) (0, 3) / (3, 0) (3, 3)
 *              chicken             dare, yield          (0, 0) (7, 2) / (2, 7) (6, 6)
 *              matching_pennies    heads, tails         (1, −1) (−1, 1) / (−1, 1) (1, −1)
 *              battle_of_sexes     opera, football      (2, 1) (0, 0) / (0, 0) (1, 2)
 *
 * Equilibria   pure: both defect; both stag, both hare; one dares and one yields; none; both opera, both football.
 *              Mixed: stag with 3/4; dare with 1/3; either coin with 1/2; the preferred place with 2/3.
 * Scripted     the equilibrium in pure actions that pays most in all; a coin in matching pennies has none and shows heads
 * Source       Rapoport, Guyer 1966, "A taxonomy of 2 × 2 games"; payoffs of the dilemma from Axelrod 1984, "The
 *              evolution of cooperation", of chicken from Aumann 1974, "Subjectivity and correlation …"
 *
 * @module
 */
import * as z from "zod";
import { always, gameParams, matrixGame, type Payoffs, symmetric } from "../matrix_game.ts";

const GAMES = {
  prisoners_dilemma: { actions: ["cooperate", "defect"], payoffs: symmetric([[3, 0], [5, 1]]) },
  stag_hunt: { actions: ["stag", "hare"], payoffs: symmetric([[4, 0], [3, 3]]) },
  chicken: { actions: ["dare", "yield"], payoffs: symmetric([[0, 7], [2, 6]]) },
  matching_pennies: {
    actions: ["heads", "tails"],
    payoffs: { row: [[1, -1], [-1, 1]], column: [[-1, 1], [1, -1]] },
  },
  battle_of_sexes: {
    actions: ["opera", "football"],
    payoffs: { row: [[2, 0], [0, 1]], column: [[1, 0], [0, 2]] },
  },
} as const satisfies Record<string, { readonly actions: readonly string[]; readonly payoffs: Payoffs }>;

export type GameName = keyof typeof GAMES;
export const gameName = z.enum(Object.keys(GAMES) as [GameName, ...GameName[]]);
export const gameOf = (name: GameName): (typeof GAMES)[GameName] => GAMES[name];

export const twoByTwo = matrixGame({
  id: "matrix/two_by_two",
  summary: "The prisoners' dilemma, the stag hunt, chicken, matching pennies and the battle of the sexes",
  params: gameParams(1, 0).extend({ game: gameName.default("prisoners_dilemma").describe("which game") }),
  actions: ({ game }) => gameOf(game).actions,
  payoffs: ({ game }) => gameOf(game).payoffs,
  policies: {
    scripted: (payoffs, player) => {
      const best = equilibria(payoffs).sort((a, b) => total(payoffs, b) - total(payoffs, a))[0] ?? [0, 0];
      return always("scripted", best[player === "row" ? 0 : 1]);
    },
  },
});

type Entry = readonly [a: number, b: number];

/** The joint actions from which neither player gains by moving alone. */
export function equilibria({ row, column }: Payoffs): Entry[] {
  const entries = row.flatMap((line, a) => line.map((_, b): Entry => [a, b]));
  return entries.filter(([a, b]) => {
    return row.every((line) => line[b]! <= row[a]![b]!) && column[a]!.every((pay) => pay <= column[a]![b]!);
  });
}

function total({ row, column }: Payoffs, [a, b]: Entry): number {
  return row[a]![b]! + column[a]![b]!;
}
