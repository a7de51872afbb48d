/** The WebAssembly runtime against the native one. Ignored where the package onnxruntime-web is not installed. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
import { seed, UserError } from "../../core/mod.ts";
import { compileForward, compileUpdate, loop, type Runtime } from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import type { WasmFactory, WasmModule } from "../../tensor/runtime/wasm.ts";
import { webRuntime } from "../../tensor/runtime/web.ts";
import { discretePpo, fakeData, shuffles, start } from "./losses.ts";

const file = (suffix: string): string => {
  return createRequire(import.meta.url).resolve(`onnxruntime-web/ort-wasm-simd-threaded.${suffix}`);
};
const ignore = !installed();

function installed(): boolean {
  try {
    return file("mjs") !== "";
  } catch {
    return false;
  }
}

let started: Promise<Runtime> | undefined;
const modules: WasmModule[] = [];

/** One runtime for all tests of this file. */
function runtime(): Promise<Runtime> {
  return started ??= (async () => {
    const { default: factory } = await import(pathToFileURL(file("mjs")).href);
    const kept: WasmFactory = async (settings) => {
      const module: WasmModule = await factory(settings);
      modules.push(module);
      return module;
    };
    return webRuntime({ factory: kept, wasm: readFileSync(file("wasm")) });
  })();
}

Deno.test({
  name: "the WebAssembly runtime starts without touching Worker, and runs every element type",
  ignore,
  async fn() {
    const { Worker } = globalThis;
    const web = await runtime();
    assert.equal(globalThis.Worker, Worker);
    assert.equal(web.name, "onnxruntime-web");
    const forward = compileForward({
      runtime: web,
      inputs: { x: { shape: [2, 2] }, k: { shape: [3], dtype: "int32" }, b: { shape: [3], dtype: "bool" } },
      fn: ({ x, k, b }) => ({
        y: tf.mul(x!, 2),
        sum: tf.add(k!, tf.cast(b!, "int32")),
        not: tf.logicalNot(b!),
      }),
    });
    const y = new Float32Array(4);
    const feeds = { x: Float32Array.of(1, 2, 3, 4), k: Int32Array.of(5, -6, 7), b: Uint8Array.of(1, 0, 1) };
    const found = forward.run(feeds, { y });
    assert.deepEqual([...y], [2, 4, 6, 8]);
    assert.equal(found.y!.data, y);
    assert.deepEqual([found.sum!.dtype, ...found.sum!.data], ["int32", 6, -6, 8]);
    assert.deepEqual([found.not!.dtype, ...found.not!.data], ["bool", 0, 1, 0]);
  },
});

Deno.test({
  name: "a PPO update in WebAssembly learns what the native one learns, to rounding",
  ignore,
  async fn() {
    const definition = discretePpo({ samples: 128, minibatch: 32, epochs: 2 });
    const data = fakeData(definition.data, seed(3));
    const permutation = shuffles(definition, seed(4));
    const learned = (runtime: Runtime) => {
      const update = compileUpdate({ runtime, ...definition });
      start(update.state, definition.groups);
      const { metrics } = update.run(data, permutation, definition.hyper);
      update.dispose();
      return { metrics, theta: update.state["net.theta"]! };
    };
    const web = learned(await runtime());
    const native = learned(nodeRuntime());
    native.metrics.loss!.forEach((want, k) => assert.ok(Math.abs(web.metrics.loss![k]! - want) < 1e-5));
    native.theta.forEach((want, k) => assert.ok(Math.abs(web.theta[k]! - want) < 2e-6));
  },
});

Deno.test({
  name: "a loop that ends early has short curves in WebAssembly too, and memory does not grow",
  ignore,
  async fn() {
    const fn = ({ x, limit }: Record<string, tf.Tensor>) => {
      const { scan } = loop(8, { x: x! }, (_, c) => {
        const doubled = tf.mul(c.x!, 2);
        return { carry: { x: doubled }, scan: { x: doubled }, go: tf.less(doubled, limit!) };
      });
      return { curve: scan.x! };
    };
    const forward = compileForward({
      runtime: await runtime(),
      inputs: { x: { shape: [] }, limit: { shape: [] } },
      fn,
    });
    const bytes = () => modules[0]!.HEAPU8.byteLength;
    const before = bytes();
    for (let k = 0; k < 2000; k++) {
      const { curve } = forward.run({ x: Float32Array.of(1), limit: Float32Array.of(7) });
      if (k % 500 === 0) assert.deepEqual([...curve!.data], [2, 4, 8]);
    }
    assert.equal(bytes(), before);
  },
});

Deno.test({
  name: "the WebAssembly runtime names a broken model and a missing input",
  ignore,
  async fn() {
    const web = await runtime();
    assert.throws(
      () => web.load(new Uint8Array(100)),
      (error) => error instanceof UserError && /refuses the model: .+/.test(error.message),
    );
    const { bytes } = compileForward({
      runtime: web,
      inputs: { x: { shape: [2] } },
      fn: ({ x }) => ({ y: tf.neg(x!) }),
    });
    assert.throws(() => web.load(bytes).run({}), /input "x" is not given/);
    const three = { dtype: "float32", shape: [3], data: new Float32Array(3) } as const;
    assert.throws(() => web.load(bytes).run({ x: three }), /cannot run the model: .*x/);
  },
});

Deno.test("a runtime that cannot start says why", async () => {
  const factory = () => Promise.reject(new Error("no SIMD here"));
  await assert.rejects(webRuntime({ factory }), /ONNX Runtime cannot start in WebAssembly: no SIMD here/);
});
