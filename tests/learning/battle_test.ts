/**
 * A team of five against as many scripted foes (battle/skirmish). The score is the share of 500 battles won, 1 less the
 * cost `defeat`. Random play wins none, the foes' own script 49 %, the best script there is 87 %. QMIX and MAPPO, 400,000
 * environment steps, 5 seeds each: the interquartile mean of the final policies wins at least 90 %.
 */
import { atLeast, learn, type Reports } from "./frame/mod.ts";

const scenario = "battle/skirmish";
const steps = 400_000;
const scores = { "battles won": ({ learned }: Reports) => 1 - learned!.costs.defeat!.mean };

learn("battle", [
  {
    trial: {
      scenario,
      algorithm: "qmix",
      settings: { horizon: 30, updates: 8, lambda: 0.6, rate: 1e-3, epsilonUntil: 0.15, targetEvery: 4 },
      steps,
      envs: 32,
    },
    scores,
    bar: atLeast(0.9),
  },
  {
    trial: { scenario, algorithm: "mappo", settings: { horizon: 60 }, steps, envs: 64 },
    scores,
    bar: atLeast(0.9),
  },
]);
