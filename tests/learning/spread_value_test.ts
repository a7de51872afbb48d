/**
 * The same three agents as in `spread`, by values instead of a policy: PQN-VDN, whose values add up to that of the team's
 * mean reward. Random play returns −26.1, the scripted team −8.3. 3 M environment steps, 5 seeds: the interquartile mean
 * of the final greedy policies' returns is at least −10.5.
 */
import { atLeast, learn } from "./frame/mod.ts";

learn("spread_value", [{
  trial: {
    scenario: "mpe/simple_spread_v3",
    algorithm: "pqn_vdn",
    settings: { teamReward: "mean", horizon: 25, epsilonEnd: 0.02, epsilonUntil: 0.2 },
    steps: 3_000_000,
    envs: 128,
  },
  bar: atLeast(-10.5),
}]);
