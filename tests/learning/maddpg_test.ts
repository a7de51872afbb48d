/**
 * MADDPG with discrete actions (relaxed by Gumbel-softmax) and with continuous ones, on simple_spread (random −26.1 per
 * agent with discrete actions) and simple_adversary (random agents 7.6 against a random adversary). 200,000 environment
 * steps, 5 seeds each: the final policies return more than random play, intervals apart; in simple_adversary each side
 * does so against a random other side.
 */
import { aboveRandom, learn, type Lesson } from "./frame/mod.ts";

const common = { algorithm: "maddpg", settings: { updates: 8 }, steps: 200_000, envs: 32 };

learn(
  "maddpg",
  (["discrete", "continuous"] as const).flatMap((actions): Lesson[] => [
    {
      label: `maddpg, spread, ${actions}`,
      trial: { ...common, scenario: "mpe/simple_spread_v3", actions },
      bar: aboveRandom("return"),
    },
    {
      label: `maddpg, adversary, ${actions}`,
      trial: {
        ...common,
        scenario: "mpe/simple_adversary_v3",
        actions,
        matches: { agents: { adversary: "random" }, adversary: { agent: "random" } },
      },
      scores: {
        agents: ({ agents }) => agents!.groups.agent!.mean,
        adversary: ({ adversary }) => adversary!.groups.adversary!.mean,
      },
      bar: aboveRandom("agents", "adversary"),
    },
  ]),
);
