/**
 * Climbing: the best of nine joint actions lies beside the worst, so that a player who tries its half alone is punished.
 *
 * Source       Claus, Boutilier 1998, "The dynamics of reinforcement learning in cooperative multiagent systems"; 25
 *              rounds as in Papoudakis et al. 2021, arXiv:2006.07869
 * Action       [3]  a, b or c
 * Observation  see `matrix_game.ts`
 * Reward       shared, by row's and column's action:
 *
 *                   a    b   c
 *              a   11  −30   0
 *              b  −30    7   0
 *              c    0    6   5
 *
 * Optimum      11 per round, by (a, a); learners that average over a random partner end at (c, c) or (b, b)
 *
 * @module
 */
import { always, gameParams, matrixGame, shared } from "../matrix_game.ts";

const TABLE = [[11, -30, 0], [-30, 7, 0], [0, 6, 5]];

export const climbing = matrixGame({
  id: "matrix/climbing",
  summary: "Two players find the best of nine joint actions, which lies beside the worst",
  params: gameParams(25, 0),
  actions: () => ["a", "b", "c"],
  payoffs: () => shared(TABLE),
  policies: { scripted: () => always("scripted", 0), cautious: () => always("cautious", 2) },
});
