/** For each check of the conformance tests an environment that it must catch, and a message that tells the cure. */
import assert from "node:assert/strict";
import { z } from "zod";
import {
  findScenario,
  group,
  makeWorld,
  particles,
  particleStep,
  scenario,
  type World,
} from "../../sim/mod.ts";
import {
  aec,
  type AecEnv,
  aecOverWorld,
  agentOrderTest,
  apiTest,
  autoresetTest,
  batchInvarianceTest,
  bombardmentTest,
  boxSpace,
  costChannelTest,
  discreteSpace,
  hashTest,
  maxCyclesTest,
  overWorld,
  parallel,
  parallelApiTest,
  type ParallelEnv,
  parallelSeedTest,
  type RenderMode,
  renderTest,
  replayTest,
  seedTest,
  snapshotForkTest,
  stateTest,
} from "../../sim/pettingzoo/mod.ts";
import { type FakeOptions, fakeWorld } from "./fake_world.ts";
import { badSteps, type Broken, broken, brokenWorld, first, rest, speaksOf } from "./pettingzoo_broken.ts";
import { heapWorld } from "./turn_world.ts";

const spread = findScenario("mpe/simple_spread_v3");
const dots = (options: FakeOptions = {}) => overWorld(fakeWorld({ leaves: 2, ...options })) as ParallelEnv;
const turns = (options: FakeOptions = {}) => aecOverWorld(fakeWorld({ leaves: 2, ...options })) as AecEnv;

/** Each environment is healthy but for one thing, and `run` must say so. */
function catches<E extends AecEnv | ParallelEnv>(
  test: string,
  make: () => E,
  run: (env: E) => unknown,
  cases: readonly Broken<E>[],
): void {
  Deno.test(`${test} lets a healthy environment pass`, () => void run(make()));
  for (const [what, change, message] of cases) {
    Deno.test(`${test} catches: ${what}`, () => {
      assert.throws(() => run(broken(make(), change)), { message });
    });
  }
}

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

/** The same space for every agent that exists. */
function always<S>(space: S): (agent: string) => S {
  return (agent) => {
    if (agent === "nobody_99") throw new Error("no such agent");
    return space;
  };
}

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

/** Environments that a seed does not pin down; `n` differs between the two that a test makes. */
const UNSEEDED:
  readonly (readonly [string, (n: number) => (env: ParallelEnv) => Partial<ParallelEnv>, RegExp])[] = [
    [
      "an unseeded start",
      (n) => (env) => ({ reset: () => env.reset({ seed: n }) }),
      /after reset\(\{ seed: 42 \}\): .* draw every random number/,
    ],
    [
      "an unseeded step, late",
      (n) => badSteps((result, t) => t === 40 ? { rewards: first(result.rewards, n) } : {}),
      /step 40: rewards\..* is 1 in one and 2 in the other/,
    ],
    [
      "unseeded episodes after the first",
      (n) => (env) => ({ reset: (start = {}) => env.reset(start.seed === undefined ? { seed: n } : start) }),
      /reset before step 5: observations\./,
    ],
    [
      "unseeded action spaces",
      (n) => (env) => ({ actionSpace: always({ ...env.actionSpace("dot_0"), sample: () => n } as never) }),
      /the sampled actions of step 0/,
    ],
    ["an unseeded state", (n) => () => ({ state: () => Float32Array.of(n) }), /the state after step 0/],
    ["another reset when it has been played", () => (env) => {
      let resets = 0;
      return {
        reset: (start = {}) => env.reset(start.seed === undefined ? start : { seed: start.seed + resets++ }),
      };
    }, /after the same seed again: .* let reset\(\{ seed \}\) forget everything/],
  ];

for (const [what, change, message] of UNSEEDED) {
  Deno.test(`parallelSeedTest() catches: ${what}`, () => {
    let n = 0;
    assert.throws(() => parallelSeedTest(() => broken(dots(), change(++n)), 60), { message });
  });
}

Deno.test("seedTest() catches: an order of agents that a seed does not pin down", () => {
  let n = 0;
  const make = () => {
    const shuffled = n++ % 2 === 1;
    return broken<AecEnv>(turns(), (env) => ({
      get agents() {
        return shuffled ? [...env.agents].reverse() : env.agents;
      },
    }));
  };
  assert.throws(() => seedTest(make, 20), { message: /agents\.0 is lead_0 in one and dot_1 in the other/ });
  seedTest(turns, 40);
});

for (const [wrong, found] of [[-1, 3], [1, 5]] as const) {
  Deno.test(`maxCyclesTest() catches: ${wrong} cycle`, () => {
    const cure = /truncate every agent when maxCycles steps were taken/;
    const said = (what: string) => (error: unknown) => {
      assert.match(String(error), new RegExp(`${what}.* ${found}, expected exactly 4`));
      assert.match(String(error), cure);
      return true;
    };
    const late = (maxCycles: number) => ({ maxCycles: maxCycles + wrong, leaves: 99 });
    assert.throws(() => maxCyclesTest((n) => dots(late(n))), said("steps of an episode"));
    assert.throws(() => maxCyclesTest((n) => turns(late(n))), said("actions of lead_0 in an episode"));
    const heap = (n: number) => aecOverWorld(heapWorld({ ...late(n), heap: 100 }));
    assert.throws(() => maxCyclesTest(heap), said("turns of an episode"));
  });
}

Deno.test("maxCyclesTest() catches: an episode without end", () => {
  assert.throws(() => maxCyclesTest(() => dots({ maxCycles: 999, leaves: 9 })), {
    message: /14, expected at most 4/,
  });
});

for (const make of [dots, turns]) {
  catches<AecEnv | ParallelEnv>(`stateTest(${make.name})`, make, (env) => stateTest(env), [
    ["a state that is no Float32Array", () => ({ state: () => [1] as never }), /it is a Float32Array/],
    [
      "NaN in the state",
      () => ({ state: () => Float32Array.of(0, NaN) }),
      /NaN at index 1: states are finite/,
    ],
    ["a state out of its space", () => ({ state: () => Float32Array.of(1) }), /out of stateSpace: widen/],
    ["a state that grows", () => {
      let n = 1;
      return { state: () => new Float32Array(n++) };
    }, /the state has 2 numbers, and had 1: keep its size/],
  ]);
}

/** An environment that draws something wrong in every mode. */
const drawn =
  (change: (env: ParallelEnv, mode: RenderMode) => Partial<ParallelEnv>) => (mode: RenderMode) => {
    return broken<ParallelEnv>(parallel(spread, { renderMode: mode }), (env) => change(env, mode));
  };
const FRAME = { camera: [0, 1, 0, 1], shapes: [], caption: "" } as const;
const draws = (only: RenderMode, rendering: unknown) => {
  return drawn((env, mode) =>
    mode === only ? { render: () => rendering as never } : { render: () => env.render() }
  );
};
const PICTURES: readonly (readonly [string, (mode: RenderMode) => ParallelEnv, RegExp])[] = [
  [
    "no modes",
    drawn((env) => ({ metadata: { ...env.metadata, renderModes: [] } })),
    /renderModes is empty: name/,
  ],
  [
    "another mode",
    drawn(() => ({ renderMode: "ansi" })),
    /renderMode is ansi in an environment made for frame/,
  ],
  ["text for a frame", draws("frame", "text"), /mode frame gave text: it gives a Frame/],
  ["a camera of nothing", draws("frame", { ...FRAME, camera: [0, 0, 0, 1] }), /the camera is \[0,0,0,1\]/],
  ["no caption", draws("frame", { ...FRAME, caption: undefined }), /the caption is undefined: it is text/],
  [
    "a disc nowhere",
    draws("frame", { ...FRAME, shapes: [{ kind: "disc", x: NaN, y: 0, r: 1, color: "red" }] }),
    /a disc stands at NaN, 0 with radius 1/,
  ],
  ["no text", draws("ansi", ""), /mode ansi gave : it gives text/],
  ["a picture for a human", draws("human", "text"), /mode human gave text: it prints, and returns nothing/],
  ["nothing for a human", draws("human", undefined), /mode human printed nothing/],
  [
    "a picture that moves the world",
    drawn((env) => ({
      render() {
        env.step({ agent_0: 1, agent_1: 1, agent_2: 1 });
        return FRAME;
      },
    })),
    /render\(\) in mode frame: .*rendering must not touch the episode/,
  ],
];

Deno.test("renderTest() lets a healthy environment pass", () => {
  renderTest((renderMode) => parallel(spread, { renderMode }));
  renderTest((renderMode) => aec(spread, { renderMode }));
});

for (const [what, make, message] of PICTURES) {
  Deno.test(`renderTest() catches: ${what}`, () => assert.throws(() => renderTest(make), { message }));
}

/** Something goes wrong at the third reset. */
const third =
  (change: (env: ParallelEnv) => Partial<ParallelEnv>) => (env: ParallelEnv): Partial<ParallelEnv> => {
    let resets = 0;
    const now = () =>
      resets > 3 ? { ...env, agents: env.agents, numAgents: env.numAgents, ...change(env) } : env;
    return {
      reset(start) {
        const shown = env.reset(start);
        resets++;
        const { observations } = now() as unknown as { observations?: Record<string, Float32Array> };
        return observations === undefined ? shown : { ...shown, observations };
      },
      get agents() {
        return now().agents;
      },
      get numAgents() {
        return now().numAgents;
      },
    };
  };

catches<ParallelEnv>("bombardmentTest()", dots, (env) => bombardmentTest(env, 12), [
  [
    "a reset that shows less",
    third(() => ({ observations: { lead_0: new Float32Array(1) } }) as never),
    /reset 3 shows .*, the first showed/,
  ],
  [
    "a reset that nobody survives",
    third(() => ({ agents: [], numAgents: 0 })),
    /reset 3 shows|there are no agents after reset 3/,
  ],
  ["nobody to play", () => ({ agents: [], numAgents: 0 }), /there are no agents after reset 1/],
  ["a reset that miscounts", third(() => ({ numAgents: 9 })), /numAgents is 9/],
]);

const charge = (cost: number) => badSteps((result) => ({ costs: first(result.costs, { far: cost }) }));
catches<ParallelEnv>("costChannelTest()", dots, (env) => costChannelTest(env, 20), [
  ["a channel twice", () => ({ channels: ["far", "far"] }), /a channel is named twice: far, far/],
  ["a channel without a name", () => ({ channels: [" "] }), /channels need names of letters and digits/],
  [
    "a channel that is never charged",
    () => ({ channels: ["far", "near"] }),
    /costs of lead_0: expected the keys far, near, found far: .* 0 where nothing happened/,
  ],
  [
    "a negative cost",
    charge(-1),
    /the cost far of lead_0 is -1: costs are finite and not negative; a gain belongs in the reward/,
  ],
  ["a cost that is no number", charge(NaN), /the cost far of lead_0 is NaN/],
  [
    "costs of some",
    badSteps((result) => ({ costs: rest(result.costs) })),
    /costs: expected the keys lead_0, dot_0, dot_1, found dot_0, dot_1: charge the agents that acted/,
  ],
]);
catches<AecEnv>("costChannelTest(AEC)", () => turns({ maxCycles: 30 }), (env) => costChannelTest(env, 60), [
  ["costs that are not added up", (env) => ({
    last: (observe) => ({ ...env.last(observe), costs: env.costs[env.agentSelection]! }),
  }), /last\(\) tells .* a cost far of 0, its steps cost it 1: add costs up as rewards/],
  ["costs of agents out of play", (env) => ({
    get costs() {
      return { ...env.costs, dot_0: { far: 0 } };
    },
  }), /costs: expected the keys .* charge the agents in play/],
]);

Deno.test("hashTest() and snapshotForkTest() let healthy environments pass", () => {
  for (const make of [() => aec(spread), () => parallel(spread), () => aecOverWorld(heapWorld())]) {
    hashTest(make, 60);
    snapshotForkTest(make as () => ReturnType<typeof aec>, [0, 4], 20);
  }
});

type SimEnv = ReturnType<typeof parallel>;
/** An environment of a scenario with other members. */
const simulated = (change: (env: SimEnv) => Partial<SimEnv>): SimEnv => {
  const env = parallel(spread);
  return Object.defineProperties(env, Object.getOwnPropertyDescriptors(change({ ...env } as SimEnv)));
};

let made = 0;
const HASHES: readonly (readonly [string, (env: SimEnv) => Partial<SimEnv>, RegExp])[] = [
  [
    "a hash that never changes",
    () => ({ hash: () => "0".repeat(16) }),
    /went through 1 hashes: hash everything/,
  ],
  ["a hash of the environment's own", () => {
    const own = `${made++}`.padStart(16, "0");
    return { hash: () => own };
  }, /the hash before step 0: .* nothing that differs between two environments played alike/],
  ["a hash that looking changes", ({ state, hash }) => {
    let looks = 0;
    return {
      state: () => (looks++, state()),
      hash: () => looks === 0 ? hash() : `${looks}`.padStart(16, "0"),
    };
  }, /after looking: .* looking must not change the state/],
  ["a hash in other digits", () => ({ hash: () => "h" }), /hash\(\) is h: it is 16 hexadecimal digits/],
];
for (const [what, change, message] of HASHES) {
  Deno.test(`hashTest() catches: ${what}`, () => {
    assert.throws(() => hashTest(() => simulated(change), 40), { message });
  });
}

const SNAPSHOTS: readonly (readonly [string, (env: SimEnv) => Partial<SimEnv>, RegExp])[] = [
  ["a snapshot without the time", ({ world, restore }) => ({
    restore(saved) {
      const shown = restore(saved);
      world.cycle[0] = 0;
      return shown;
    },
  }), /the hash after restore\(\) into the same environment, step 1/],
  [
    "a snapshot without the random streams",
    ({ world, restore }) => ({
      restore(saved) {
        const own = world.snapshot();
        restore(saved);
        const taken = Object.values(world.columns).map(({ data }) => data.slice());
        const [cycle, episode] = [world.cycle[0]!, world.episode[0]!];
        world.restore(own); // the streams that were here stay
        Object.values(world.columns).forEach(({ data }, i) => data.set(taken[i]!));
        world.cycle[0] = cycle;
        world.episode[0] = episode;
        world.refresh();
        return restore({ ...saved, world: world.snapshot() });
      },
    }),
    /the future from step 0, restored into another environment: .* keep in a snapshot everything/,
  ],
  ["a snapshot that is still alive", ({ snapshot, world }) => ({
    snapshot: () => {
      const saved = snapshot();
      return {
        ...saved,
        get world() {
          return world.snapshot();
        },
      };
    },
  }), /the hash after restore\(\) into the same environment, step 0/],
  ["a snapshot that steps", ({ snapshot, step }) => ({
    snapshot: () => (step({ agent_0: 0, agent_1: 0, agent_2: 0 }), snapshot()),
  }), /snapshot\(\) after 0 steps changed the hash: it must only look/],
];
for (const [what, change, message] of SNAPSHOTS) {
  Deno.test(`snapshotForkTest() catches: ${what}`, () => {
    assert.throws(() => snapshotForkTest(() => simulated(change), [0, 1], 40), { message });
  });
}

/** A scenario that counts how often it is asked, which its code hash does not show: `odd(n)` is part of the n-th reward. */
function moody(odd: (asked: number) => number) {
  let asked = 0;
  return scenario({
    id: "test/moody",
    maxCycles: 5,
    params: z.strictObject({}),
    world: () => particles({ agents: group("agent", 1, { size: 0.1 }) }),
    reset: (k) => {
      for (const a of k.agents) k.place(a, k.uniform2(-1, 1));
    },
    dynamics: particleStep,
    observe: (_, a) => a.pos,
    reward: (_, a) => a.pos.length().add(odd(++asked)),
  });
}

Deno.test("replayTest() catches: a scenario that remembers what it played", () => {
  const backend = { backend: "eval" } as const;
  replayTest(spread);
  replayTest(moody(() => 0), backend);
  /** How often a scenario is asked before its first step, and while the environment is played. */
  const [before, played] = [2, 5];
  const inPlay = moody((asked) => asked === before + 3 ? 1 : 0);
  assert.throws(() => replayTest(inPlay, backend), {
    message: /step \d of the replay: arrays\.0\.0 is .* let the scenario depend on/,
  });
  const inReplay = moody((asked) => asked === 2 * before + played + 3 ? 1 : 0);
  assert.throws(() => replayTest(inReplay, backend), {
    message: /the replay does not verify: step \d .* reward/,
  });
  let starts = 0;
  const changing = moody(() => 0);
  const other = { ...changing, reward: () => starts++ };
  assert.throws(() => replayTest(other), {
    message: /the scenario has changed since|not what its actions lead to/,
  });
});

const batch = (change: (world: World) => void) => (options: { envs: number; firstEnv: number }) => {
  return brokenWorld(makeWorld(spread, options), change);
};
Deno.test("batchInvarianceTest() catches: what depends on the batch", () => {
  const make = (options: { envs: number; firstEnv: number }) => makeWorld(spread, options);
  batchInvarianceTest(make);
  const crowd = batch(({ reward, spec: { E } }) => void (reward[0] = E));
  assert.throws(() => batchInvarianceTest(crowd), {
    message:
      /environment 0, alone and in a batch of 4, step 0: reward\.0 is 1 in one and 4 in the other: key random streams by environment/,
  });
  const placed = ({ envs, firstEnv }: { envs: number; firstEnv: number }) => {
    const world = makeWorld(spread, { envs, firstEnv });
    return brokenWorld(world, undefined, { hash: (env) => `${env}${world.hash(env)}` });
  };
  assert.throws(() => batchInvarianceTest(placed), {
    message: /environment 1, alone and in a batch of 4, step 0: the value is 0\w+ in one and 1/,
  });
  const unkeyed = ({ envs }: { envs: number }) => makeWorld(spread, { envs });
  assert.throws(() => batchInvarianceTest(unkeyed), { message: /environment 1, alone/ });
});

Deno.test("agentOrderTest() catches: actions read in the order of their keys", () => {
  agentOrderTest(dots);
  const make = () =>
    broken(dots(), (env) => ({
      step: (actions) => {
        const values = Object.values(actions);
        return env.step(Object.fromEntries(env.agents.map((agent, i) => [agent, values[i]!])));
      },
    }));
  assert.throws(() => agentOrderTest(make), {
    message: /keys in another order: .* read each agent's action by its name/,
  });
});

Deno.test("agentOrderTest() catches: a shared reward that is not shared", () => {
  const shared = () => parallel(spread, { params: { localRatio: 0 } });
  assert.ok(shared().spec.sharedReward);
  agentOrderTest(shared);
  assert.throws(
    () =>
      agentOrderTest(() =>
        broken<ParallelEnv>(shared(), badSteps((result) => ({ rewards: first(result.rewards, 1) })))
      ),
    {
      message: /the reward is shared, and agent_0 gets 1, agent_1 -.*: compute it once/,
    },
  );
});

Deno.test("agentOrderTest() catches: a reward that depends on who is first", () => {
  const make = () => parallel(spread, { params: { localRatio: 0 } });
  const swap = ({ world }: ReturnType<typeof make>) => {
    for (const { data } of [world.columns["pos"]!, world.columns["vel"]!]) {
      const [first, last] = [data.slice(0, 2), data.slice(4, 6)];
      data.set(last, 0);
      data.set(first, 4);
    }
    world.refresh();
  };
  agentOrderTest(make, { swap });
  const ranked = () => {
    const env = make();
    const { step } = env;
    return Object.assign(env, {
      step: (actions: Parameters<typeof step>[0]) => {
        const result = step(actions);
        const x = env.world.columns["pos"]!.data[0]!;
        return { ...result, rewards: Object.fromEntries(env.spec.agents.map((agent) => [agent, x])) };
      },
    });
  };
  assert.throws(() => agentOrderTest(ranked, { swap }), {
    message:
      /agent_0 and agent_2 changed places, and the reward of .* let it not depend on the order of agents/,
  });
});

/** What a world does wrong where an episode ends. */
const BOUNDARIES: readonly (readonly [string, (world: World) => void, RegExp])[] = [
  [
    "a last observation that is lost",
    (world) => world.finalObs.set(world.obs),
    /finalObs: .* show its last observation in finalObs/,
  ],
  ["a last state that is lost", (world) => world.finalState.fill(0), /final(Obs|State): .* finalState/],
  [
    "a reward of the next episode",
    (world) => void (world.done[0] === 1 && world.reward.fill(0)),
    /reward of the last step: .* reward is of the ended episode/,
  ],
  [
    "a cost of the next episode",
    (world) => void (world.done[0] === 1 && world.cost.fill(9)),
    /cost of the last step/,
  ],
  [
    "an episode that has not begun",
    (world) => void (world.done[0] === 1 && world.obs.set(world.finalObs)),
    /after the end: .* reset in the same step/,
  ],
  ["time that runs on", (world) => void (world.done[0] === 1 && (world.cycle[0] = 6)), /after the end/],
  [
    "cycles that are not counted",
    (world) => void (world.cycle[0] = 0),
    /cycle is 0 after 1 steps: count them/,
  ],
  [
    "no end",
    (world) => void world.done.fill(0),
    /cycle is 0 after 6 steps|did not end an episode of at most 6/,
  ],
  [
    "an end that nobody is told of",
    (world) => void world.truncated.fill(0),
    /nobody is terminated or truncated: say which/,
  ],
  [
    "both ends at once",
    (world) => void (world.done[0] === 1 && world.terminated.fill(1)),
    /agent_0 is both terminated and truncated/,
  ],
  [
    "a truncation too soon",
    (world) => void world.truncated.fill(1),
    /truncated in step 0, and the episode goes on/,
  ],
  ["a next episode of another seed", (world) => {
    if (world.done[0] !== 1) return;
    world.reset(99, 1);
    world.done[0] = 1;
    world.truncated.fill(1);
  }, /finalObs|reward of the last step|after the end/],
];
Deno.test("autoresetTest() lets a healthy world pass", () =>
  autoresetTest((maxCycles) => makeWorld(spread, { maxCycles })));
for (const [what, change, message] of BOUNDARIES) {
  Deno.test(`autoresetTest() catches: ${what}`, () => {
    // only the world that is tested: the two that it is compared with are healthy
    let worlds = 0;
    const make = (maxCycles: number) => {
      const world = makeWorld(spread, { maxCycles });
      return worlds++ === 0 ? brokenWorld(world, change) : world;
    };
    assert.throws(() => autoresetTest(make, 6, 1), { message });
  });
}

Deno.test("autoresetTest() catches: what else can differ", () => {
  const against = (
    change: (world: World) => void,
    members: (world: World) => Partial<World> = () => ({}),
  ) => {
    let worlds = 0;
    return (maxCycles: number) => {
      const world = makeWorld(spread, { maxCycles });
      return worlds++ === 0 ? brokenWorld(world, change, members(world)) : world;
    };
  };
  const nothing = () => {};
  assert.throws(() => autoresetTest(against(nothing, () => ({ finalState: new Float64Array(54) }))), {
    message: /finalState: 0 is .* in one and 0 in the other: where an episode ends, show its last/,
  });
  assert.throws(() => autoresetTest(against(nothing, () => ({ hash: () => "0" }))), {
    message: /the hash after the end: .* reset in the same step/,
  });
  const later = ({ cycle, episode, obs }: World) => {
    if (cycle[0] === 2 && episode[0] === 1) obs[0] = 9;
  };
  assert.throws(() => autoresetTest(against(later)), {
    message: /step 1 of the next episode: obs\.0 is .* and 9/,
  });
  let worlds = 0;
  const endless = (maxCycles: number) => makeWorld(spread, { maxCycles: worlds++ === 0 ? 99 : maxCycles });
  assert.throws(() => autoresetTest(endless), {
    message: /7 steps did not end an episode of at most 6: set done/,
  });
});

Deno.test("autoresetTest() catches: a truncation before its time", () => {
  let worlds = 0;
  const make = (maxCycles: number) =>
    makeWorld(spread, { maxCycles: worlds++ === 0 ? maxCycles - 2 : maxCycles });
  assert.throws(() => autoresetTest(make, 6, 1), { message: /agent_0 is truncated before maxCycles/ });
});
