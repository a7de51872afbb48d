/**
 * MPE beside the traces: names and sizes, returns of random and scripted play, the variant of 2017, costs and pictures.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  findScenario,
  frame,
  makeWorld,
  type Policy,
  randomPolicy,
  runner,
  scenarios,
  scriptedPolicy,
  type World,
  type WorldOptions,
} from "../../sim/mod.ts";

const mpe = (name: string) => findScenario(`mpe/${name}`);

/** MPE2's pages and, where they err, its code: agents, observations, discrete actions, continuous ones. */
const SHAPES = {
  simple_v3: ["agent_0", [4], [5], [5]],
  simple_adversary_v3: ["adversary_0 agent_0 agent_1", [8, 10, 10], [5, 5, 5], [5, 5, 5]],
  simple_crypto_v3: ["eve_0 bob_0 alice_0", [4, 8, 8], [4, 4, 4], [4, 4, 4]],
  simple_push_v3: ["adversary_0 agent_0", [8, 19], [5, 5], [5, 5]],
  simple_reference_v3: ["agent_0 agent_1", [21, 21], [50, 50], [15, 15]],
  simple_speaker_listener_v4: ["speaker_0 listener_0", [3, 11], [3, 5], [3, 5]],
  simple_spread_v3: ["agent_0 agent_1 agent_2", [18, 18, 18], [5, 5, 5], [5, 5, 5]],
  simple_tag_v3: [
    "adversary_0 adversary_1 adversary_2 agent_0",
    [16, 16, 16, 14],
    [5, 5, 5, 5],
    [5, 5, 5, 5],
  ],
  simple_world_comm_v3: [
    "leadadversary_0 adversary_0 adversary_1 adversary_2 agent_0 agent_1",
    [34, 34, 34, 34, 28, 28],
    [20, 5, 5, 5, 5, 5],
    [9, 5, 5, 5, 5, 5],
  ],
  simple_line_v1: ["agent_0 agent_1 agent_2 agent_3", [8, 8, 8, 8], [5, 5, 5, 5], [5, 5, 5, 5]],
  simple_formation_v1: ["agent_0 agent_1 agent_2 agent_3", [6, 6, 6, 6], [5, 5, 5, 5], [5, 5, 5, 5]],
} as const;

for (const [name, [agents, observations, discrete, continuous]] of Object.entries(SHAPES)) {
  Deno.test(`${name}: agents, observations and actions as MPE2's`, () => {
    const spec = makeWorld(mpe(name)).spec;
    assert.equal(spec.agents.join(" "), agents);
    assert.deepEqual(spec.observationSizes, observations);
    assert.deepEqual(spec.actionSizes, discrete);
    assert.equal(spec.S, observations.reduce((sum: number, size) => sum + size, 0));
    assert.deepEqual(makeWorld(mpe(name), { actions: "continuous" }).spec.actionSizes, continuous);
  });
}

Deno.test("every MPE scenario has a cost channel with a budget, and a scripted policy for each group", () => {
  const all = scenarios.filter(({ id }) => id.startsWith("mpe/"));
  assert.equal(all.length, 12);
  for (const scenario of all) {
    const { spec } = makeWorld(scenario);
    assert.ok(spec.C >= 1, scenario.id);
    assert.deepEqual(spec.budgets.map(({ channel }) => channel), spec.channels.map(({ name }) => name));
    for (const group of spec.groups) assert.ok(scriptedPolicy(scenario, spec, group), scenario.id);
  }
});

/** Mean return of each agent over `envs` episodes of 25 steps. */
function returns(name: string, play: "random" | "scripted", options: WorldOptions = {}): number[] {
  const scenario = mpe(name);
  const world = makeWorld(scenario, { envs: 200, ...options });
  world.reset(3);
  const { E, N, groups } = world.spec;
  const policy = (group: (typeof groups)[number]): Policy => {
    return play === "random" ? randomPolicy(world.spec, group) : scriptedPolicy(scenario, world.spec, group)!;
  };
  const run = runner(world, Object.fromEntries(groups.map((group) => [group.name, policy(group)])), 4);
  const total = new Array<number>(N).fill(0);
  for (let t = 0; t < 25; t++) {
    run.step();
    world.reward.forEach((reward, row) => total[row % N]! += reward / E);
  }
  return total;
}

/** Random play on MPE2, 300 episodes: mean and half-width of its 95 % interval, of the agents named. */
const ANCHORS = {
  simple_spread_v3: [[0, -26.1, 0.8]],
  simple_speaker_listener_v4: [[0, -40.7, 3.8]],
  simple_reference_v3: [[0, -28.2, 1.2]],
  simple_adversary_v3: [[0, -28.2, 1.5], [1, 7.6, 1.7]],
  simple_push_v3: [[0, -2.1, 1.9], [1, -26.9, 1.5]],
  simple_tag_v3: [[0, 5, 1.2], [3, -16.8, 2.5]],
} as const;

for (const [name, anchors] of Object.entries(ANCHORS)) {
  Deno.test(`${name}: random play earns what it earns on MPE2`, () => {
    const found = returns(name, "random");
    for (const [agent, mean, width] of anchors) {
      // Both are estimates; ours has about the same interval.
      assert.ok(Math.abs(found[agent]! - mean) < 2 * width, `agent ${agent}: ${found[agent]}, MPE2 ${mean}`);
    }
  });
}

/** Groups that play together, of scenarios with and without opponents. */
const TEAMS = [
  ["simple_v3", [0]],
  ["simple_adversary_v3", [1, 2]],
  ["simple_crypto_v3", [1, 2]],
  ["simple_push_v3", [1]],
  ["simple_reference_v3", [0, 1]],
  ["simple_speaker_listener_v4", [0, 1]],
  ["simple_spread_v3", [0, 1, 2]],
  ["simple_tag_v3", [0, 1, 2]],
  ["simple_world_comm_v3", [0, 1, 2, 3]],
  ["simple_line_v1", [0]],
  ["simple_formation_v1", [0]],
  ["collect_treasure_v1", [0, 6]],
] as const;

for (const [name, team] of TEAMS) {
  for (const actions of ["discrete", "continuous"] as const) {
    Deno.test(`${name}, ${actions}: the scripted team earns more than a random one`, () => {
      const sum = (all: number[]) => team.reduce((total: number, agent) => total + all[agent]!, 0);
      const [scripted, random] = [
        returns(name, "scripted", { actions }),
        returns(name, "random", { actions }),
      ];
      assert.ok(sum(scripted) > sum(random) + 1, `${sum(scripted)} is not above ${sum(random)}`);
    });
  }
}

const row = (world: World, name: string) => Array.from(world.columns[name]!.data);
const square = (world: World, a: number, b: number) => {
  const pos = row(world, "pos");
  const [x, y] = [pos[2 * a]! - pos[2 * b]!, pos[2 * a + 1]! - pos[2 * b + 1]!];
  return x * x + y * y;
};

Deno.test("legacyOpenAI: velocity is updated before place", () => {
  const world = makeWorld(mpe("simple_speaker_listener_v4"), { params: { legacyOpenAI: true } });
  const [x] = row(world, "pos").slice(2);
  world.actions.set([0, 2]); // the listener pushes to the right
  world.step();
  assert.deepEqual(row(world, "vel"), [0.5, 0]);
  assert.equal(row(world, "pos")[2], x! + 0.5 * 0.1);
});

Deno.test("legacyOpenAI: each receives the sum, and touches itself", () => {
  const spread = makeWorld(mpe("simple_spread_v3"), { params: { legacyOpenAI: true } });
  spread.columns["pos"]!.data.set([0, 0, 0.35, 0, 0.9, 0.9, -0.5, 0, 0.5, 0, 0.9, 0.8]);
  spread.actions.set([2, 1, 0]); // the first two run into one another
  spread.step();
  const nearest = (landmark: number) =>
    Math.min(...[0, 1, 2].map((a) => Math.sqrt(square(spread, a, landmark))));
  const cover = -(nearest(3) + nearest(4) + nearest(5));
  // Agents 0 and 1 touch one another, and each of the three itself: −5 in all.
  for (const reward of spread.reward) assert.ok(Math.abs(reward - (3 * cover - 5)) < 1e-12);

  const listener = makeWorld(mpe("simple_speaker_listener_v4"), { params: { legacyOpenAI: true } });
  listener.step();
  const goal = 2 + row(listener, "goal")[0]!;
  for (const reward of listener.reward) assert.equal(reward, -2 * square(listener, 1, goal));

  const reference = makeWorld(mpe("simple_reference_v3"), { params: { legacyOpenAI: true } });
  reference.step();
  const [first, second] = row(reference, "goal");
  const sum = -(square(reference, 1, 2 + first!) + square(reference, 0, 2 + second!));
  for (const reward of reference.reward) assert.ok(Math.abs(reward - sum) < 1e-12);
});

Deno.test("legacyOpenAI: a return on spread is three times MPE2's team sum, less 75, while places are equal", () => {
  const [old, now] = [true, false].map((legacyOpenAI) =>
    makeWorld(mpe("simple_spread_v3"), { params: { legacyOpenAI } })
  );
  for (const world of [old!, now!]) world.step(); // nobody moves from rest, so the integrator does not matter
  const team = now!.reward.reduce((sum, reward) => sum + reward, 0);
  assert.ok(Math.abs(old!.reward[0]! - (2 * team - 3)) < 1e-12);
});

Deno.test("pictures mark goals and say what is said", () => {
  const scenario = mpe("simple_speaker_listener_v4");
  const world = makeWorld(scenario);
  assert.equal(frame(scenario, world, 0).caption, "speaker_0: _");
  world.actions.set([2, 0]);
  world.step();
  const { shapes, caption } = frame(scenario, world, 0);
  assert.equal(caption, "speaker_0: C");
  const goal = 2 + row(world, "goal")[0]!;
  const mark = shapes.find(({ label }) => label === "goal");
  assert.deepEqual([mark?.x, mark?.y], row(world, "pos").slice(2 * goal, 2 * goal + 2));

  const numbers = makeWorld(scenario, { actions: "continuous" });
  numbers.actions.set([0.5, 0, 0.25]);
  numbers.step();
  assert.equal(frame(scenario, numbers, 0).caption, "speaker_0: [0.50, 0.00, 0.25]");
});

Deno.test("landmarks of one group have their own colours", () => {
  const scenario = mpe("simple_reference_v3");
  const colours = frame(scenario, makeWorld(scenario), 0).shapes.slice(0, 3).map(({ color }) => color);
  assert.deepEqual(colours, ["#bf4040", "#40bf40", "#4040bf"]);
});

Deno.test("params out of range are refused", () => {
  const wrong = [
    ["simple_spread_v3", { localRatio: 1.5 }],
    ["simple_line_v1", { N: 9 }],
    ["simple_tag_v3", { numGood: 0 }],
    ["simple_adversary_v3", { numAgentNeighbors: 0 }],
    ["collect_treasure_v1", { numDeposits: 7 }],
  ] as const;
  for (const [name, params] of wrong) {
    assert.throws(() => makeWorld(mpe(name), { params }), new RegExp(Object.keys(params)[0]!));
  }
  assert.throws(() => makeWorld(mpe("simple_v3"), { reset: "mt19937" as "numpy" }), /"streams" or "numpy"/);
});
