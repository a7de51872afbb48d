/** Between the APIs, and what may not be converted. */
import assert from "node:assert/strict";
import { findScenario } from "../../sim/mod.ts";
import {
  aec,
  aecOverWorld,
  aecToParallel,
  apiTest,
  overWorld,
  parallel,
  parallelApiTest,
  parallelSeedTest,
  parallelToAec,
  seedTest,
  turnBasedAecToParallel,
} from "../../sim/pettingzoo/mod.ts";
import { forwardAec } from "../../sim/pettingzoo/wrappers/forward.ts";
import { everything } from "./everything.ts";
import { fakeWorld } from "./fake_world.ts";
import { heapWorld } from "./turn_world.ts";

const spread = findScenario("mpe/simple_spread_v3");

/** The same AEC environment, as if it had never been a Parallel one. */
const opaque = (env: ReturnType<typeof aec>) => forwardAec(() => env);

Deno.test("there and back is the environment that one started from", () => {
  const env = parallel(spread);
  assert.equal(aecToParallel(parallelToAec(env)), env);
  const cyclic = opaque(aec(spread));
  assert.equal(parallelToAec(aecToParallel(cyclic)), cyclic);
});

Deno.test("aecToParallel() keeps to the API, agents that die or pause included", () => {
  parallelApiTest(aecToParallel(opaque(aec(everything))), 100);
  parallelSeedTest(() => aecToParallel(opaque(aec(everything))), 60);
  parallelApiTest(aecToParallel(opaque(aecOverWorld(fakeWorld({ leaves: 2 })))), 50);
});

Deno.test("aecToParallel() gives the rewards, costs and ends of the Parallel environment", () => {
  const [env, twin] = [parallel(everything), aecToParallel(opaque(aec(everything)))];
  let [shown, same] = [env.reset({ seed: 4 }), twin.reset({ seed: 4 })];
  for (let t = 0; t < 60; t++) {
    assert.deepEqual(same.observations, shown.observations);
    if (env.numAgents === 0) {
      [shown, same] = [env.reset(), twin.reset()];
      continue;
    }
    const actions = Object.fromEntries(env.agents.map((agent) => [agent, 0]));
    const [result, other] = [env.step(actions), twin.step(actions)];
    assert.deepEqual({ ...other.rewards }, { ...result.rewards });
    assert.deepEqual(other.costs, result.costs);
    assert.deepEqual([other.terminations, other.truncations], [result.terminations, result.truncations]);
    assert.deepEqual([...twin.agents], [...env.agents]);
    [shown, same] = [result, other];
  }
});

Deno.test("parallelToAec() keeps to the API over anybody's environment", () => {
  apiTest(parallelToAec(parallel(everything)), 60);
  seedTest(() => parallelToAec(overWorld(fakeWorld({ leaves: 2 }))), 60);
});

Deno.test("turnBasedAecToParallel(): the action of the active agent counts", () => {
  const env = turnBasedAecToParallel(aecOverWorld(heapWorld({ heap: 5 })));
  const { infos } = env.reset();
  assert.deepEqual(Object.values(infos).map(({ activeAgent }) => activeAgent), Array(3).fill("player_0"));
  const result = env.step({ player_0: 0, player_1: 2, player_2: 2 });
  assert.deepEqual(result.observations.player_0, Float32Array.of(4, 0));
  assert.equal(result.infos.player_2!.activeAgent, "player_1");
  env.step({ player_0: 0, player_1: 1, player_2: 0 });
  const last = env.step({ player_0: 0, player_1: 0, player_2: 1 });
  assert.deepEqual(last.rewards, { player_0: -1, player_1: -1, player_2: 1 });
  assert.deepEqual(last.terminations, { player_0: true, player_1: true, player_2: true });
  assert.deepEqual([...env.agents], []);
});

Deno.test("turnBasedAecToParallel() keeps to the API", () => {
  const make = () => turnBasedAecToParallel(aecOverWorld(heapWorld()));
  assert.deepEqual(parallelApiTest(make(), 200), []);
  parallelSeedTest(make, 100);
});

Deno.test("conversions say what they need", () => {
  const heap = aecOverWorld(heapWorld());
  assert.throws(() => overWorld(heapWorld()), { message: /test\/heap is played in turns.*use aec\(\)/ });
  assert.throws(() => aecToParallel(heap), {
    message: /test\/heap may change before.*use turnBasedAecToParallel/,
  });
  assert.throws(() => turnBasedAecToParallel(aec(spread)), { message: /act at once.*use aecToParallel/ });
  assert.throws(() => parallelToAec(heap as never), {
    message: /expected a Parallel environment, found an AEC one/,
  });
  assert.throws(() => aecToParallel(parallel(spread) as never), { message: /expected an AEC environment/ });
  assert.throws(() => turnBasedAecToParallel(parallel(spread) as never), {
    message: /expected an AEC environment/,
  });
});

Deno.test("aecToParallel() finds out that agents do not act in a cycle", () => {
  const heap = aecOverWorld(heapWorld());
  const metadata = { ...heap.metadata, isParallelizable: true };
  const claims = aecToParallel(forwardAec(() => heap, {
    metadata,
    get agents() {
      return [...heap.agents].reverse();
    },
  }));
  claims.reset();
  assert.throws(() => claims.step({ player_0: 0, player_1: 0, player_2: 0 }), {
    message: /it is player_2's turn in the round, and player_0 is to act/,
  });
});

Deno.test("converted environments refuse what others refuse", () => {
  const env = aecToParallel(opaque(aec(spread)));
  assert.throws(() => env.step({}), { message: /not started: call reset\(\)/ });
  env.reset();
  assert.throws(() => env.step({ agent_0: 0, agent_1: 0 }), { message: /no action for agent_2/ });
  assert.throws(() => env.step({ agent_0: 0, agent_1: 0, agent_2: 0, agent_4: 0 }), {
    message: /no agent "agent_4"/,
  });
  assert.throws(() => env.step({ agent_0: 9, agent_1: 0, agent_2: 0 }), { message: /agent_0: .* found 9/ });
});
