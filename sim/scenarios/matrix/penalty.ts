/**
 * Penalty: two joint actions are equally good, and missing each other costs; a third, safe one pays little.
 *
 * Source       Claus, Boutilier 1998, "The dynamics of reinforcement learning in cooperative multiagent systems"; 25
 *              rounds as in Papoudakis et al. 2021, arXiv:2006.07869
 * Action       [3]  a, b or c
 * Observation  see `matrix_game.ts`
 * Reward       shared, by row's and column's action, with k <= 0:
 *
 *                  a  b   c
 *              a   k  0  10
 *              b   0  2   0
 *              c  10  0   k
 *
 * Optimum      10 per round, by (a, c) or (c, a); the more negative k, the more a learner prefers (b, b), which pays 2
 *
 * @module
 */
import * as z from "zod";
import type { Scalar } from "../../language/values.ts";
import { always, gameParams, matrixGame, shared } from "../matrix_game.ts";

export const penalty = matrixGame({
  id: "matrix/penalty",
  summary: "Two players agree on one of two equally good joint actions, or pay for missing each other",
  params: gameParams(25, 0).extend({
    k: z.number().max(0).default(-100).describe("paid when the players miss each other"),
  }),
  actions: () => ["a", "b", "c"],
  payoffs: <Entry extends Scalar>(_: unknown, number: (name: string) => Entry) => {
    const k = number("k");
    return shared<Entry | number>([[k, 0, 10], [0, 2, 0], [10, 0, k]]);
  },
  policies: {
    scripted: (_, player) => always("scripted", player === "row" ? 0 : 2),
    cautious: () => always("cautious", 1),
  },
});
