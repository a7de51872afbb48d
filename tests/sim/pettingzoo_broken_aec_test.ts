/** For each check of `apiTest` an environment that it must catch, and a message that tells the cure. */
import assert from "node:assert/strict";
import { type AecEnv, apiTest } from "../../sim/pettingzoo/mod.ts";
import { type Broken, broken, catches, first, speaksOf, turns } from "./pettingzoo_broken.ts";
import { COMMON } from "./pettingzoo_broken_either.ts";

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
