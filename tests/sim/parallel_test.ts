import assert from "node:assert/strict";
import { UserError } from "../../core/mod.ts";
import {
  bombardmentTest,
  copy,
  maxCyclesTest,
  overWorld,
  parallelApiTest,
  parallelSeedTest,
  stateTest,
} from "../../sim/pettingzoo/mod.ts";
import { type FakeOptions, fakeWorld } from "./fake_world.ts";

function dots(options: FakeOptions = {}) {
  return overWorld(fakeWorld(options));
}

const stay = { lead_0: 1, dot_0: 1, dot_1: 1 };

for (const kind of ["discrete", "continuous"] as const) {
  Deno.test(`parallel() passes the conformance tests on a world that agents leave, ${kind}`, () => {
    const options = { kind, leaves: 2 };
    parallelApiTest(dots(options), 100);
    parallelSeedTest(() => dots(options));
    stateTest(dots(options));
    maxCyclesTest((maxCycles) => dots({ ...options, maxCycles, leaves: 2 }));
    bombardmentTest(dots(options), 50);
  });
}

Deno.test("parallel() has PettingZoo's members", () => {
  const env = dots();
  assert.deepEqual(env.possibleAgents, ["lead_0", "dot_0", "dot_1"]);
  assert.equal(env.maxNumAgents, 3);
  assert.deepEqual([env.agents, env.numAgents], [[], 0]);
  const { observations, infos } = env.reset();
  assert.deepEqual(observations, {
    lead_0: Float32Array.of(0, 0),
    dot_0: Float32Array.of(0.5),
    dot_1: Float32Array.of(1),
  });
  assert.deepEqual(infos, { lead_0: {}, dot_0: {}, dot_1: {} });
  assert.deepEqual(env.state(), Float32Array.of(0, 0.5, 1));
  assert.deepEqual(copy(env.step({ lead_0: 2, dot_0: 0, dot_1: 2 })), {
    observations: { lead_0: Float32Array.of(1, 1), dot_0: Float32Array.of(-0.5), dot_1: Float32Array.of(2) },
    infos: { lead_0: {}, dot_0: {}, dot_1: {} },
    rewards: { lead_0: -1, dot_0: -0.5, dot_1: -2 },
    costs: { lead_0: { far: 0 }, dot_0: { far: 0 }, dot_1: { far: 0 } },
    terminations: { lead_0: false, dot_0: false, dot_1: false },
    truncations: { lead_0: false, dot_0: false, dot_1: false },
  });
  assert.equal(env.step({ lead_0: 1, dot_0: 1, dot_1: 2 }).costs.dot_1!.far, 1);
});

Deno.test("step() shows the last observation of an episode, not the first of the next", () => {
  const env = dots({ maxCycles: 2 });
  env.reset();
  env.step({ ...stay, lead_0: 2 });
  const { observations, truncations } = env.step({ ...stay, lead_0: 2 });
  assert.deepEqual(observations.lead_0, Float32Array.of(2, 2));
  assert.deepEqual(env.state(), Float32Array.of(2, 0.5, 1));
  assert.deepEqual(truncations, { lead_0: true, dot_0: true, dot_1: true });
  assert.deepEqual(env.agents, []);
});

Deno.test("an agent that terminates is told so once and then is gone until reset()", () => {
  const env = dots({ leaves: 1 });
  env.reset();
  const { terminations, rewards } = env.step(stay);
  assert.deepEqual(terminations, { lead_0: false, dot_0: true, dot_1: false });
  assert.equal(rewards.dot_0, -0.5);
  assert.deepEqual(env.agents, ["lead_0", "dot_1"]);
  assert.throws(() => env.step(stay), {
    message: /dot_0 acts no more in this episode. Acting now: lead_0, dot_1/,
  });
  assert.deepEqual(Object.keys(env.step({ lead_0: 1, dot_1: 1 }).rewards), ["lead_0", "dot_1"]);
  env.reset();
  assert.deepEqual(env.agents, ["lead_0", "dot_0", "dot_1"]);
});

Deno.test("reset() without a seed goes on with the next episode; with one it starts that seed's first", () => {
  const env = dots({ maxCycles: 1 });
  const first = (start = {}) => env.reset(start).observations.lead_0![0];
  assert.equal(first(), 0, "episode 0");
  env.step(stay);
  assert.equal(first(), 0.5, "episode 1, after its predecessor ended");
  assert.equal(first(), 1, "episode 2, though episode 1 was not played");
  assert.equal(first({ seed: 3 }), 1.5, "episode 0 of seed 3");
  assert.equal(first(), 0, "episode 1 of seed 3");
  assert.equal(first({ seed: 3 }), 1.5);
});

Deno.test("results are views that the next call overwrites, and copy() keeps them", () => {
  const env = dots();
  env.reset();
  const result = env.step(stay);
  const kept = copy(result);
  env.step({ ...stay, lead_0: 2 });
  assert.equal(result.observations.lead_0![0], 1);
  assert.equal(kept.observations.lead_0![0], 0);
  assert.equal(env.state(), env.state());
});

Deno.test("step() enforces the order of calls", () => {
  const env = dots({ maxCycles: 1 });
  assert.throws(() => env.step(stay), { message: /not started: call reset\(\) first/ });
  env.reset();
  env.step(stay);
  assert.throws(() => env.step(stay), { message: /the episode is over: call reset\(\)/ });
  env.close();
  assert.throws(() => env.step(stay), { message: /closed/ });
  assert.throws(() => env.reset(), { message: /closed/ });
});

Deno.test("step() names the agent, the value and the cure of an action that will not do", () => {
  const env = dots();
  env.reset();
  const refused: [Record<string, unknown>, RegExp][] = [
    [{ lead_0: 1, dot_0: 1 }, /no action for dot_1. step\(\) takes one action for each/],
    [{ ...stay, dot_2: 1 }, /no agent "dot_2". Did you mean "dot_0"\?/],
    [{ ...stay, dot_0: NaN }, /dot_0: expected a whole number from 0 to 2, found NaN/],
    [{ ...stay, dot_0: 3 }, /found 3/],
    [{ ...stay, dot_0: -1 }, /found -1/],
    [{ ...stay, dot_0: 1.5 }, /found 1.5/],
    [{ ...stay, dot_0: [1] }, /found \[1\]/],
    [{ ...stay, dot_0: "1" }, /found "1"/],
  ];
  for (const [actions, message] of refused) {
    assert.throws(() => env.step(actions as Record<string, number>), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, message);
      return true;
    });
  }
  const box = dots({ kind: "continuous" });
  box.reset();
  const still = { lead_0: [0], dot_0: [0], dot_1: [0] };
  box.step(still);
  assert.throws(() => box.step({ ...still, dot_1: [NaN] }), {
    message: /dot_1: .* from -1 to 1, found NaN at index 0/,
  });
  assert.throws(() => box.step({ ...still, dot_1: [1.01] }), { message: /found 1.01/ });
  assert.throws(() => box.step({ ...still, dot_1: [0, 0] }), {
    message: /expected 1 numbers, found \[0, 0\]/,
  });
  assert.throws(() => box.step({ ...still, dot_1: 0 }), { message: /expected 1 numbers, found 0/ });
});

Deno.test("spaces are one object per agent, sample within themselves and repeat under a seed", () => {
  for (const kind of ["discrete", "continuous"] as const) {
    const env = dots({ kind });
    const space = env.actionSpace("dot_0");
    assert.equal(space, env.actionSpace("dot_0"));
    assert.notEqual(space, env.actionSpace("dot_1"));
    space.seed(5);
    const draws = Array.from({ length: 20 }, () => space.sample());
    assert.ok(draws.every((draw) => space.contains(draw)));
    assert.ok(new Set(draws.map(String)).size > 2);
    space.seed(5);
    assert.deepEqual(Array.from({ length: 20 }, () => space.sample()), draws);
    assert.ok(!space.contains(kind === "discrete" ? 3 : [2]));
  }
  assert.throws(() => dots().actionSpace("dot_9"), { message: /no agent "dot_9"/ });
});

Deno.test("the Parallel API refuses a world that is played in turns", () => {
  const world = fakeWorld();
  world.turn[0] = 0;
  assert.throws(() => overWorld(world), {
    message: /test\/dots is played in turns/,
  });
});
