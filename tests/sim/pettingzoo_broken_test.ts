/** For each check of the API tests an environment that it must catch, and a message that tells the cure. */
import assert from "node:assert/strict";
import { findScenario } from "../../sim/mod.ts";
import {
  type AecEnv,
  apiTest,
  boxSpace,
  discreteSpace,
  parallel,
  parallelApiTest,
  type ParallelEnv,
} from "../../sim/pettingzoo/mod.ts";
import {
  always,
  badSteps,
  type Broken,
  broken,
  catches,
  dots,
  first,
  rest,
  speaksOf,
  turns,
} from "./pettingzoo_broken.ts";

const spread = findScenario("mpe/simple_spread_v3");
const never = discreteSpace(3, "never");
const box = boxSpace({ low: -1, high: 1, shape: [2] }, "box");

/** What both API tests look for in either API. */
const COMMON: readonly Broken<AecEnv | ParallelEnv>[] = [
  [
    "maxNumAgents counts others",
    () => ({ maxNumAgents: 7 }),
    /maxNumAgents is 7, .* let maxNumAgents be its length/,
  ],
  [
    "numAgents counts others",
    () => ({ numAgents: 7 }),
    /numAgents is 7.* let numAgents be the length of agents/,
  ],
  [
    "an agent that was never possible",
    () => ({ possibleAgents: ["dot_0", "dot_1"], maxNumAgents: 2 }),
    /lead_0 is in agents and not in possibleAgents: list it there/,
  ],
  [
    "an agent twice",
    () => ({ agents: ["dot_0", "dot_0"], numAgents: 2 }),
    /agents has an agent twice: dot_0, dot_0/,
  ],
  ["nobody to play", () => ({ agents: [], numAgents: 0 }), /there are no agents after reset\(\)/],
  [
    "a new space each time",
    () => ({ actionSpace: () => discreteSpace(3, "a") }),
    /a new object at each call: make it once/,
  ],
  [
    "a space that does not contain its samples",
    () => ({ actionSpace: always({ ...never, contains: () => false }) }),
    /does not contain its own sample/,
  ],
  [
    "a space that forgets its seed",
    () => ({ actionSpace: always({ ...never, seed: () => {}, sample: counter(3) }) }),
    /draws otherwise after the same seed/,
  ],
  [
    "bounds the wrong way round",
    () => ({ observationSpace: always({ ...box, low: box.high, high: box.low }) }),
    /low 1 is above high -1 at index 0: swap them/,
  ],
  [
    "too few bounds",
    () => ({ observationSpace: always({ ...box, low: Float32Array.of(-1) }) }),
    /its bounds have 1 and 2 numbers, its shape \[2\] 2/,
  ],
  [
    "an empty box",
    () => ({ observationSpace: always(boxSpace({ low: 0, high: 1, shape: [0] }, "empty")) }),
    /is empty: a box holds at least one number/,
  ],
  [
    "spaces for agents that do not exist",
    (env) => {
      const space = env.actionSpace("dot_0");
      return { actionSpace: () => space };
    },
    /actionSpace\("nobody_99"\) must throw/,
  ],
  [
    "a wrapper for unwrapped",
    (env) => ({ unwrapped: broken(env, () => ({})) }),
    /unwrapped is itself wrapped: give the innermost/,
  ],
];

/** 0, 1, …, n - 1, 0, … whatever the seed. */
function counter(n: number): () => number {
  let i = 0;
  return () => i++ % n;
}

/** Observations that are wrong from some step on. */
function badObservations(change: (observation: Float32Array) => unknown): (env: AecEnv) => Partial<AecEnv> {
  return (env) => ({
    last(observe = true) {
      const last = env.last(observe);
      return last.observation === null
        ? last
        : { ...last, observation: change(last.observation) as Float32Array };
    },
  });
}

catches<AecEnv>("apiTest()", turns, (env) => apiTest(env, 20), [
  ...COMMON as readonly Broken<AecEnv>[],
  [
    "agents finished from the start",
    (env) => {
      let steps = 0;
      return {
        step: (action) => (steps++, env.step(action)),
        get terminations() {
          return steps === 0 ? first(env.terminations, true) : env.terminations;
        },
      };
    },
    /lead_0 is finished right after reset\(\): let reset\(\) clear terminations/,
  ],
  ["a stranger's turn", () => ({ agentSelection: "dot_9" }), /agentSelection dot_9 is not in agents/],
  [
    "an observation that was not asked for",
    (env) => ({ last: () => env.last() }),
    /last\(false\) shows an observation: give null/,
  ],
  ["NaN in an observation", badObservations((seen) => seen.map(() => NaN)), /is NaN at index 0: .* finite/],
  ["an empty observation", badObservations(() => new Float32Array()), /the observation of lead_0 is empty/],
  ["no observation", badObservations(() => undefined), /the observation of lead_0 is undefined: show it one/],
  [
    "an observation of another size",
    badObservations(() => new Float32Array(9)),
    /is out of its space: .* widen/,
  ],
  ["an observation in doubles", badObservations((seen) => Array.from(seen)), /is no Float32Array/],
  [
    "no info",
    (env) => ({ last: (observe) => ({ ...env.last(observe), info: null as never }) }),
    /the info of lead_0 is null: give \{\}/,
  ],
  [
    "a mask of the wrong size",
    (env) => ({ last: (observe) => ({ ...env.last(observe), info: { actionMask: Uint8Array.of(1) } }) }),
    /the actionMask of lead_0 is \[1\]: it is one 0 or 1 for each of its 3 actions/,
  ],
  [
    "rewards that are not added up",
    (env) => ({
      last: (observe) => ({ ...env.last(observe), reward: env.rewards[env.agentSelection]! }),
    }),
    /last\(\) tells \w+ a reward of .* add up to .*: add each step's rewards to a cumulative one/,
  ],
  [
    "costs that are not added up",
    (env) => ({ last: (observe) => ({ ...env.last(observe), costs: { far: 7 } }) }),
    /last\(\) tells lead_0 a cost far of 7, .* add up to 0/,
  ],
  [
    "a step that returns",
    (env) => ({ step: (action) => (env.step(action), 1 as never) }),
    /step\(\) returned 1: an AEC environment's step returns nothing/,
  ],
  [
    "an agent that stays after its last step",
    (env) => speaksOf(env, () => env.numAgents === 2 ? ["lead_0", "dot_1", "dot_0"] : env.agents),
    /dot_0 is in agents after its last step: take it out/,
  ],
  [
    "an agent that leaves without a last step",
    (env) => speaksOf(env, () => env.agents.filter((agent) => !env.terminations[agent])),
    /dot_0 left agents before its last step: keep it until it has stepped with null/,
  ],
  ["rewards of agents out of play", (env) => ({
    get rewards() {
      return { dot_0: 0, ...env.rewards };
    },
  }), /rewards: expected the keys lead_0, dot_1, .* keep the agents in play and drop the others/],
  ["costs without a channel", (env) => ({
    get costs() {
      return first(env.costs, {});
    },
  }), /costs of lead_0: expected the keys far, found none|cost far/],
  ["a reward that is no number", (env) => ({
    get rewards() {
      return first(env.rewards, NaN);
    },
  }), /the reward of lead_0 is NaN: rewards are finite numbers/],
  ["a termination that is no boolean", (env) => ({
    get terminations() {
      return { ...env.terminations, dot_1: 0 as never };
    },
  }), /the termination of dot_1 is 0: it is true or false/],
  [
    "a last() that tells another end",
    (env) => ({ last: (observe) => ({ ...env.last(observe), termination: true }) }),
    /last\(\) and the books of lead_0: termination is true in one and false in the other/,
  ],
  [
    "a last() that tells another info",
    (env) => ({
      get infos() {
        return first(env.infos, { surprise: 1 });
      },
    }),
    /last\(\) and the books of lead_0: info.surprise is undefined in one and 1 in the other/,
  ],
  [
    "a finished agent in agents again",
    (env) => {
      let steps = 0;
      const late = () => env.numAgents === 2 && steps > 9;
      const back = speaksOf(env, () => late() ? ["lead_0", "dot_1", "dot_0"] : env.agents);
      return Object.assign(back, {
        step: (action: Parameters<AecEnv["step"]>[0]) => (steps++, env.step(action)),
      });
    },
    /dot_0 is finished and back in agents: who is finished does not return/,
  ],
]);

Deno.test("apiTest() catches: an action mask where actions are continuous", () => {
  const env = broken<AecEnv>(turns({ kind: "continuous" }), (env) => ({
    last: (observe) => ({ ...env.last(observe), info: { actionMask: Uint8Array.of(1) } }),
  }));
  assert.throws(() => apiTest(env, 5), {
    message: /lead_0 is shown an actionMask, and its actions are continuous/,
  });
});

Deno.test("apiTest() catches: an agent that comes back", () => {
  const env = turns();
  let [back, left] = [false, false];
  const undead = broken<AecEnv>(env, () => ({
    reset: (start) => (left = back = false, env.reset(start)),
    step(action) {
      if (back) {
        back = false;
        return;
      }
      env.step(action);
      back = !left && env.numAgents === 2;
      left ||= back;
    },
    get agentSelection() {
      return back ? "dot_0" : env.agentSelection;
    },
    *agentIter(most = Infinity) {
      for (let i = 0; i < most && env.numAgents > 0; i++) yield back ? "dot_0" : env.agentSelection;
    },
  }));
  assert.throws(() => apiTest(undead, 10), { message: /dot_0 acts again after it was finished/ });
});

Deno.test("apiTest() catches: an action that only one kind of array can hold", () => {
  const env = broken<AecEnv>(turns({ kind: "continuous" }), (env) => ({
    step(action) {
      if (Array.isArray(action)) throw new Error("action.buffer is undefined");
      env.step(action);
    },
  }));
  assert.throws(() => apiTest(env, 5), { message: /action.buffer is undefined/ });
});

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
