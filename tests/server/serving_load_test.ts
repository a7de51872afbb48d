/** Models that are not loaded: hostile or broken files, a first run that fails, names that are no path segment. */
import assert from "node:assert/strict";
import { UserError } from "../../core/mod.ts";
import { loadModel } from "../../server/serving/load.ts";
import type { Runtime } from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { exported } from "./serving_exported.ts";
import { fakePolicy } from "./serving_fake.ts";

const runtime = nodeRuntime();

/** A field of a protobuf message: bytes, or a number as a varint below 128. */
const field = (number: number, value: Uint8Array | string | number): number[] => {
  if (typeof value === "number") return [number << 3, value];
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return [(number << 3) | 2, bytes.length, ...bytes];
};
const message = (...fields: number[][]): Uint8Array<ArrayBuffer> => Uint8Array.from(fields.flat());

/** A model whose one weight lies in another file, in ONNX's encoding. */
function externalData(location: string): Uint8Array<ArrayBuffer> {
  const entry = message(field(1, "location"), field(2, location));
  const weight = message(field(1, 1), field(2, 1), field(8, "w"), field(13, entry), field(14, 1));
  const type = message(field(1, message(field(1, 1), field(2, message(field(1, message(field(1, 1))))))));
  const port = message(field(1, "y"), field(2, type));
  const node = message(field(1, "w"), field(2, "y"), field(4, "Identity"));
  const graph = message(field(1, node), field(2, "g"), field(5, weight), field(12, port));
  return message(field(1, 8), field(7, graph), field(8, message(field(1, ""), field(2, 18))));
}

Deno.test("a hostile or broken model is refused before the runtime sees it", () => {
  const loads: string[] = [];
  const guarded: Runtime = {
    name: "guarded",
    version: "0",
    load: () => {
      loads.push("load");
      return fakePolicy().model.session;
    },
  };
  const good = exported("discrete");
  const cases: Record<string, [bytes: Uint8Array, error: RegExp]> = {
    "empty": [new Uint8Array(), /empty/],
    "garbage": [new Uint8Array(1000).fill(0xa7), /./],
    "text": [new TextEncoder().encode("<html>not a model</html>"), /./],
    "truncated": [good.slice(0, good.length >> 1), /./],
    "external data": [externalData("secret.bin"), /external data/],
    "external data above": [externalData("../secret.bin"), /external data/],
    "external data absolute": [externalData("/proc/self/environ"), /external data/],
    "too large": [new Uint8Array(64 * 2 ** 20 + 1), /bytes, more than/],
  };
  for (const [name, [bytes, pattern]] of Object.entries(cases)) {
    assert.throws(() => loadModel(guarded, bytes, "m", "m.onnx"), (error) => {
      assert.ok(error instanceof UserError, name);
      assert.match(error.message, /^m\.onnx: /, name);
      assert.match(error.message, pattern, name);
      return true;
    });
  }
  assert.deepEqual(loads, []);
  assert.equal(loadModel(guarded, good, "m", "m.onnx").name, "m");
});

Deno.test("a model that fails its first run is refused, and so is a name that is no path segment", () => {
  const good = exported("discrete");
  let disposed = 0;
  const { session } = fakePolicy().model;
  const failing: Runtime = {
    name: "failing",
    version: "0",
    load: () => ({
      ...session,
      run: () => {
        throw new Error("shape mismatch");
      },
      dispose: () => void disposed++,
    }),
  };
  assert.throws(() => loadModel(failing, good, "m", "m.onnx"), /^UserError: m\.onnx: shape mismatch$/);
  assert.equal(disposed, 1);
  for (const name of ["", "a/b", "..", "a..b", "a b", "-a", "x".repeat(129), "a\0"]) {
    assert.throws(() => loadModel(runtime, good, name, "m.onnx"), /model name/);
  }
});
