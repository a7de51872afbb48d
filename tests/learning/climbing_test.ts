/**
 * The climbing game, 25 rounds: the best joint action pays 11 per round and the fall beside it costs 30; 7 and 5 are
 * safer. Random play returns −3.8 per round, the scripted pair 11. Mean reward per round, 5 seeds.
 */
import { atLeast, learn } from "./frame/mod.ts";

learn("climbing", [{
  trial: {
    scenario: "matrix/climbing",
    algorithm: "mappo",
    settings: { horizon: 25, epochs: 4, minibatches: 1, gamma: 0, entropy: 0.05 },
    steps: 300_000,
    envs: 32,
  },
  scores: { "per round": ({ learned }) => learned!.return.mean / 25 },
  bar: atLeast(7),
}]);
