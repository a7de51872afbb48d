/** Optimisers against PyTorch's, against hand-written loops, and inside an update; clipping; schedules. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import {
  clipNorm,
  clipValue,
  compileForward,
  compileUpdate,
  eagerForward,
  layout,
  optimiserOf,
  type OptimiserSettings,
  schedule,
  type Tensors,
  type UpdateDefinition,
  zeros,
} from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import torch from "./torch/optimisers.json" with { type: "json" };

const runtime = nodeRuntime();

const cases: Record<keyof typeof torch.theta, OptimiserSettings> = {
  adam: { kind: "adam" },
  adamw: { kind: "adamw", beta1: 0.8, beta2: 0.95, eps: 1e-6, decay: 0.1 },
  rmsprop: { kind: "rmsprop", alpha: 0.9, eps: 1e-5 },
  rmspropCentred: { kind: "rmsprop", alpha: 0.9, eps: 1e-2, centred: true, momentum: 0.5, decay: 0.1 },
  sgd: { kind: "sgd" },
  sgdMomentum: { kind: "sgd", momentum: 0.9, decay: 0.01 },
  sgdNesterov: { kind: "sgd", momentum: 0.9, nesterov: true },
};

/** The parameters after each step, by tfjs-cpu or by the compiled graph. */
function path(settings: OptimiserSettings, gradients: number[][], compiled: boolean): number[][] {
  const optimiser = optimiserOf(settings);
  const names = ["theta", ...optimiser.slots];
  const size = torch.start.length;
  const inputs = Object.fromEntries([...names, "g"].map((name) => [name, { shape: [size] }]));
  const specs = { ...inputs, t: { shape: [] }, rate: { shape: [] } };
  const fn = (x: Tensors) => {
    const next = optimiser.step(x, x.g!, x.t!, x.rate!);
    return Object.fromEntries(Object.entries(next).map(([name, value]) => [`${name}.next`, value]));
  };
  const forward = compiled ? compileForward({ runtime, inputs: specs, fn }) : undefined;
  let state: Record<string, Float32Array> = Object.fromEntries(
    names.map((name) => [name, new Float32Array(size)]),
  );
  state.theta!.set(torch.start);
  return gradients.map((g, k) => {
    const feeds = {
      ...state,
      g: Float32Array.from(g),
      t: Float32Array.of(k + 1),
      rate: Float32Array.of(torch.rate),
    };
    const read = (name: string) =>
      forward ? forward.run(feeds)[`${name}.next`]!.data : eagerForward(fn, specs, feeds)[`${name}.next`]!;
    state = Object.fromEntries(names.map((name) => [name, Float32Array.from(read(name))]));
    return [...state.theta!];
  });
}

for (const [name, settings] of Object.entries(cases)) {
  Deno.test(`${name} takes PyTorch ${torch.torch}'s steps, eagerly and compiled`, () => {
    const want = torch.theta[name as keyof typeof torch.theta];
    for (const compiled of [false, true]) {
      path(settings, torch.gradients, compiled).forEach((theta, k) =>
        theta.forEach((x, i) =>
          assert.ok(Math.abs(x - want[k]![i]!) < 2e-6, `step ${k + 1}[${i}]: ${x}, ${want[k]![i]}`)
        )
      );
    }
  });
}

Deno.test("an update trains with each optimiser, and its compiled run equals its eager step", () => {
  const net = layout({ w: { shape: [2], init: zeros } });
  for (const optimiser of Object.values(cases)) {
    const definition: UpdateDefinition = {
      groups: { net },
      hyper: { "lr.net": 0.05 },
      data: { x: { shape: [8, 2] }, y: { shape: [8] } },
      epochs: 60,
      minibatch: 8,
      optimiser,
      loss: ({ net }, { x, y }) => ({
        loss: tf.mean(tf.square(tf.sub(tf.reshape(tf.matMul(x!, tf.reshape(net!.w!, [2, 1])), [-1]), y!))),
        metrics: {},
      }),
    };
    const update = compileUpdate({ runtime, ...definition });
    assert.deepEqual(Object.keys(update.state), [
      "t",
      "net.theta",
      ...optimiserOf(optimiser).slots.map((s) => `net.${s}`),
    ]);
    const x = Float32Array.from({ length: 16 }, (_, k) => Math.sin(3 * k));
    const y = Float32Array.from({ length: 8 }, (_, k) => x[2 * k]! - 0.5 * x[2 * k + 1]!);
    const eager = update.step({ x, y });
    const single = compileUpdate({ runtime, ...definition, epochs: 1 });
    const order = Int32Array.from({ length: 8 }, (_, k) => k);
    single.run({ x, y }, order, definition.hyper);
    for (const [name, values] of Object.entries(eager.state)) {
      values.forEach((v, k) =>
        assert.ok(Math.abs(v - single.state[name]![k]!) < 1e-6, `${optimiser.kind} ${name}`)
      );
    }
    const rows = Int32Array.from({ length: 60 * 8 }, (_, k) => k % 8);
    const { metrics } = update.run({ x, y }, rows, definition.hyper);
    assert.ok(metrics.loss!.at(-1)! < 0.5 * metrics.loss![0]!, `${optimiser.kind}: ${metrics.loss!.at(-1)}`);
  }
});

Deno.test("the settings `adam` and the optimiser adam are one", () => {
  const theta = (change: Partial<UpdateDefinition>) => {
    const update = compileUpdate({
      runtime,
      groups: { net: layout({ w: { shape: [1], init: zeros } }) },
      hyper: { "lr.net": 0.1 },
      data: { y: { shape: [1] } },
      epochs: 3,
      minibatch: 1,
      loss: ({ net }, { y }) => ({ loss: tf.mean(tf.square(tf.sub(net!.w!, y!))), metrics: {} }),
      ...change,
    });
    update.run({ y: Float32Array.of(2) }, new Int32Array(3), { "lr.net": 0.1 });
    return update.state["net.theta"]![0];
  };
  assert.equal(theta({ adam: { beta1: 0.5 } }), theta({ optimiser: { kind: "adam", beta1: 0.5 } }));
  assert.notEqual(theta({}), theta({ optimiser: { kind: "adam", beta1: 0.5 } }));
  assert.equal(theta({ maxValue: 1e-3, optimiser: { kind: "sgd" } }), Math.fround(3 * 0.1 * 1e-3));
});

Deno.test("clipping: by value each element, by norm the whole, and nothing when it is small", () => {
  const { value, long, short, norm } = eagerForward(
    () => {
      const g = tf.tensor1d([3, -4, 0.5]);
      const by = clipNorm(g, 1);
      return { value: clipValue(g, 1), long: by.clipped, short: clipNorm(g, 100).clipped, norm: by.norm };
    },
    {},
    {},
  );
  assert.deepEqual([...value!], [1, -1, 0.5]);
  const length = Math.hypot(3, 4, 0.5);
  assert.ok(Math.abs(norm![0]! - length) < 1e-6);
  [3, -4, 0.5].forEach((x, k) => assert.ok(Math.abs(long![k]! - x / length) < 1e-6));
  assert.deepEqual([...short!], [3, -4, 0.5]);
});

Deno.test("an unknown optimiser is named", () => {
  assert.throws(
    () => optimiserOf({ kind: "lion" } as never),
    /no optimiser "lion"\. There are: adam, adamw, rmsprop, sgd/,
  );
});

Deno.test("schedules have the values of their formulas at both ends and between", () => {
  const at = (s: (p: number) => number, ...points: number[]) => points.map((p) => Number(s(p).toFixed(9)));
  assert.deepEqual(at(schedule.constant(3), 0, 0.5, 1), [3, 3, 3]);
  assert.deepEqual(at(schedule.linear(4), -1, 0, 0.25, 1, 2), [4, 4, 3, 0, 0]);
  assert.deepEqual(at(schedule.cosine(2, 1), 0, 0.5, 1), [2, 1.5, 1]);
  assert.deepEqual(at(schedule.cosine(1), 1 / 3), [0.75]);
  assert.deepEqual(at(schedule.warmUp(0.2, schedule.linear(10)), 0, 0.1, 0.2, 0.6, 1), [0, 5, 10, 5, 0]);
  assert.deepEqual(at(schedule.piecewise([[0.25, 1], [0.5, 3], [1, 0]]), 0, 0.25, 0.375, 0.75, 1, 2), [
    1,
    1,
    2,
    1.5,
    0,
    0,
  ]);
  assert.deepEqual(at(schedule.steps([0.5, 0.75], [3, 2, 1]), 0, 0.5, 0.74, 0.75), [3, 2, 2, 1]);
  assert.deepEqual(at(schedule.exponential(1, 0.01), 0, 0.5, 1), [1, 0.1, 0.01]);
});

Deno.test("a schedule that cannot be is refused", () => {
  assert.throws(() => schedule.warmUp(0, schedule.constant(1)), /a share between 0 and 1, found 0/);
  assert.throws(() => schedule.piecewise([]), /at least one point/);
  assert.throws(() => schedule.piecewise([[0.5, 1], [0.5, 2]]), /ascending progress, found 0\.5 behind 0\.5/);
  assert.throws(() => schedule.steps([0.5], [1]), /one more value than boundaries/);
  assert.throws(() => schedule.exponential(1, 0), /positive ends/);
});
