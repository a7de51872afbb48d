/**
 * Level-based foraging, `Foraging-8x8-2p-2f-coop`: two players on 8 × 8 cells must load each of two foods together. The
 * score is the sum over both players, as the original counts it: 1 is all food (0.5 per agent, Paddock's mean return).
 * Random legal play gets 0.01 of it, the scripted pair 0.97. MAPPO, 1 M environment steps, 5 seeds: the
 * interquartile mean of the final policies, acting as they trained, is at least 0.95.
 */
import { atLeast, learn } from "./frame/mod.ts";

learn("foraging", [{
  trial: {
    scenario: "grid/foraging",
    params: { coop: true },
    algorithm: "mappo",
    settings: { horizon: 25, epochs: 5, minibatches: 4, actorRate: 1e-3, maxNorm: 10 },
    steps: 1_000_000,
    envs: 64,
    stochastic: true,
  },
  scores: { "sum of both": ({ learned }) => 2 * learned!.return.mean },
  bar: atLeast(0.95),
}]);
