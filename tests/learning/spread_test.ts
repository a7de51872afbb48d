/**
 * Three agents spread over three landmarks and do not collide (MPE2's rewards, mean per agent). Random play returns
 * −26.1, the scripted team −8.3. MAPPO, 4 M environment steps, 5 seeds: the interquartile mean of the final policies'
 * returns is at least −9.5, and no seed trains for more than 5 minutes.
 */
import { atLeast, learn } from "./frame/mod.ts";

learn("spread", [{
  trial: {
    scenario: "mpe/simple_spread_v3",
    algorithm: "mappo",
    settings: {
      horizon: 25,
      epochs: 10,
      minibatches: 2,
      gamma: 0.95,
      actorRate: 7e-4,
      criticRate: 1e-3,
      maxNorm: 10,
      targetKl: 0.05,
    },
    steps: 4_000_000,
    envs: 128,
  },
  bar: atLeast(-9.5),
  seconds: 300,
}]);
