/**
 * The penalty game with k = −100, 25 rounds: two joint actions pay 10 per round, missing each other costs 100, and a safe
 * one pays 2. Random play returns −20.1 per round, the scripted pair 10. MAPPO, 150,000 environment steps, 5 seeds: at
 * least 2 per round.
 */
import { atLeast, learn } from "./frame/mod.ts";

learn("penalty", [{
  trial: {
    scenario: "matrix/penalty",
    params: { k: -100 },
    algorithm: "mappo",
    settings: { horizon: 25, epochs: 4, minibatches: 1, gamma: 0, entropy: 0.3 },
    steps: 150_000,
    envs: 32,
  },
  scores: { "per round": ({ learned }) => learned!.return.mean / 25 },
  bar: atLeast(2),
}]);
