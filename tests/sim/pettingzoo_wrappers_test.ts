/** Wrappers, over both APIs. */
import assert from "node:assert/strict";
import { findScenario, play, readReplay, verify } from "../../sim/mod.ts";
import {
  aec,
  aecOverWorld,
  apiTest,
  assertOutOfBounds,
  captureStdout,
  clipOutOfBounds,
  maskInObservation,
  multiEpisode,
  orderEnforcing,
  overWorld,
  parallel,
  parallelApiTest,
  recordEpisode,
  sampleActions,
  sampleNext,
  terminateIllegal,
} from "../../sim/pettingzoo/mod.ts";
import { forwardAec, forwardParallel } from "../../sim/pettingzoo/wrappers/forward.ts";
import { everything } from "./everything.ts";
import { fakeWorld } from "./fake_world.ts";
import { heapWorld } from "./turn_world.ts";

const spread = findScenario("mpe/simple_spread_v3");
const crossing = findScenario("safe/crossing");

/** What an environment that checks nothing is given. */
function careless() {
  const env = parallel(spread, { actions: "continuous" });
  const taken: unknown[] = [];
  const bare = forwardParallel(() => env, {
    step(actions) {
      taken.push(structuredClone(actions));
      return env.step(Object.fromEntries(env.agents.map((agent) => [agent, [0, 0, 0, 0, 0]])));
    },
  });
  return { env: bare, taken };
}

const still = { agent_0: [0, 0, 0, 0, 0], agent_1: [0, 0, 0, 0, 0], agent_2: [0, 0, 0, 0, 0] };

Deno.test("assertOutOfBounds() lets through what is in bounds, and nothing else", () => {
  const { env, taken } = careless();
  const wrapped = assertOutOfBounds(env);
  wrapped.reset();
  wrapped.step(still);
  assert.deepEqual(taken, [still]);
  assert.throws(() => wrapped.step({ ...still, agent_1: [0, 0, 2, 0, 0] }), {
    message: /agent_1: expected numbers from 0 to 1, found 2 at index 2/,
  });
  const one = assertOutOfBounds(aec(spread));
  one.reset();
  assert.throws(() => one.step(7), { message: /agent_0: .* found 7/ });
});

Deno.test("clipOutOfBounds() moves actions into bounds; NaN and discrete actions it cannot move", () => {
  const { env, taken } = careless();
  const wrapped = clipOutOfBounds(env);
  wrapped.reset();
  wrapped.step({ ...still, agent_1: [0.5, -3, 2, Infinity, 0] });
  const { agent_1: clipped } = taken[0] as Record<string, Float32Array>;
  assert.deepEqual(clipped, Float32Array.of(0.5, 0, 1, 1, 0));
  assert.throws(() => wrapped.step({ ...still, agent_1: [NaN, 0, 0, 0, 0] }), {
    message: /found NaN at index 0/,
  });
  assert.throws(() => wrapped.step({ ...still, agent_1: [1] }), { message: /expected 5 numbers/ });
  assert.throws(() => clipOutOfBounds(parallel(spread)), { message: /the actions of agent_0 are discrete/ });
  const one = clipOutOfBounds(aec(crossing, { actions: "continuous" }));
  one.reset();
  one.step([-9, 9]);
  assert.equal(one.agentSelection, "robot_1");
});

Deno.test("orderEnforcing() makes any environment mind the order of calls", () => {
  let calls = 0;
  const count = () => calls++;
  const raw = forwardAec(
    () => started,
    { step: count, observe: () => (count(), Float32Array.of(0)) } as never,
  );
  const started = aec(spread);
  started.reset();
  const env = orderEnforcing(raw);
  assert.equal(env.numAgents, 0);
  for (
    const member of ["agentSelection", "rewards", "costs", "terminations", "truncations", "infos"] as const
  ) {
    assert.throws(() => env[member], { message: new RegExp(`^${member}: .*call reset\\(\\) first`) });
  }
  for (const call of [() => env.step(0), () => env.observe("agent_0"), () => env.last(), () => env.state()]) {
    assert.throws(call, { message: /call reset\(\) first/ });
  }
  assert.equal(calls, 0);
  env.reset();
  assert.throws(() => [...env.agentIter(2)], { message: /once in each round/ });
  for (const _ of env.agentIter(2)) env.step(0);
  assert.equal(calls, 2);
  env.close();
  assert.throws(() => env.reset(), { message: /closed/ });

  const both = orderEnforcing(forwardParallel(() => ended, { step: count } as never));
  const ended = parallel(spread, { maxCycles: 1 });
  assert.throws(() => both.step({}), { message: /call reset\(\) first/ });
  both.reset();
  ended.step({ agent_0: 0, agent_1: 0, agent_2: 0 });
  assert.throws(() => both.step({}), { message: /the episode is over: call reset\(\)/ });
});

Deno.test("terminateIllegal() ends a game of turns at a forbidden move, at the mover's expense", () => {
  const env = terminateIllegal(aecOverWorld(heapWorld({ heap: 7 })), -5);
  env.reset();
  env.step(2);
  env.step(1);
  assert.equal(env.agentSelection, "player_2");
  env.step(2); // two stones are left, and it wants three
  assert.deepEqual(env.rewards, { player_0: 0, player_1: 0, player_2: -5 });
  assert.deepEqual(env.terminations, { player_0: true, player_1: true, player_2: true });
  assert.deepEqual(env.truncations, { player_0: false, player_1: false, player_2: false });
  const told: [string, number, number][] = [];
  for (const agent of env.agentIter()) {
    told.push([agent, env.last().reward, env.last().costs.greed!]);
    env.step(null);
  }
  assert.deepEqual(told, [["player_0", 0, 1], ["player_1", 0, 0], ["player_2", -5, 0]]);
  env.reset();
  assert.equal(env.numAgents, 3);
  assert.throws(() => env.step(3), { message: /player_0: expected a whole number from 0 to 2, found 3/ });
});

Deno.test("terminateIllegal() keeps to the API, and what is legal plays as ever", () => {
  apiTest(terminateIllegal(aecOverWorld(heapWorld()), -1), 60);
  apiTest(terminateIllegal(aec(everything), -1), 30);
  parallelApiTest(terminateIllegal(parallel(everything), -1), 60);
  const blind = terminateIllegal(aec(spread), -1);
  blind.reset();
  assert.throws(() => blind.step(0), { message: /agent_0 is shown no actionMask/ });
});

Deno.test("terminateIllegal() ends the Parallel episode for all", () => {
  const inner = parallel(everything);
  const env = terminateIllegal(inner, -3);
  let shown = env.reset({ seed: 1 });
  for (let t = 0; t < 60; t++) {
    const actions = sampleActions(env, shown);
    const offender = env.agents.find((agent) => {
      const mask = shown.infos[agent]!.actionMask!;
      return mask.includes(1) && mask.includes(0);
    });
    if (offender !== undefined) {
      const result = env.step({ ...actions, [offender]: shown.infos[offender]!.actionMask!.indexOf(0) });
      for (const agent of Object.keys(actions)) {
        assert.equal(result.rewards[agent], agent === offender ? -3 : 0);
        assert.equal(result.terminations[agent], true);
      }
      assert.equal(env.numAgents, 0);
      assert.throws(() => env.step({}), { message: /the episode is over/ });
      env.reset();
      assert.equal(env.numAgents, inner.maxNumAgents);
      return;
    }
    shown = env.step(actions);
    if (env.numAgents === 0) shown = env.reset();
  }
  assert.fail("no action was ever forbidden");
});

Deno.test("multiEpisode() plays episodes as one: all are truncated at the last", () => {
  const env = multiEpisode(parallel(spread, { maxCycles: 2 }), 3);
  const hold = { agent_0: 0, agent_1: 0, agent_2: 0 };
  const first = structuredClone(env.reset({ seed: 8 }).observations);
  const ends: boolean[] = [];
  let t = 0;
  for (; env.numAgents > 0; t++) {
    const { truncations, rewards, observations } = env.step(hold);
    ends.push(truncations.agent_0!);
    assert.ok(rewards.agent_0! < 0);
    if (t === 1) {
      const next = parallel(spread).reset({ seed: 9 }).observations;
      assert.deepEqual(observations, next, "the first observation of the next seed");
      assert.notDeepEqual(observations, first);
    }
  }
  assert.deepEqual(ends, [false, false, false, false, false, true]);
  assert.throws(() => multiEpisode(env, 0), { message: /at least 1, found 0/ });
});

Deno.test("multiEpisode() in AEC: agents finish each time and come back", () => {
  const env = multiEpisode(aec(spread, { maxCycles: 2 }), 3);
  env.reset();
  let deaths = 0;
  for (const _ of env.agentIter()) {
    const { truncation } = env.last(false);
    if (truncation) deaths++;
    env.step(truncation ? null : 0);
  }
  assert.equal(deaths, 9);
});

Deno.test("captureStdout() returns what would have been printed", () => {
  const human = { renderMode: "human" } as const;
  const ansi = { renderMode: "ansi" } as const;
  const pairs = [
    [captureStdout(aec(crossing, human)), aec(crossing, ansi)],
    [captureStdout(parallel(crossing, human)), parallel(crossing, ansi)],
  ] as const;
  for (const [env, twin] of pairs) {
    env.reset();
    twin.reset();
    assert.equal(env.renderMode, "ansi");
    assert.equal(env.render(), twin.render());
  }
  assert.throws(() => captureStdout(aec(crossing)), { message: /renderMode "human"\), found undefined/ });
});

Deno.test("recordEpisode() writes a replay that verifies, in both APIs", () => {
  for (const actions of ["discrete", "continuous"] as const) {
    const env = recordEpisode(parallel(crossing, { actions, params: { N: 3 } }), { policy: "random" });
    env.reset({ seed: 4 });
    env.reset();
    let shown = env.reset();
    const returns: number[] = [];
    while (env.numAgents > 0) {
      const result = env.step(sampleActions(env, shown));
      returns.push(result.rewards.robot_1!);
      shown = result;
    }
    const replay = readReplay(env.replay());
    assert.deepEqual([replay.header.firstEpisode, replay.header.seed], [2, 4]);
    assert.ok(verify(replay, crossing).ok);
    const player = play(replay, crossing);
    for (const reward of returns) {
      assert.ok(player.step());
      assert.equal(player.world.reward[1], reward);
    }
  }
  const env = recordEpisode(aec(crossing), { policy: "random" });
  env.reset({ seed: 1 });
  for (const _ of env.agentIter(30)) env.step(sampleNext(env));
  const { header } = readReplay(env.replay());
  assert.deepEqual([header.steps, header.episodes], [7, 0], "an episode so far: whole rounds of 4");
});

Deno.test("recordEpisode() refuses what a replay cannot hold", () => {
  assert.throws(() => recordEpisode(overWorld(fakeWorld()), { policy: "random" }), {
    message: /test\/dots was not made of a scenario/,
  });
  const inner = parallel(crossing);
  const env = recordEpisode(inner, { policy: "random" });
  let shown = env.reset();
  assert.throws(() => env.replay(), { message: /nothing to write before the first step/ });
  const saved = inner.snapshot();
  for (let t = 0; t < 3; t++) shown = env.step(sampleActions(env, shown));
  inner.restore(saved);
  env.step(sampleActions(env, shown));
  assert.throws(() => env.replay(), { message: /not what its actions lead to/ });
});

Deno.test("maskInObservation() shows masks as PettingZoo's classic games do", () => {
  const env = maskInObservation(aecOverWorld(heapWorld({ heap: 2 })));
  env.reset();
  const { observation, info } = env.last();
  assert.deepEqual(observation, { observation: Float32Array.of(2, 1), actionMask: Uint8Array.of(1, 1, 0) });
  assert.deepEqual(info, {});
  assert.ok(env.observationSpace("player_0").contains(observation));
  assert.equal(env.observationSpace("player_0"), env.observationSpace("player_0"));
  apiTest(env, 40);
  parallelApiTest(maskInObservation(parallel(everything)), 60);
  assert.throws(() => maskInObservation(parallel(spread, { actions: "continuous" })), {
    message: /continuous/,
  });
});

Deno.test("wrappers wrap wrappers, and unwrapped is inside them all", () => {
  const inner = aec(crossing, { actions: "continuous" });
  const env = recordEpisode(orderEnforcing(clipOutOfBounds(assertOutOfBounds(inner))), { policy: "random" });
  assert.equal(env.unwrapped, inner);
  apiTest(env, 20);
});
