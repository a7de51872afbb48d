import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { fillNormal, seed, uniform } from "../../core/mod.ts";
import { episodes } from "../../agents/episodes.ts";
import { mixer } from "../../agents/mixer.ts";
import { lambdaReturns } from "../../agents/returns.ts";
import { findScenario, makeWorld } from "../../sim/mod.ts";
import { layout } from "../../tensor/mod.ts";

Deno.test("the monotonic mixer never falls when an agent's value rises, and is not merely their sum", async () => {
  await tf.setBackend("cpu");
  const stream = seed(4);
  const normals = (n: number) => {
    const into = new Float32Array(n);
    fillNormal(stream, into);
    return into;
  };
  const R = 20;
  const M = 3;
  const S = 4;
  const team = mixer("monotonic", M, S, { mixing: 8, hyper: 8 });
  const parameters = layout(team.parts);
  const p = parameters.unpack(tf.tensor1d(normals(parameters.size)));
  const state = tf.tensor2d(normals(R * S), [R, S]);
  const values = normals(R * M);
  const mixed = (values: Float32Array) => team.mix(p, tf.tensor2d(values, [R, M]), state).dataSync();
  const before = mixed(values);
  for (let m = 0; m < M; m++) {
    const raised = values.map((x, i) => i % M === m ? x + uniform(stream, 0.1, 2) : x);
    mixed(raised).forEach((q, r) => assert.ok(q >= before[r]! - 1e-5));
  }
  const sum = Array.from({ length: R }, (_, r) => values[r * M]! + values[r * M + 1]! + values[r * M + 2]!);
  assert.ok(before.some((q, r) => Math.abs(q - sum[r]!) > 0.5));
});

Deno.test("lambdaReturns() is hand-computed: λ 0 and 1, an end, a truncation, a short episode", () => {
  // Two episodes of at most 2 steps: the first is cut short by time, the second ends at its only step.
  const episode = {
    reward: Float32Array.of(1, 2, 3, 0),
    value: Float32Array.of(9, 4, 8, 9, 6, 0),
    goesOn: Float32Array.of(1, 1, 0, 0),
    filled: Float32Array.of(1, 1, 1, 0),
  };
  const into = new Float32Array(4);
  lambdaReturns(episode, { V: 1, gamma: 0.5, lambda: 0 }, into);
  assert.deepEqual([...into], [1 + 2, 2 + 4, 3, 0]);
  lambdaReturns(episode, { V: 1, gamma: 0.5, lambda: 1 }, into);
  assert.deepEqual([...into], [1 + 0.5 * 6, 2 + 4, 3, 0]);
  lambdaReturns(episode, { V: 1, gamma: 0.5, lambda: 0.5 }, into);
  assert.deepEqual([...into], [1 + 0.5 * (2 + 3), 2 + 4, 3, 0]);
});

Deno.test("episodes() keeps whole episodes, the newest over the oldest", () => {
  const world = makeWorld(findScenario("matrix/two_step"), { envs: 2 });
  const replay = episodes(world.spec, world.spec.groups[0]!, 3);
  world.reset(1);
  for (let episode = 0; episode < 2; episode++) {
    for (let t = 0; t < 2; t++) {
      world.actions.set(episode === 0 ? [1, 0, 1, 1] : [0, 0, 1, 0]);
      replay.before(world);
      world.step();
      replay.after(world);
    }
    assert.equal(replay.count(), episode === 0 ? 2 : 3);
  }
  const batch = replay.batch(32);
  replay.sample(seed(1), 32, batch);
  const rewards = new Set<string>();
  for (let i = 0; i < 32; i++) {
    const own = batch.reward.subarray(i * 4, i * 4 + 4);
    rewards.add([...own].join());
    assert.deepEqual([...batch.goesOn.subarray(2 * i, 2 * i + 2)], [1, 0]);
    assert.deepEqual([...batch.filled.subarray(2 * i, 2 * i + 2)], [1, 1]);
    assert.deepEqual([...batch.obs.subarray(18 * i, 18 * i + 3)], [1, 0, 0]);
    // What is seen after the last step is still the second state of this episode.
    assert.deepEqual(batch.obs.slice(18 * i + 6, 18 * i + 9), batch.obs.slice(18 * i + 12, 18 * i + 15));
  }
  // Environment 0's first episode was overwritten; (1, 1) in 2B, 2A, and environment 1's (1, 0) in 2B remain.
  assert.deepEqual([...rewards].sort(), ["0,0,1,1", "0,0,7,7", "0,0,8,8"]);
});
