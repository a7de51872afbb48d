/**
 * The standard games of two players, played again and again by players who remember the last rounds.
 *
 * Action       [2], named in `two_by_two.ts`, as are the payoffs
 * Observation  [4 · memory]  for each of the last `memory` rounds, the last one first: own action, then the other's,
 *              one-hot; zeros for rounds not yet played
 * Episode      100 rounds, then truncated: nobody sees the end coming, and γ = 0.96 makes the future count
 * Scripted     tit for tat: the first action, then what the other did last; `pavlov`: stays after a payoff above the
 *              mean of its table, else changes; `first` and `second`: always that action
 * Source       Axelrod 1984, "The evolution of cooperation"; Nowak, Sigmund 1993, "A strategy of win-stay, lose-shift …"
 *
 * @module
 */
import { always, gameParams, matrixGame, reply } from "../matrix_game.ts";
import { gameName, gameOf } from "./two_by_two.ts";

export const iterated = matrixGame({
  id: "matrix/iterated",
  summary: "A game of two players again and again, with memory of the last rounds",
  params: gameParams(100, 1).extend({
    game: gameName.default("prisoners_dilemma").describe("which game"),
  }),
  discount: 0.96,
  actions: ({ game }) => gameOf(game).actions,
  payoffs: ({ game }) => gameOf(game).payoffs,
  policies: {
    scripted: (_, __, n) => reply("scripted", n, 0, (_, other) => other),
    pavlov: (payoffs, player, n) => {
      const own = payoffs[player].flat();
      const mean = own.reduce((sum, pay) => sum + pay) / own.length;
      const paid = (mine: number, other: number) => {
        return player === "row" ? payoffs.row[mine]![other]! : payoffs.column[other]![mine]!;
      };
      return reply("pavlov", n, 0, (mine, other) => paid(mine, other) > mean ? mine : 1 - mine);
    },
    first: () => always("first", 0),
    second: () => always("second", 1),
  },
});
