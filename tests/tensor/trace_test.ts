/** Tracing: what it refuses, what it leaves behind, and that the same function gives the same bytes. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { compileForward, compileUpdate, type Tensors } from "../../tensor/mod.ts";
import { encodeModel } from "../../tensor/onnx/encode.ts";
import { histogram } from "../../tensor/onnx/graph.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { trace } from "../../tensor/trace/trace.ts";
import { discretePpo } from "./losses.ts";

const runtime = nodeRuntime();
const inputs = { x: { shape: [4] } };
const traced = (fn: (x: Tensors) => Tensors) => trace(fn, inputs);

Deno.test("the same function traced twice gives the same bytes, whatever was traced between", () => {
  const definition = discretePpo({ samples: 64, minibatch: 32 });
  const first = compileUpdate({ runtime, ...definition }).bytes;
  traced(({ x }) => ({ y: tf.sin(x!) }));
  assert.throws(() => traced(() => ({ y: tf.randomNormal([3]) })));
  const second = compileUpdate({ runtime, ...definition }).bytes;
  assert.deepEqual(first, second);
});

Deno.test("a trace leaves tfjs as it found it, also when it fails", async () => {
  tf.enableProdMode(); // keeps tfjs-cpu from advertising its native backend
  await tf.setBackend("cpu");
  const memory = tf.memory().numTensors;
  traced(({ x }) => ({ y: tf.mul(x!, 2) }));
  assert.throws(() =>
    traced(() => {
      throw new Error("mine");
    }), /mine/);
  assert.equal(tf.getBackend(), "cpu");
  assert.equal(tf.memory().numTensors, memory);
  assert.deepEqual([...tf.tidy(() => tf.add(1, 2).dataSync())], [3]);
  assert.equal(tf.tidy(() => tf.randomUniform([2])).size, 2);
});

Deno.test("random ops are refused, seeded or not", () => {
  const draws: [string, () => tf.Tensor][] = [
    ["randomNormal", () => tf.randomNormal([4], 0, 1, "float32", 7)],
    ["randomUniform", () => tf.randomUniform([4])],
    ["randomStandardNormal", () => tf.randomStandardNormal([4])],
    ["randomGamma", () => tf.randomGamma([4], 1)],
    ["truncatedNormal", () => tf.truncatedNormal([4])],
    ["rand", () => tf.rand([4], () => 0.5)],
    ["dropout", () => tf.dropout(tf.ones([4]), 0.5)],
    ["multinomial", () => tf.multinomial(tf.tensor1d([0.5, 0.5]), 3)],
  ];
  for (const [name, draw] of draws) {
    assert.throws(
      () => traced(() => ({ y: draw() })),
      new RegExp(`tf.${name} .*make the noise an input`),
      name,
    );
  }
});

Deno.test("a tensor from outside is a constant when small, and refused when large", () => {
  const small = tf.tensor1d([1, 2, 3, 4]);
  const large = tf.zeros([65]);
  const forward = compileForward({ runtime, inputs, fn: ({ x }) => ({ y: tf.mul(x!, small) }) });
  assert.deepEqual([...forward.run({ x: Float32Array.of(1, 1, 2, 2) }).y!.data], [1, 2, 6, 8]);
  assert.throws(() => traced(() => ({ y: tf.neg(large) })), /shape \[65\] from outside .*make it an input/);
  small.dispose();
  assert.throws(() => traced(({ x }) => ({ y: tf.mul(x!, small) })), /disposed/);
});

Deno.test("a tensor of another trace is refused", () => {
  let stolen: tf.Tensor | undefined;
  traced(({ x }) => {
    stolen = tf.keep(tf.neg(x!));
    return { y: stolen };
  });
  assert.throws(() => traced(({ x }) => ({ y: tf.add(x!, stolen!) })), /another trace/);
});

Deno.test("a kernel without a rule is named, with the file to add it to", () => {
  const norm = () => ({ y: tf.localResponseNormalization(tf.zeros([1, 2, 2, 1]) as tf.Tensor4D) });
  assert.throws(
    () => traced(norm),
    /kernel LRN has no ONNX rule: add one to tensor\/trace\/rules\/image\.ts/,
  );
  const count = () => ({
    y: tf.bincount(tf.zeros([4], "int32") as tf.Tensor1D, tf.ones([4]) as tf.Tensor1D, 3),
  });
  assert.throws(() => traced(count), /kernel Bincount .* tensor\/trace\/rules\/gather\.ts/);
});

Deno.test("a kernel without a gradient is named, with where to register one", () => {
  const pooled = (x: tf.Tensor) =>
    tf.grad((x: tf.Tensor) => tf.maxPool(tf.reshape(x, [1, 2, 2, 1]) as tf.Tensor4D, 1, 1, 0))(x);
  assert.throws(
    () => traced(({ x }) => ({ y: tf.grad(pooled)(x!) })),
    /kernel MaxPoolGrad has no gradient: register one in tensor\/trace\/gradients\//,
  );
});

Deno.test("reading a value while tracing is refused", () => {
  assert.throws(
    () => traced(({ x }) => ({ y: tf.scalar(x!.dataSync()[0]!) })),
    /has no value yet.*tf\.where/,
  );
  traced(({ x }) => ({ y: tf.mul(x!, tf.tensor1d([2]).dataSync()[0]!) })); // a constant may be read
});

Deno.test("inputs and outputs have distinct names", () => {
  assert.throws(() => traced(({ x }) => ({ x: tf.neg(x!) })), /"x" is both an input and an output.*"x_next"/);
  assert.throws(() => traced(({ x }) => ({ "/y": x! })), /cannot name an input or output/);
  assert.throws(() => traced(() => ({})), /returned no tensors/);
});

Deno.test("a traced function cannot trace another", () => {
  const inner = () => ({ y: tf.add(tf.scalar(traced(({ x }) => ({ y: x! })).nodes.length), 1) });
  assert.throws(() => traced(inner), /cannot trace another/);
});

Deno.test("what is computed twice is recorded once, and what nothing reads is dropped", () => {
  const graph = traced(({ x }) => {
    tf.exp(tf.sin(x!));
    return { y: tf.add(tf.mul(tf.tanh(x!), 2), tf.tanh(x!)) };
  });
  assert.deepEqual(histogram(graph), { Add: 1, Identity: 1, Mul: 1, Tanh: 1 });
});

Deno.test("x @ w + b is one Gemm, forward; the product read elsewhere keeps it apart", () => {
  const specs = { x: { shape: [8, 3] }, w: { shape: [3, 2] }, b: { shape: [2] } };
  const fused = trace(({ x, w, b }) => ({ y: tf.tanh(tf.add(tf.matMul(x!, w!), b!)) }), specs);
  assert.deepEqual(histogram(fused), { Gemm: 1, Identity: 1, Tanh: 1 });
  const apart = trace(({ x, w, b }) => {
    const product = tf.matMul(x!, w!);
    return { y: tf.add(product, b!), z: product };
  }, specs);
  assert.equal(histogram(apart).Add, 1);
});

Deno.test("large uniform constants are made in the graph, not stored", () => {
  const graph = trace(({ x }) => ({ y: tf.concat([x!, tf.zeros([1000, 4])]) }), { x: { shape: [2, 4] } });
  assert.equal(histogram(graph).ConstantOfShape, 1);
  assert.ok(encodeModel(graph).length < 500);
});
