/** For each check of `parallelApiTest` an environment that it must catch, and a message that tells the cure. */
import assert from "node:assert/strict";
import { findScenario } from "../../sim/mod.ts";
import { boxSpace, parallel, parallelApiTest, type ParallelEnv } from "../../sim/pettingzoo/mod.ts";
import { always, badSteps, type Broken, broken, catches, dots, first, rest } from "./pettingzoo_broken.ts";
import { COMMON } from "./pettingzoo_broken_either.ts";

const spread = findScenario("mpe/simple_spread_v3");

Deno.test("API tests warn of what is seldom meant", () => {
  const odd = { low: Float32Array.of(-Infinity, 1), high: Float32Array.of(1, 1), shape: [2] };
  const space = boxSpace(odd, "odd");
  const env = broken(parallel(spread, { actions: "continuous" }) as ParallelEnv, (env) => ({
    actionSpace: always(space),
    step: () => env.step(Object.fromEntries(env.agents.map((agent) => [agent, [0, 0, 0, 0, 0]]))),
  }));
  const warnings = parallelApiTest(env, 3);
  assert.ok(warnings.some((warning) => /actions of agent_0 have no bounds/.test(warning)));
  assert.ok(warnings.some((warning) => /actions of agent_0 have equal bounds/.test(warning)));
});

catches<ParallelEnv>("parallelApiTest()", dots, (env) => parallelApiTest(env, 20), [
  ...COMMON as readonly Broken<ParallelEnv>[],
  [
    "an observation too few",
    badSteps((result) => ({ observations: rest(result.observations) })),
    /observations: expected the keys lead_0, dot_0, dot_1, found dot_0, dot_1/,
  ],
  [
    "an info too many",
    badSteps((result) => ({ infos: { ...result.infos, dot_9: {} } })),
    /infos: .* and of nobody else/,
  ],
  ["rewards by other names", badSteps(() => ({ rewards: { lead: 1 } })), /rewards: expected the keys/],
  ["no costs", badSteps(() => ({ costs: {} })), /costs: expected the keys/],
  [
    "a channel too few",
    badSteps((result) => ({ costs: first(result.costs, {}) })),
    /costs of lead_0: expected the keys far/,
  ],
  [
    "no terminations",
    badSteps(() => ({ terminations: undefined as never })),
    /terminations: expected an object/,
  ],
  [
    "a truncation that is a number",
    badSteps((result) => ({ truncations: first(result.truncations, 1 as never) })),
    /the truncation of lead_0 is 1/,
  ],
  [
    "an infinite reward",
    badSteps((result) => ({ rewards: first(result.rewards, Infinity) })),
    /the reward of lead_0 is Infinity/,
  ],
  [
    "NaN in an observation",
    badSteps((result) => ({
      observations: first<Float32Array>(result.observations, Float32Array.of(NaN, 0)),
    })),
    /NaN at index 0/,
  ],
  [
    "an end that nobody was told of",
    badSteps((result) => ({
      terminations: Object.fromEntries(Object.keys(result.terminations).map((agent) => [agent, false])),
    })),
    /left agents and was not told that it is finished/,
  ],
  [
    "a finished agent in agents",
    badSteps((result) => ({ terminations: first(result.terminations, true) })),
    /lead_0 is finished and still in agents: take it out/,
  ],
]);

Deno.test("parallelApiTest() catches: an agent that comes back", () => {
  const env = parallel(spread);
  let t = 0;
  const undead = broken<ParallelEnv>(env, () => ({
    get agents() {
      return t === 1 ? ["agent_0", "agent_1"] : env.agents;
    },
    get numAgents() {
      return t === 1 ? 2 : env.numAgents;
    },
    reset: (start) => (t = 0, env.reset(start)),
    step(actions) {
      const result = env.step({ ...actions, agent_2: actions.agent_2 ?? 0 });
      t++;
      const only = <T>(values: Record<string, T>) => {
        return Object.fromEntries(Object.keys(actions).map((agent) => [agent, values[agent]!]));
      };
      return {
        observations: only(result.observations),
        infos: only(result.infos),
        rewards: only(result.rewards),
        costs: only(result.costs),
        terminations: only({ ...result.terminations, agent_2: t === 1 || result.terminations.agent_2! }),
        truncations: only(result.truncations),
      };
    },
  }));
  assert.throws(() => parallelApiTest(undead, 10), {
    message: /agent_2 is finished and back in agents: who is finished does not return/,
  });
});
