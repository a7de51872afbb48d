/** exportPolicy(): any batch size, the numbers of eager tfjs, and what cannot have a free batch axis. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { fillNormal, seed } from "../../core/mod.ts";
import {
  categorical,
  eagerForward,
  exportPolicy,
  gaussian,
  gru,
  gruParts,
  he,
  type Layout,
  layout,
  linear,
  linearParts,
  lstm,
  lstmOutput,
  lstmParts,
  mlp,
  mlpParts,
  type Numbers,
  type Policy,
  readModel,
  type Specs,
  squashedGaussian,
  type Tensors,
  transformer,
  transformerParts,
  zeros,
} from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";

const runtime = nodeRuntime();

/** Exports, loads, and compares with eager tfjs-cpu at three batch sizes. */
function agreesAtAnyBatch(net: Layout, fn: Policy["fn"], inputs: (batch: number) => Specs): Uint8Array {
  const theta = net.init(seed(5));
  const bytes = exportPolicy({
    fn,
    weights: { net: { layout: net, theta } },
    inputs,
    metadata: { seed: "5" },
  });
  const session = runtime.load(bytes);
  for (const batch of [1, 7, 64]) {
    const specs = inputs(batch);
    const feeds = Object.fromEntries(
      Object.entries(specs).map(([name, { shape }], k) => {
        const data = new Float32Array(shape.reduce((n, m) => n * m, 1));
        fillNormal(seed(100 * batch + k), data);
        return [name, name === "mask" ? data.map((x) => x > -1 ? 1 : 0) : data] as const;
      }),
    );
    const values = Object.entries(feeds).map(([name, data]) =>
      [name, { dtype: "float32" as const, shape: specs[name]!.shape, data: data as Numbers }] as const
    );
    const found = session.run(Object.fromEntries(values));
    const eager = eagerForward((x) => fn({ net: net.unpack(tf.tensor1d(theta)) }, x), specs, feeds);
    for (const [name, want] of Object.entries(eager)) {
      const { data, shape } = found[name]!;
      assert.equal(shape[0], batch);
      assert.equal(data.length, want.length, name);
      want.forEach((x, k) => assert.ok(Math.abs(data[k]! - x) < 1e-5, `${name}[${k}] at batch ${batch}`));
    }
  }
  session.dispose();
  return bytes;
}

Deno.test("a masked discrete policy agrees with eager tfjs at three batch sizes, and its metadata reads back", () => {
  const bytes = agreesAtAnyBatch(
    layout(mlpParts("pi", [18, 64, 64, 5])),
    ({ net }, { obs, mask, noise }) => {
      const policy = categorical(mlp(net!, "pi", obs!), mask);
      return { action: policy.sample(noise!), mode: policy.mode(), logits: policy.logits };
    },
    (batch) => ({ obs: { shape: [batch, 18] }, mask: { shape: [batch, 5] }, noise: { shape: [batch, 5] } }),
  );
  const info = readModel(bytes);
  assert.deepEqual(info.metadata, { seed: "5" });
  assert.equal(info.opset, 18);
  assert.deepEqual(info.inputs, [
    { name: "obs", dtype: "float32", shape: ["batch", 18] },
    { name: "mask", dtype: "float32", shape: ["batch", 5] },
    { name: "noise", dtype: "float32", shape: ["batch", 5] },
  ]);
  assert.deepEqual(info.outputs.map(({ name, dtype, shape }) => [name, dtype, shape]), [
    ["action", "int32", ["batch"]],
    ["mode", "int32", ["batch"]],
    ["logits", "float32", ["batch", 5]],
  ]);
  assert.ok(info.ops.includes("Gemm") && !info.ops.includes("Loop"));
  assert.ok(bytes.length < 30_000, `${bytes.length} bytes`);
});

Deno.test("a Gaussian policy, whose standard deviation is shared by all rows, agrees at three batch sizes", () => {
  agreesAtAnyBatch(
    layout({ ...mlpParts("pi", [4, 16, 3]), logStd: { shape: [3], init: zeros } }),
    ({ net }, { obs, noise }) => {
      const policy = gaussian(mlp(net!, "pi", obs!), net!.logStd!);
      const wide = tf.broadcastTo(net!.logStd!, policy.mean.shape);
      return { action: policy.sample(noise!), mean: policy.mean, logStd: wide, entropy: policy.entropy() };
    },
    (batch) => ({ obs: { shape: [batch, 4] }, noise: { shape: [batch, 3] } }),
  );
});

Deno.test("a squashed Gaussian policy with two heads agrees at three batch sizes", () => {
  agreesAtAnyBatch(
    layout({ ...mlpParts("body", [4, 16]), ...linearParts("mean", 16, 2), ...linearParts("std", 16, 2) }),
    ({ net }, { obs, noise }) => {
      const features = tf.relu(mlp(net!, "body", obs!));
      const logStd = tf.clipByValue(linear(net!, "std", features), -5, 2);
      const { actions, logp } = squashedGaussian(linear(net!, "mean", features), logStd).sample(noise!);
      return { action: actions, logp };
    },
    (batch) => ({ obs: { shape: [batch, 4] }, noise: { shape: [batch, 2] } }),
  );
});

Deno.test("a recurrent policy with shapes that mix agents into the batch agrees at three batch sizes", () => {
  agreesAtAnyBatch(
    layout({ ...linearParts("in", 4, 8), ...linearParts("state", 8, 8), ...linearParts("out", 8, 2) }),
    ({ net }, { obs, hidden }) => {
      const [batch, agents] = obs!.shape as [number, number];
      const rows = tf.reshape(obs!, [batch * agents, 4]);
      const before = tf.reshape(hidden!, [batch * agents, 8]);
      const next = tf.tanh(tf.add(linear(net!, "in", rows), linear(net!, "state", before)));
      const padded = tf.concat(
        [tf.slice(next, [0, 0], [batch * agents, 4]), tf.zeros([batch * agents, 4])],
        1,
      );
      const logits = tf.reshape(linear(net!, "out", tf.add(next, padded)), [batch, agents, 2]);
      return { logits, hidden_next: tf.reshape(next, [batch, agents, 8]) };
    },
    (batch) => ({ obs: { shape: [batch, 3, 4] }, hidden: { shape: [batch, 3, 8] } }),
  );
});

Deno.test("GRU and LSTM policies agree at three batch sizes", () => {
  agreesAtAnyBatch(
    layout({ ...gruParts("gru", 4, 8), ...lstmParts("lstm", 8, 6), ...linearParts("out", 6, 2) }),
    ({ net }, { obs, hidden, memory }) => {
      const h = gru(net!, "gru", obs!, hidden!);
      const state = lstm(net!, "lstm", h, memory!);
      return { logits: linear(net!, "out", lstmOutput(state)), hidden_next: h, memory_next: state };
    },
    (batch) => ({
      obs: { shape: [batch, 4] },
      hidden: { shape: [batch, 8] },
      memory: { shape: [batch, 12] },
    }),
  );
});

Deno.test("a policy on images agrees at three batch sizes", () => {
  agreesAtAnyBatch(
    layout({
      first: { shape: [3, 3, 2, 4], init: he() },
      second: { shape: [3, 3, 4, 1], init: he() },
      ...linearParts("out", 4 * 2 * 2, 3),
    }),
    ({ net }, { image }) => {
      const batch = image!.shape[0]!;
      const small = tf.image.resizeBilinear(image as tf.Tensor4D, [8, 8]);
      const edges = tf.relu(tf.conv2d(small, net!.first as tf.Tensor4D, 1, "same"));
      const alone = tf.depthwiseConv2d(tf.maxPool(edges, 2, 2, 0), net!.second as tf.Tensor4D, 1, "same");
      const features = tf.reshape(tf.avgPool(alone, 2, 2, 0), [batch, 4 * 2 * 2]);
      return { logits: linear(net!, "out", features) };
    },
    (batch) => ({ image: { shape: [batch, 10, 6, 2] } }),
  );
});

Deno.test("a transformer policy agrees at three batch sizes", () => {
  agreesAtAnyBatch(
    layout({ ...transformerParts("t", { width: 8, blocks: 2 }), ...linearParts("out", 8, 3) }),
    ({ net }, { tokens, mask }) => {
      const features = transformer(net!, "t", tokens!, { heads: 2, mask: mask! });
      return { logits: linear(net!, "out", tf.reshape(tf.slice(features, [0, 4, 0], [-1, 1, -1]), [-1, 8])) };
    },
    (batch) => ({ tokens: { shape: [batch, 5, 8] }, mask: { shape: [batch, 5] } }),
  );
});

Deno.test("a policy that depends on the batch in other ways is refused", () => {
  const net = layout(mlpParts("pi", [4, 2]));
  const refused = (fn: (x: Tensors) => Tensors, message: RegExp) =>
    assert.throws(() =>
      exportPolicy({
        fn: (_, x) => fn(x),
        weights: { net: { layout: net, theta: net.init(seed(1)) } },
        inputs: (batch) => ({ obs: { shape: [batch, 4] } }),
      }), message);
  refused(({ obs }) => ({ y: tf.concat([obs!, obs!]) }), /axis of 2018 at batch 1009/);
  refused(
    ({ obs }) => ({ y: tf.add(obs!, tf.reshape(tf.range(0, obs!.shape[0]), [-1, 1])) }),
    /holds a constant/,
  );
  refused(({ obs }) => ({ y: tf.mul(obs!, obs!.shape[0]!) }), /holds a constant/);
  refused(({ obs }) => ({ y: tf.stack(tf.unstack(obs!).slice(0, 2)) }), /operation|builds other/);
});
