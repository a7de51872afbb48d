/**
 * The climbing game, 25 rounds: the best joint action pays 11 per round and the fall beside it costs 30; 7, 6 and 5 are
 * safer, and most learners end there. Random play returns −3.4 per round, the scripted pair 11. MAPPO with an entropy
 * bonus that keeps both players trying, 150,000 environment steps, 5 seeds: at least 7 per round.
 */
import { atLeast, learn } from "./frame/mod.ts";

learn("climbing", [{
  trial: {
    scenario: "matrix/climbing",
    algorithm: "mappo",
    settings: { horizon: 25, epochs: 4, minibatches: 1, gamma: 0, entropy: 0.3 },
    steps: 150_000,
    envs: 32,
  },
  scores: { "per round": ({ learned }) => learned!.return.mean / 25 },
  bar: atLeast(7),
}]);
