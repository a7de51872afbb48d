/** For each check of PettingZoo's other suites, and of that of costs, an environment that it must catch. */
import assert from "node:assert/strict";
import { findScenario } from "../../sim/mod.ts";
import {
  aec,
  type AecEnv,
  aecOverWorld,
  bombardmentTest,
  costChannelTest,
  maxCyclesTest,
  parallel,
  type ParallelEnv,
  parallelSeedTest,
  type RenderMode,
  renderTest,
  seedTest,
  stateTest,
} from "../../sim/pettingzoo/mod.ts";
import { always, badSteps, broken, catches, dots, first, rest, turns } from "./pettingzoo_broken.ts";
import { heapWorld } from "./turn_world.ts";

const spread = findScenario("mpe/simple_spread_v3");

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
