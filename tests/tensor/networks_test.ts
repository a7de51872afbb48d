/** Whole networks inside an update: images, sequences and attention, compiled against eager. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { fork, seed } from "../../core/mod.ts";
import {
  binned,
  categorical,
  compileUpdate,
  gruParts,
  he,
  layout,
  linear,
  linearBins,
  linearParts,
  scanGru,
  symlog,
  transformer,
  transformerParts,
  type UpdateDefinition,
} from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { fakeData, start } from "./losses.ts";

const runtime = nodeRuntime();
const [samples, steps] = [8, 20];
const bins = linearBins(-3, 3, 7);

/** Images over time through a convolution and a GRU to a policy and a binned value; a transformer as a second group. */
const definition: UpdateDefinition = {
  groups: {
    seer: layout({
      filter: { shape: [3, 3, 1, 4], init: he() },
      ...gruParts("gru", 4, 6),
      ...linearParts("pi", 6, 5),
      ...linearParts("value", 6, bins.length),
    }),
    reader: layout({ ...transformerParts("t", { width: 6, blocks: 1 }), ...linearParts("out", 6, 1) }),
  },
  hyper: { "lr.seer": 0.01, "lr.reader": 0.01 },
  data: {
    images: { shape: [samples, steps, 6, 6, 1] },
    hidden: { shape: [samples, 6] },
    reset: { shape: [samples, steps] },
    actions: { shape: [samples, steps], dtype: "int32" },
    returns: { shape: [samples, steps] },
  },
  epochs: 15,
  minibatch: 4,
  optimiser: { kind: "adamw", decay: 0.001 },
  maxNorm: 1,
  loss({ seer, reader }, { images, hidden, reset, actions, returns }) {
    const rows = images!.shape[0]!;
    const flat = tf.reshape(images!, [rows * steps, 6, 6, 1]) as tf.Tensor4D;
    const seen = tf.maxPool(tf.relu(tf.conv2d(flat, seer!.filter as tf.Tensor4D, 1, "same")), 3, 3, 0);
    const features = tf.reshape(tf.mean(seen, [1, 2]), [rows, steps, 4]);
    const byTime = tf.transpose(features, [1, 0, 2]);
    const cut = tf.cast(tf.greater(tf.transpose(reset!), 1), "float32");
    const states = tf.transpose(scanGru(seer!, "gru", byTime, hidden!, cut), [1, 0, 2]);
    const policy = tf.neg(tf.mean(categorical(linear(seer!, "pi", states)).logp(actions!)));
    const value = tf.neg(tf.mean(binned(linear(seer!, "value", states), bins).logp(symlog(returns!))));
    const read = linear(reader!, "out", transformer(reader!, "t", states, { heads: 2 }));
    const guess = tf.mean(tf.square(tf.sub(tf.reshape(read, returns!.shape), returns!)));
    return { loss: tf.addN([policy, value, guess]), metrics: { policy, value, guess } };
  },
};

Deno.test("a learner of images, sequences and attention: compiled equals eager, and its losses fall", () => {
  const data = fakeData(definition.data, fork(seed(1), "data"));
  const one = { ...definition, epochs: 1, minibatch: samples };
  const single = compileUpdate({ runtime, ...one });
  start(single.state, definition.groups);
  const eager = single.step(data);
  single.run(data, Int32Array.from({ length: samples }, (_, k) => k), definition.hyper);
  for (const group of ["seer", "reader"]) {
    assert.ok(eager.gradients[group]!.every(Number.isFinite));
    for (const slot of ["m", "v"]) { // the gradient and its square, before Adam blows up rounding
      eager.state[`${group}.${slot}`]!.forEach((want, k) => {
        const found = single.state[`${group}.${slot}`]![k]!;
        assert.ok(Math.abs(found - want) < 2e-6, `${group}.${slot}[${k}]: ${found}, expected ${want}`);
      });
    }
  }
  const update = compileUpdate({ runtime, ...definition });
  start(update.state, definition.groups);
  const rows = Int32Array.from({ length: update.rows * 4 }, (_, k) => k % samples);
  const { metrics } = update.run(data, rows, definition.hyper);
  for (const name of ["policy", "value", "guess"]) {
    const curve = metrics[name]!;
    assert.ok(curve.at(-1)! < curve[1]!, `${name}: from ${curve[1]} to ${curve.at(-1)}`);
  }
  assert.ok(update.nodes < 650, `${update.nodes} nodes`);
});
