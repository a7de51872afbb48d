/** compileUpdate(): against its eager twin, against itself call by call, and against misuse. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { hasher, seed } from "../../core/mod.ts";
import {
  compileForward,
  compileUpdate,
  eagerStep,
  type Numbers,
  type UpdateDefinition,
} from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { batchSpecs, stateSpecs, step } from "../../tensor/step.ts";
import { continuousPpo, discretePpo, fakeData, shuffles, start } from "./losses.ts";

const runtime = nodeRuntime();
const losses = { discrete: discretePpo, continuous: continuousPpo };

/** The rows of some data that a minibatch names. */
function rowsOf(definition: UpdateDefinition, data: Record<string, Numbers>, samples: Int32Array) {
  const count = Object.values(definition.data)[0]!.shape[0]!;
  return Object.fromEntries(
    Object.entries(data).map(([name, all]) => {
      const width = all.length / count;
      const rows = all.slice(0, samples.length * width);
      samples.forEach((sample, k) => rows.set(all.subarray(sample * width, (sample + 1) * width), k * width));
      return [name, rows];
    }),
  );
}

function hash(state: Record<string, Float32Array>): string {
  const h = hasher();
  for (const values of Object.values(state)) h.array(new Uint32Array(values.slice().buffer));
  return h.hex();
}

for (const [name, make] of Object.entries(losses)) {
  Deno.test(`the ${name} PPO loss and its gradient equal tfjs-cpu's`, () => {
    const definition = make({ samples: 64, minibatch: 64 });
    const state = Object.fromEntries(
      Object.entries(stateSpecs(definition.groups)).map((
        [k, { shape }],
      ) => [k, new Float32Array(shape[0] ?? 1)]),
    );
    start(state, definition.groups);
    const data = fakeData(definition.data, seed(3));
    const eager = eagerStep(definition, state, data);
    const hyper = Object.fromEntries(Object.keys(definition.hyper).map((k) => [`h.${k}`, { shape: [] }]));
    const compiled = compileForward({
      runtime,
      inputs: { ...stateSpecs(definition.groups), ...batchSpecs(definition), ...hyper },
      fn: (x) => {
        const numbers = Object.fromEntries(Object.keys(definition.hyper).map((k) => [k, x[`h.${k}`]!]));
        const { metrics, gradients } = step(definition, x, x, numbers);
        return {
          ...Object.fromEntries(Object.entries(metrics).map(([k, v]) => [`metric.${k}`, v])),
          ...gradients,
        };
      },
    });
    const numbers = Object.entries(definition.hyper).map(([k, v]) => [`h.${k}`, Float32Array.of(v)]);
    const found = compiled.run({ ...state, ...data, ...Object.fromEntries(numbers) });
    for (const [key, want] of Object.entries(eager.metrics)) {
      const got = found[`metric.${key}`]!.data[0]!;
      assert.ok(Math.abs(got - want) < 1e-5, `${key}: traced ${got}, eager ${want}`);
    }
    eager.gradients.net!.forEach((want, k) => {
      const got = found.net!.data[k]!;
      assert.ok(Math.abs(got - want) < 1e-5, `gradient[${k}]: traced ${got}, eager ${want}`);
    });
    assert.ok(eager.gradients.net!.some((g) => Math.abs(g) > 1e-3));
  });

  Deno.test(`a ${name} PPO update equals the same minibatches by tfjs-cpu`, () => {
    const definition = make({ samples: 64, minibatch: 32, epochs: 2 });
    const update = compileUpdate({ runtime, ...definition });
    start(update.state, definition.groups);
    const data = fakeData(definition.data, seed(3));
    const permutation = shuffles(definition, seed(4));
    let eager = structuredClone(update.state);
    const curve: number[] = [];
    for (let k = 0; k < update.rows; k++) {
      const batch = rowsOf(definition, data, permutation.subarray(k * 32, (k + 1) * 32));
      const result = eagerStep(definition, eager, batch);
      eager = result.state;
      curve.push(result.metrics.loss!);
    }
    const report = update.run(data, permutation, definition.hyper);
    assert.equal(report.minibatches, 4);
    assert.equal(update.state.t![0], 4);
    curve.forEach((want, k) => assert.ok(Math.abs(report.metrics.loss![k]! - want) < 1e-5));
    eager["net.theta"]!.forEach((want, k) =>
      assert.ok(Math.abs(update.state["net.theta"]![k]! - want) < 2e-6)
    );
  });
}

Deno.test("one call equals separate calls, bit for bit", () => {
  const whole = discretePpo({ samples: 256, minibatch: 64, epochs: 2 });
  const single = discretePpo({ samples: 64, minibatch: 64 });
  const data = fakeData(whole.data, seed(3));
  const permutation = shuffles(whole, seed(4));
  const once = compileUpdate({ runtime, ...whole });
  const often = compileUpdate({ runtime, ...single });
  for (const update of [once, often]) start(update.state, whole.groups);
  const report = once.run(data, permutation, whole.hyper);
  const inOrder = Int32Array.from({ length: 64 }, (_, k) => k);
  for (let k = 0; k < once.rows; k++) {
    const batch = rowsOf(whole, data, permutation.subarray(k * 64, (k + 1) * 64));
    const { metrics } = often.run(batch, inOrder, whole.hyper);
    for (const name of Object.keys(metrics)) {
      assert.equal(report.metrics[name]![k], metrics[name]![0], `${name}[${k}]`);
    }
  }
  assert.equal(hash(once.state), hash(often.state));
});

Deno.test("the minibatch that trips the stop is reported and not applied", () => {
  const definition = discretePpo({ samples: 256, minibatch: 64, epochs: 4 });
  const data = fakeData(definition.data, seed(3));
  const permutation = shuffles(definition, seed(4));
  const update = compileUpdate({ runtime, ...definition });
  start(update.state, definition.groups);
  const begin = structuredClone(update.state);
  const hyper = { ...definition.hyper, "lr.net": 1e-2 };
  const full = update.run(data, permutation, hyper);
  assert.deepEqual([full.minibatches, full.stopped, full.metrics.kl!.length], [16, false, 16]);

  const k = 6; // the first minibatch whose KL is the largest so far and exceeds the limit
  const before = Math.max(...full.metrics.kl!.subarray(0, k));
  const trip = full.metrics.kl!.findIndex((kl) => kl > before);
  const reset = () => Object.entries(begin).forEach(([name, values]) => update.state[name]!.set(values));
  reset();
  const stopped = update.run(data, permutation, { ...hyper, targetKl: before });
  assert.deepEqual([stopped.minibatches, stopped.stopped], [trip, true]);
  assert.equal(stopped.metrics.kl!.length, trip + 1);
  assert.deepEqual([...stopped.metrics.kl!], [...full.metrics.kl!.subarray(0, trip + 1)]);
  assert.equal(update.state.t![0], trip);

  const single = discretePpo({ samples: 64, minibatch: 64 });
  const oneByOne = compileUpdate({ runtime, ...single });
  Object.entries(begin).forEach(([name, values]) => oneByOne.state[name]!.set(values));
  for (let row = 0; row < trip; row++) {
    const batch = rowsOf(definition, data, permutation.subarray(row * 64, (row + 1) * 64));
    oneByOne.run(batch, Int32Array.from({ length: 64 }, (_, i) => i), hyper);
  }
  assert.equal(hash(update.state), hash(oneByOne.state));

  const again = update.run(data, permutation, { ...hyper, targetKl: -1 });
  assert.deepEqual([again.minibatches, again.stopped, again.metrics.kl!.length], [0, true, 1]);
  assert.equal(hash(update.state), hash(oneByOne.state));
});

Deno.test("two runs, and one and two threads, leave the same bits", () => {
  const definition = continuousPpo({ samples: 256, minibatch: 64, epochs: 2 });
  const data = fakeData(definition.data, seed(3));
  const permutation = shuffles(definition, seed(4));
  const hashes = [runtime, runtime, nodeRuntime({ threads: 2 })].map((runtime) => {
    const update = compileUpdate({ runtime, ...definition });
    start(update.state, definition.groups);
    for (let k = 0; k < 3; k++) update.run(data, permutation, definition.hyper);
    update.dispose();
    return hash(update.state);
  });
  assert.deepEqual(hashes, [hashes[0], hashes[0], hashes[0]]);
});

Deno.test("the standard graphs stay small and build fast", () => {
  for (const make of Object.values(losses)) {
    const definition = make({ samples: 8192, minibatch: 1024, epochs: 4 });
    compileUpdate({ runtime, ...definition }).dispose();
    const begin = performance.now();
    const update = compileUpdate({ runtime: nodeRuntime(), ...definition });
    assert.ok(performance.now() - begin < 3000, "building takes 30 to 60 ms on a quiet core");
    assert.ok(update.nodes < 240, `${update.nodes} nodes`);
    assert.ok(update.bytes.length < 17_000, `${update.bytes.length} bytes`);
  }
});

Deno.test("a learning rate of zero changes nothing but the averages", () => {
  const definition = discretePpo({ samples: 64, minibatch: 32 });
  const update = compileUpdate({ runtime, ...definition });
  start(update.state, definition.groups);
  const before = update.state["net.theta"]!.slice();
  update.run(fakeData(definition.data, seed(3)), shuffles(definition, seed(4)), {
    ...definition.hyper,
    "lr.net": 0,
  });
  assert.deepEqual(update.state["net.theta"], before);
  assert.ok(update.state["net.m"]!.some((m) => m !== 0));
});

Deno.test("step() computes one eager minibatch and leaves the state alone", () => {
  const definition = discretePpo({ samples: 32, minibatch: 32 });
  const update = compileUpdate({ runtime, ...definition });
  start(update.state, definition.groups);
  const before = hash(update.state);
  const data = fakeData(definition.data, seed(3));
  const { numTensors } = tf.memory();
  const { state, stopped } = update.step(data);
  assert.equal(tf.memory().numTensors, numTensors);
  assert.equal(hash(update.state), before);
  assert.equal(stopped, false);
  update.run(data, Int32Array.from({ length: 32 }, (_, i) => i), definition.hyper);
  state["net.theta"]!.forEach((want, k) => assert.ok(Math.abs(update.state["net.theta"]![k]! - want) < 1e-6));
});

Deno.test("a definition that cannot work is refused with its cure", () => {
  const good = discretePpo({ samples: 64, minibatch: 32 });
  const refused = (change: Partial<UpdateDefinition>, message: RegExp) =>
    assert.throws(() => compileUpdate({ runtime, ...good, ...change }), message);
  refused({ hyper: { clip: 0.2 } }, /group "net" has no learning rate: add hyper "lr.net"/);
  refused({ minibatch: 65 }, /minibatch: expected 1 to 64 \(the number of samples\), found 65/);
  refused({ epochs: 0 }, /epochs: expected at least 1, found 0/);
  refused({ data: { ...good.data, extra: { shape: [63] } } }, /data "extra" has 63 samples, "obs" has 64/);
  const loss = good.loss.bind(good);
  refused({
    loss: (p, b, h) => ({ ...loss(p, b, h), loss: tf.mean(b.logp!) }),
  }, /the loss does not depend on the parameters of group "net"/);
  refused({
    loss: (p, b, h) => ({ ...loss(p, b, h), loss: tf.square(b.logp!) }),
  }, /loss: expected a tensor with no axes, found \[32\]\. Take its mean or sum/);
  refused({
    loss: (p, b, h) => ({ ...loss(p, b, h), metrics: { odd: b.logp! } }),
  }, /metric "odd": expected a tensor with no axes/);
  refused({
    loss: (p, b, h) => ({ ...loss(p, b, h), metrics: { loss: tf.scalar(1) } }),
  }, /a metric "loss", a name that is taken/);
});

Deno.test("run() names an input that is missing, unknown, of the wrong length or type", () => {
  const definition = discretePpo({ samples: 64, minibatch: 32 });
  const update = compileUpdate({ runtime, ...definition });
  const data = fakeData(definition.data, seed(3));
  const permutation = shuffles(definition, seed(4));
  const { logp, ...withoutLogp } = data;
  const { clip: _, ...withoutClip } = definition.hyper;
  const cases: [() => unknown, RegExp][] = [
    [() => update.run(withoutLogp, permutation, definition.hyper), /missing: logp/],
    [() => update.run({ ...data, typo: logp! }, permutation, definition.hyper), /no input or output "typo"/],
    [
      () => update.run({ ...data, logp: logp!.slice(1) }, permutation, definition.hyper),
      /logp: expected 64 elements for the shape \[64\], found 63/,
    ],
    [
      () => update.run({ ...data, logp: new Int32Array(64) }, permutation, definition.hyper),
      /logp: .*Float32Array/,
    ],
    [
      () => update.run(data, permutation.slice(1), definition.hyper),
      /permutation: expected 64 elements for the shape \[2,32\], found 63/,
    ],
    [() => update.run(data, permutation, withoutClip), /missing: clip/],
  ];
  for (const [run, message] of cases) assert.throws(run, message);
});
