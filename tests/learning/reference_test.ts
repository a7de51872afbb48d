/**
 * Two agents must each go to a landmark that only the other knows, so that both speak and move at once. Random play
 * returns −28.2 per agent, scripted play −7.6. MAPPO, 3 M environment steps, 5 seeds: the interquartile mean of the final
 * policies' returns is at least −10.
 */
import { atLeast, learn } from "./frame/mod.ts";

learn("reference", [{
  trial: {
    scenario: "mpe/simple_reference_v3",
    algorithm: "mappo",
    settings: { horizon: 25, epochs: 10, minibatches: 4, gamma: 0.95, actorRate: 1e-3, maxNorm: 10 },
    steps: 3_000_000,
    envs: 128,
  },
  bar: atLeast(-10),
}]);
