/** The native runtime: sharing of sessions, outputs in place, and errors. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../../core/mod.ts";
import { compileForward, compileUpdate, type Runtime, type Session } from "../../tensor/mod.ts";
import { cached } from "../../tensor/runtime/cache.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";

const runtime = nodeRuntime();
const inputs = { x: { shape: [2, 2] } };

/** A runtime that counts what it builds and disposes of. */
function counting(): Runtime & { built: number; disposed: number } {
  const counts = {
    built: 0,
    disposed: 0,
    name: "counting",
    version: "0",
    load(): Session {
      counts.built++;
      return { inputs: [], outputs: [], run: () => ({}), dispose: () => void counts.disposed++ };
    },
  };
  return counts;
}

Deno.test("nodeRuntime() is ONNX Runtime 1.30.0", () => {
  assert.deepEqual([runtime.name, runtime.version], ["onnxruntime-node", "1.30.0"]);
});

Deno.test("run() writes into the arrays it is given", () => {
  const forward = compileForward({ runtime, inputs, fn: ({ x }) => ({ y: tf.mul(x!, 2), z: tf.neg(x!) }) });
  const y = new Float32Array(4);
  const results = forward.run({ x: Float32Array.of(1, 2, 3, 4) }, { y });
  assert.deepEqual([...y], [2, 4, 6, 8]);
  assert.equal(results.y!.data, y);
  assert.deepEqual([...results.z!.data], [-1, -2, -3, -4]);
  assert.deepEqual(results.z!.shape, [2, 2]);
});

Deno.test("run() carries booleans and whole numbers", () => {
  const forward = compileForward({
    runtime,
    inputs: { b: { shape: [3], dtype: "bool" }, k: { shape: [3], dtype: "int32" } },
    fn: ({ b, k }) => ({ not: tf.logicalNot(b!), sum: tf.add(k!, tf.cast(b!, "int32")) }),
  });
  const { not, sum } = forward.run({ b: Uint8Array.of(1, 0, 1), k: Int32Array.of(5, -6, 7) });
  assert.deepEqual([not!.dtype, ...not!.data], ["bool", 0, 1, 0]);
  assert.deepEqual([sum!.dtype, ...sum!.data], ["int32", 6, -6, 8]);
});

Deno.test("compileForward() names inputs that are missing, unknown or do not fit", () => {
  const forward = compileForward({ runtime, inputs, fn: ({ x }) => ({ y: tf.neg(x!) }) });
  const x = new Float32Array(4);
  assert.throws(() => forward.run({}), /missing: x/);
  assert.throws(() => forward.run({ x, z: x }), /no input or output "z"\. There are: x/);
  assert.throws(
    () => forward.run({ x: new Float32Array(3) }),
    /x: expected 4 elements for the shape \[2,2\], found 3/,
  );
  assert.throws(
    () => forward.run({ x: new Int32Array(4) }),
    /x: expected a Float32Array, found a Int32Array/,
  );
  assert.throws(() => forward.run({ x }, { y: new Float32Array(5) }), /y: expected 4 elements/);
  forward.dispose();
  assert.throws(() => forward.run({ x }), /disposed/);
});

Deno.test("a broken model is refused with the runtime's reason", () => {
  assert.throws(
    () => runtime.load(new Uint8Array(100)),
    (error) => error instanceof UserError && /ONNX Runtime refuses the model/.test(error.message),
  );
});

Deno.test("equal models share a session, and a model in use is kept", () => {
  const counts = counting();
  const shared = cached(counts, 2);
  const model = (k: number) => Uint8Array.of(1, 2, k);
  const first = shared.load(model(0));
  const second = shared.load(model(0));
  assert.equal(counts.built, 1);
  first.dispose();
  first.dispose(); // twice is once
  second.run({});
  for (let k = 1; k <= 4; k++) shared.load(model(k)).dispose();
  assert.deepEqual([counts.built, counts.disposed], [5, 2]); // two idle ones are kept
  second.dispose();
  shared.load(model(4));
  assert.equal(counts.built, 5);
  shared.load(model(1));
  assert.equal(counts.built, 6);
});

Deno.test("a model changed after loading is another model", () => {
  const counts = counting();
  const shared = cached(counts);
  const bytes = Uint8Array.of(1, 2, 3);
  shared.load(bytes);
  bytes[0] = 9;
  shared.load(bytes);
  assert.equal(counts.built, 2);
});

Deno.test("an update without parameters is refused", () => {
  const update = () =>
    compileUpdate({
      runtime: counting(),
      groups: {},
      hyper: {},
      data: { x: { shape: [4] } },
      epochs: 1,
      minibatch: 2,
      loss: (_, { x }) => ({ loss: tf.mean(x!), metrics: {} }),
    });
  assert.throws(update, /at least one group/);
});
