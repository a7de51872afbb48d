/** The AEC API: over agents that act at once, and over a game of turns. */
import assert from "node:assert/strict";
import { findScenario } from "../../sim/mod.ts";
import {
  aec,
  aecOverWorld,
  apiTest,
  bombardmentTest,
  costChannelTest,
  type EnvOptions,
  hashTest,
  maxCyclesTest,
  parallel,
  seedTest,
  snapshotForkTest,
  stateTest,
} from "../../sim/pettingzoo/mod.ts";
import { everything } from "./everything.ts";
import { type FakeOptions, fakeWorld } from "./fake_world.ts";
import { type HeapOptions, heapWorld } from "./turn_world.ts";

const dots = (options: FakeOptions = {}) => aecOverWorld(fakeWorld(options));
const heap = (options: HeapOptions = {}) => aecOverWorld(heapWorld(options));

Deno.test("actions count once the last agent has acted, and last() has what they gave", () => {
  const env = dots();
  env.reset({ seed: 0 });
  assert.deepEqual([...env.agents], ["lead_0", "dot_0", "dot_1"]);
  assert.equal(env.agentSelection, "lead_0");
  assert.deepEqual(env.last(), {
    observation: Float32Array.of(0, 0),
    reward: 0,
    costs: { far: 0 },
    termination: false,
    truncation: false,
    info: {},
  });
  env.step(2);
  env.step(0);
  assert.equal(env.agentSelection, "dot_1");
  assert.deepEqual(env.observe("lead_0"), Float32Array.of(0, 0), "nothing has moved yet");
  env.step(2);
  assert.deepEqual(env.rewards, { lead_0: -1, dot_0: -0.5, dot_1: -2 });
  assert.equal(env.last().reward, -1);
  env.step(1);
  assert.deepEqual(env.rewards, { lead_0: 0, dot_0: 0, dot_1: 0 }, "the next step clears rewards");
  assert.equal(env.last().reward, -0.5, "and not their sum");
  env.step(1);
  env.step(2);
  assert.deepEqual(env.costs, { lead_0: { far: 0 }, dot_0: { far: 0 }, dot_1: { far: 1 } });
  env.step(1);
  env.step(1);
  assert.deepEqual(env.costs.dot_1, { far: 0 });
  assert.deepEqual(env.last().costs, { far: 1 });
});

Deno.test("an agent that dies steps once more, first of all, with null, and is gone", () => {
  const env = dots({ leaves: 1 });
  env.reset();
  for (let i = 0; i < 3; i++) env.step(1);
  assert.deepEqual([...env.agents], ["lead_0", "dot_1", "dot_0"]);
  assert.equal(env.agentSelection, "dot_0");
  assert.deepEqual([env.last().termination, env.last().reward], [true, -0.5]);
  assert.deepEqual(env.last().observation, Float32Array.of(0.5));
  assert.throws(() => env.step(1), { message: /step, dot_0: found 1, and dot_0 is finished: step\(null\)/ });
  env.step(null);
  assert.deepEqual([...env.agents], ["lead_0", "dot_1"]);
  assert.deepEqual(Object.keys(env.rewards), ["lead_0", "dot_1"]);
  assert.equal(env.agentSelection, "lead_0");
  assert.equal(env.last().reward + 0, 0);
  assert.throws(() => env.observe("dot_0"), { message: /dot_0 is out of play. In play: lead_0, dot_1/ });
  env.step(1);
  assert.equal(env.agentSelection, "dot_1");
});

Deno.test("agentIter() goes round until nobody is left, every agent once more than there are cycles", () => {
  const env = dots({ maxCycles: 3 });
  env.reset();
  const visits: Record<string, number> = {};
  for (const agent of env.agentIter()) {
    visits[agent] = (visits[agent] ?? 0) + 1;
    const { termination, truncation } = env.last(false);
    env.step(termination || truncation ? null : 1);
  }
  assert.deepEqual(visits, { lead_0: 4, dot_0: 4, dot_1: 4 });
  assert.deepEqual([env.numAgents, [...env.agents]], [0, []]);
  env.reset();
  let rounds = 0;
  for (const _ of env.agentIter(5)) {
    env.step(1);
    rounds++;
  }
  assert.equal(rounds, 5);
});

Deno.test("a game of turns steps with each action, and asks whose turn it is", () => {
  const env = heap({ heap: 8 });
  env.reset();
  assert.equal(env.metadata.isParallelizable, false);
  assert.equal(env.agentSelection, "player_0");
  assert.deepEqual(env.infos.player_0, { actionMask: Uint8Array.of(1, 1, 1) });
  assert.deepEqual(env.infos.player_1, { actionMask: Uint8Array.of(0, 0, 0) });
  env.step(2);
  assert.deepEqual(env.costs.player_0, { greed: 1 });
  assert.equal(env.agentSelection, "player_1");
  assert.deepEqual(env.last().observation, Float32Array.of(5, 1));
  env.step(0);
  env.step(0);
  assert.deepEqual(env.last().costs, { greed: 1 }, "player_0 has been told of its greed only now");
  env.step(0);
  assert.deepEqual(env.infos.player_1!.actionMask, Uint8Array.of(1, 1, 0));
  env.step(1);
  assert.deepEqual(env.rewards, { player_0: -1, player_1: 1, player_2: -1 });
  assert.equal(env.agentSelection, "player_2", "the one after the last to act");
  assert.deepEqual(env.last().info, { actionMask: Uint8Array.of(0, 0, 0) });
  assert.deepEqual([env.last().reward, env.last().termination], [-1, true]);
  env.step(null);
  assert.deepEqual([env.agentSelection, env.last().reward], ["player_0", -1]);
  env.step(null);
  env.step(null);
  assert.deepEqual([...env.agents], []);
});

Deno.test("who must leave a game of turns is skipped from then on", () => {
  const env = heap({ heap: 20 });
  env.reset();
  for (const action of [2, 0, 0, 2]) env.step(action);
  assert.equal(env.agentSelection, "player_0", "the finished one first");
  assert.deepEqual([env.last().termination, env.last().costs.greed], [true, 1]);
  env.step(null);
  const turns: string[] = [];
  for (let i = 0; i < 4; i++) {
    turns.push(env.agentSelection);
    env.step(0);
  }
  assert.deepEqual(turns, ["player_1", "player_2", "player_1", "player_2"]);
});

for (
  const [name, make] of Object.entries({
    "agents that leave": (options: FakeOptions = {}) => dots({ leaves: 2, ...options }),
    "turns": (options: HeapOptions = {}) => heap(options),
    "masks, deaths and pauses": (options: EnvOptions = {}) => aec(everything, options),
    "masks, deaths and pauses, continuous": (options: EnvOptions = {}) => {
      return aec(everything, { actions: "continuous", ...options });
    },
  })
) {
  Deno.test(`the AEC API passes the conformance tests: ${name}`, () => {
    assert.deepEqual(apiTest(make(), 80), []);
    seedTest(() => make(), 80);
    stateTest(make());
    maxCyclesTest((maxCycles) => make({ maxCycles }), 6);
    bombardmentTest(make(), 50);
    costChannelTest(make(), 40);
    if (name === "agents that leave") return; // the world by hand has no hash
    hashTest(() => make(), 60);
    snapshotForkTest(() => make());
  });
}

Deno.test("everybody's rewards and costs over an episode are those of the Parallel API", () => {
  const options = { actions: "discrete", params: { N: 4 } } as const;
  const spread = findScenario("mpe/simple_spread_v3");
  const [env, twin] = [aec(spread, options), parallel(spread, options)];
  env.reset({ seed: 5 });
  twin.reset({ seed: 5 });
  for (let t = 0; twin.numAgents > 0; t++) {
    const actions = Object.fromEntries(twin.agents.map((agent, i) => [agent, (3 * t + i * t) % 5]));
    const { rewards, costs, observations } = twin.step(actions);
    for (const [agent, action] of Object.entries(actions)) {
      assert.equal(env.agentSelection, agent);
      env.step(action);
    }
    assert.deepEqual(env.rewards, { ...rewards });
    assert.deepEqual(env.costs, costs);
    for (const agent of env.agents) assert.deepEqual(env.observe(agent), observations[agent]);
  }
});
