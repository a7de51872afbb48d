/**
 * A speaker that cannot move tells a listener that cannot see the target which of three landmarks it is: they must agree
 * on a language. Random play returns −40.7 per agent, the scripted pair −7.0. MAPPO, 1.5 M environment steps, 5 seeds:
 * the interquartile mean of the final policies' returns is at least −8.
 */
import { atLeast, learn } from "./frame/mod.ts";

learn("speaker_listener", [{
  trial: {
    scenario: "mpe/simple_speaker_listener_v4",
    algorithm: "mappo",
    settings: { horizon: 25, epochs: 5, minibatches: 4, gamma: 0.95, actorRate: 1e-3, maxNorm: 10 },
    steps: 1_500_000,
    envs: 128,
  },
  bar: atLeast(-8),
}]);
