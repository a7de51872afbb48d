/**
 * Physical deception: two agents know which landmark counts and gather there; an adversary, who does not, must guess it
 * from what they do. Random play returns −28.2 to the adversary and 7.6 to an agent, scripted play −15.8 and 10.3.
 * Both sides learn with MAPPO, in a part of the updates against the other side's past. 400,000 environment steps, 5 seeds:
 * against the same frozen opponents, policies of the other side from 10 % of the training to its end, each side's last
 * policy returns more than the one it had after 25 %, intervals apart.
 */
import { learn } from "./frame/mod.ts";
import { progress } from "./frame/pool.ts";

const { matches, scores, bar } = progress("adversary", "agent");

learn("adversary", [{
  trial: {
    scenario: "mpe/simple_adversary_v3",
    algorithm: "mappo",
    settings: { horizon: 25, epochs: 5, minibatches: 4, gamma: 0.95, actorRate: 3e-4, maxNorm: 10 },
    steps: 400_000,
    envs: 128,
    selfPlay: { every: 20, pool: 10, share: 0.5 },
    matches,
    stochastic: true,
  },
  scores,
  bar,
}]);
