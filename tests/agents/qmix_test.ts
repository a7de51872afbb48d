import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { fillNormal, seed, uniform } from "../../core/mod.ts";
import { iql, qmix, vdn } from "../../agents/algorithms/mod.ts";
import { checkNeeds } from "../../agents/mod.ts";
import { mixer } from "../../agents/mixer.ts";
import { lambdaReturns } from "../../agents/returns.ts";
import { findScenario, makeWorld } from "../../sim/mod.ts";
import { layout } from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { practise, waiting } from "./fixtures.ts";

const runtime = nodeRuntime();

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

Deno.test("settings that would do nothing are refused, with those that there are", () => {
  assert.throws(
    () => vdn.make({ mixing: 8 }),
    /vdn has no setting "mixing"\..* It has: teamReward, .*agentIds/,
  );
  assert.throws(() => vdn.make({ hyper: 8 }), /vdn has no setting "hyper"/);
  for (const set of [{ teamReward: "mean" }, { mixing: 8 }, { hyper: 8 }]) {
    assert.throws(() => iql.make(set), /iql has no setting .* It has: scaleReward, /);
  }
  assert.deepEqual(Object.keys(iql.make({}).settings).filter((name) => /team|mixing|hyper/.test(name)), []);
  assert.equal(qmix.make({ mixing: 8, hyper: 4, teamReward: "sum" }).settings.mixing, 8);
  const scenario = findScenario("mpe/simple_tag_v3");
  const { spec } = makeWorld(scenario);
  assert.throws(() => checkNeeds(vdn.make({}), spec, scenario), /--set teamReward=mean/);
  checkNeeds(vdn.make({ teamReward: "mean" }), spec, scenario);
});

Deno.test("iql learns what a move is worth, though who waits sees what it saw when it was to move", () => {
  const world = waiting(8);
  const spec = { ...world.spec, maxCycles: 2 };
  const set = {
    hidden: [8],
    horizon: 2,
    updates: 4,
    batch: 16,
    capacity: 64,
    gamma: 0.5,
    lambda: 0.5,
    rate: 0.01,
  };
  const learner = iql.make({ ...set, epsilonEnd: 1 }).start({
    ...{ spec, group: spec.groups[0]!, runtime, pricing: undefined, stream: seed(3), peers: () => ({}) },
  });
  const metrics = practise(learner, world, { horizon: set.horizon, updates: 150 });
  // Q(a) = a − 4/2, exactly; all actions are random, so that either is taken half of the time.
  assert.ok(metrics["loss/value"]! < 1e-3, `loss ${metrics["loss/value"]}`);
  assert.ok(Math.abs(metrics["value/mean"]! + 1.5) < 0.2, `value ${metrics["value/mean"]}`);
  learner.dispose();
});
