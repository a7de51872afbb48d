/** readModel(): what a model declares, and every way in which a hostile file is refused. */
import assert from "node:assert/strict";
import fc from "fast-check";
import * as tf from "@tensorflow/tfjs-core";
import { seed, UserError } from "../../core/mod.ts";
import { compileUpdate, exportPolicy, layout, mlp, mlpParts, readModel } from "../../tensor/mod.ts";
import { type Writer, writer } from "../../tensor/onnx/writer.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { discretePpo } from "./losses.ts";

const net = layout(mlpParts("pi", [4, 8, 2]));
const policy = exportPolicy({
  fn: ({ net }, { obs }) => ({ logits: tf.softmax(mlp(net!, "pi", obs!)) }),
  weights: { net: { layout: net, theta: net.init(seed(1)) } },
  inputs: (batch) => ({ obs: { shape: [batch, 4] } }),
  metadata: { scenario: "safe/crossing" },
});

type Fill = (w: Writer) => void;

/** A model y = op(x, weight) with parts replaced. */
function model(
  parts: { node?: Fill; tensor?: Fill; graph?: Fill; model?: Fill; opset?: number } = {},
): Uint8Array {
  const w = writer();
  w.int(1, 8);
  w.message(7, (graph) => {
    graph.message(1, (node) => {
      node.text(1, "x");
      node.text(1, "weight");
      node.text(2, "y");
      if (parts.node) parts.node(node);
      else node.text(4, "Add");
    });
    graph.text(2, "main");
    graph.message(5, (tensor) => {
      tensor.int(1, 2);
      tensor.int(2, 1);
      tensor.text(8, "weight");
      if (parts.tensor) parts.tensor(tensor);
      else tensor.bytes(9, new Uint8Array(8));
    });
    for (const [field, name] of [[11, "x"], [12, "y"]] as const) {
      graph.message(field, (port) => declare(port, name, 2));
    }
    parts.graph?.(graph);
  });
  w.message(8, (id) => {
    id.text(1, "");
    id.int(2, parts.opset ?? 18);
  });
  parts.model?.(w);
  return w.done();
}

function declare(port: Writer, name: string, size: number): void {
  port.text(1, name);
  port.message(2, (type) =>
    type.message(1, (tensor) => {
      tensor.int(1, 1);
      tensor.message(2, (shape) => shape.message(1, (dim) => dim.int(1, size)));
    }));
}

Deno.test("readModel() tells what a policy declares", () => {
  const info = readModel(policy);
  assert.deepEqual(info.inputs, [{ name: "obs", dtype: "float32", shape: ["batch", 4] }]);
  assert.deepEqual(info.outputs, [{ name: "logits", dtype: "float32", shape: ["batch", 2] }]);
  assert.deepEqual(info.ops, ["Gemm", "Identity", "Softmax", "Tanh"]);
  assert.equal(info.metadata.scenario, "safe/crossing");
});

Deno.test("the hand-made model of these tests is valid, so that each refusal below has one cause", () => {
  assert.deepEqual(readModel(model()).ops, ["Add"]);
  nodeRuntime().load(model()).dispose();
});

Deno.test("data outside the file is refused, however it is spelled", () => {
  const located = (w: Writer) => {
    w.message(13, (entry) => {
      entry.text(1, "location");
      entry.text(2, "../secret");
    });
    w.int(14, 1);
  };
  assert.throws(() => readModel(model({ tensor: located })), /external_data.*any file of this machine/);
  assert.throws(() => readModel(model({ tensor: (w) => w.int(14, 1) })), /outside the file/);
  const constant = (w: Writer) => {
    w.text(4, "Constant");
    w.message(5, (attribute) => {
      attribute.text(1, "value");
      attribute.message(5, (tensor) => {
        tensor.int(2, 1);
        located(tensor);
      });
      attribute.int(20, 4);
    });
  };
  assert.throws(() => readModel(model({ node: constant })), /external_data/);
  const nested = (w: Writer) => {
    w.text(4, "If");
    w.message(5, (attribute) => {
      attribute.text(1, "then_branch");
      attribute.message(6, (graph) => graph.message(5, located));
      attribute.int(20, 5);
    });
  };
  assert.throws(() => readModel(model({ node: nested }), { controlFlow: true }), /external_data/);
  assert.throws(
    () => readModel(model({ graph: (w) => w.message(15, () => {}) })),
    /sparse_initializer.*outside the file/,
  );
});

Deno.test("foreign domains, functions and unknown operators are refused", () => {
  const domain = (w: Writer) => {
    w.text(4, "FusedMatMul");
    w.text(7, "com.microsoft");
  };
  assert.throws(() => readModel(model({ node: domain })), /domain "com.microsoft"/);
  const second = (w: Writer) =>
    w.message(8, (id) => {
      id.text(1, "evil");
      id.int(2, 1);
    });
  assert.throws(() => readModel(model({ model: second })), /domain "evil"/);
  assert.throws(() => readModel(model({ model: (w) => w.message(25, () => {}) })), /functions/);
  assert.throws(() => readModel(model({ model: (w) => w.message(20, () => {}) })), /training_info/);
  for (const op of ["RandomNormal", "Multinomial", "StringNormalizer", "Nonsense", ""]) {
    assert.throws(
      () => readModel(model({ node: (w) => w.text(4, op) })),
      /not on the list of allowed operators/,
    );
  }
});

Deno.test("control flow is refused unless asked for", () => {
  const update = compileUpdate({ runtime: nodeRuntime(), ...discretePpo({ samples: 64, minibatch: 32 }) });
  assert.throws(() => readModel(update.bytes), /operator Loop is refused: its body could run for ever/);
  assert.ok(readModel(update.bytes, { controlFlow: true }).ops.includes("Loop"));
});

Deno.test("sizes that lie are refused", () => {
  const dims = (...sizes: number[]) => (w: Writer) => {
    sizes.forEach((n) => w.int(1, n));
    w.bytes(9, new Uint8Array(8));
  };
  assert.throws(() => readModel(model({ tensor: dims(2 ** 36) })), /at most/);
  assert.throws(() => readModel(model({ tensor: dims(-1) })), /at most/);
  assert.throws(() => readModel(model({ tensor: dims(3) })), /has 8 bytes of data: expected 24/);
  assert.throws(() => readModel(model({ tensor: (w) => w.int(2, 8) })), /two TensorProto.data_type/);
  assert.throws(
    () => readModel(model({ graph: (w) => w.message(11, (p) => declare(p, "z", 2 ** 40)) })),
    /at most/,
  );
  assert.throws(
    () => readModel(model({ graph: (w) => w.message(11, (p) => declare(p, "x", 2)) })),
    /two inputs named "x"/,
  );
  assert.throws(() => readModel(model({ opset: 27 })), /opset is 27: expected 7 to 26/);
  assert.throws(() => readModel(policy, { maxBytes: 100 }), /more than the 100 that are allowed/);
});

Deno.test("nesting and repeated parts are bounded", () => {
  const deep = (levels: number) => (w: Writer): void => {
    w.text(4, "If");
    if (levels === 0) return;
    w.message(5, (attribute) => attribute.message(6, (graph) => graph.message(1, deep(levels - 1))));
  };
  assert.throws(() => readModel(model({ node: deep(50) }), { controlFlow: true }), /nested more than/);
  const twice = new Uint8Array([...model(), ...model()]); // protobuf merges concatenated messages
  assert.throws(() => readModel(twice), /two ModelProto/);
});

Deno.test("every truncation is refused or, where a field ends, missing what it had", () => {
  const whole = readModel(policy);
  for (let length = 0; length < policy.length; length++) {
    let found: unknown;
    try {
      found = readModel(policy.subarray(0, length));
    } catch (error) {
      assert.ok(error instanceof UserError, `${length}: ${error}`);
    }
    assert.notDeepEqual(found, whole);
  }
});

Deno.test("garbage is refused with a message for the user, never with a crash", () => {
  const refusedOrRead = (bytes: Uint8Array) => {
    try {
      readModel(bytes);
    } catch (error) {
      assert.ok(error instanceof UserError, `${error}`);
    }
  };
  assert.throws(() => readModel(new Uint8Array(0)), /file is empty/);
  assert.throws(() => readModel(new TextEncoder().encode("<!doctype html><title>404</title>")), UserError);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), refusedOrRead), { seed: 1, numRuns: 500 });
  const flipped = fc.tuple(fc.nat(policy.length - 1), fc.nat(255)).map(([at, byte]) => policy.with(at, byte));
  fc.assert(fc.property(flipped, refusedOrRead), { seed: 2, numRuns: 1000 });
});
