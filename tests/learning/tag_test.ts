/**
 * Tag: three predators catch one faster prey; each catch pays each predator 10. Two lessons with MAPPO, 5 seeds each.
 *
 * Predators that train against random prey, 1.5 M environment steps, return at least 40 each against it (random
 * predators 5, scripted ones 50). Where both sides train, 750,000 steps, and in most of the updates one side meets the
 * other's past or its untrained policy, the prey concedes to its predators at most half of what random prey concedes to
 * the same predators (random play on both sides: all of it).
 */
import { atLeast, atMost, learn } from "./frame/mod.ts";

const common = {
  scenario: "mpe/simple_tag_v3",
  algorithm: "mappo",
  settings: { horizon: 25, epochs: 5, minibatches: 4, gamma: 0.95, actorRate: 1e-3, maxNorm: 10 },
  steps: 1_500_000,
  envs: 128,
} as const;

learn("tag", [
  {
    label: "mappo against random prey",
    trial: { ...common, fixed: { agent: "random" }, matches: { chase: { agent: "random" } } },
    scores: { "return of a predator": ({ chase }) => chase!.groups.adversary!.mean },
    bar: atLeast(40),
  },
  {
    label: "mappo on both sides",
    trial: {
      ...common,
      settings: { ...common.settings, gamma: 0.85 },
      steps: 750_000,
      selfPlay: { every: 20, pool: 10, share: 0.7, untrained: 0.5 },
      matches: { learned: {}, random: { agent: "random" } },
    },
    scores: {
      "share conceded": ({ learned, random }) =>
        learned!.groups.adversary!.mean / random!.groups.adversary!.mean,
      "against the prey": ({ learned }) => learned!.groups.adversary!.mean,
      "against random prey": ({ random }) => random!.groups.adversary!.mean,
    },
    bar: atMost(0.5),
  },
]);
