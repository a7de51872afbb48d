import assert from "node:assert/strict";
import { UserError } from "../../core/mod.ts";
import { readReplay, type Replay, writeReplay } from "../../sim/replay/format.ts";

function sample(steps = 10): Omit<Replay, "byteLength"> {
  return {
    header: {
      scenario: "test/dots",
      params: { N: 3 },
      codeHash: "00ff00ff00ff00ff",
      actionKind: "discrete",
      maxCycles: 5,
      backend: "js",
      seed: 7,
      env: 2,
      firstEpisode: 0,
      steps,
      episodes: 2,
      agents: ["a_0", "a_1"],
      actionSizes: [5, 3],
      channels: [{ name: "far", scope: "pair" }],
      limits: [{ channel: "far", kind: "chance", limit: 2, epsilon: 0.1 }],
      policy: "random",
    },
    actions: Uint8Array.from({ length: Math.ceil(steps * 5 / 8) }, (_, i) => i),
    checks: Uint8Array.from({ length: 4 * steps }, (_, i) => 255 - i),
    episodes: [{ end: 5, hash: "0123456789abcdef" }, { end: 10, hash: "fedcba9876543210" }],
    hash: "8000000000000001",
  };
}

Deno.test("readReplay() gives back what writeReplay() wrote", () => {
  const bytes = writeReplay(sample());
  const { byteLength, ...parts } = readReplay(bytes);
  assert.deepEqual(parts, sample());
  assert.equal(byteLength, bytes.length);
  const framed = new Uint8Array(bytes.length + 6);
  framed.set(bytes, 3);
  assert.deepEqual(readReplay(framed.subarray(3, -3)), { ...parts, byteLength });
});

Deno.test("readReplay() refuses every changed byte before the actions, and names the part", () => {
  const bytes = writeReplay(sample());
  const headerEnd = bytes.length - (7 + 40 + 24 + 8);
  for (let at = 0; at < headerEnd; at++) {
    const changed = bytes.slice();
    changed[at]! ^= 0x15;
    const part = at < 7 ? /^replay, magic: / : at < 8 ? /^replay, version: / : /^replay, header: /;
    assert.throws(() => readReplay(changed), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, part);
      assert.match(error.message, /expected .+, found .+/);
      return true;
    }, `byte ${at}`);
  }
  const changed = bytes.slice();
  changed[headerEnd]! ^= 1;
  readReplay(changed);
});

Deno.test("readReplay() refuses a file cut short anywhere, or too long", () => {
  const bytes = writeReplay(sample());
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => readReplay(bytes.subarray(0, length)), UserError, `${length} bytes`);
  }
  const body = bytes.length - (7 + 40 + 24 + 8);
  const parts = { actions: body + 3, checks: body + 8, episodes: body + 50, "final hash": bytes.length - 1 };
  for (const [part, length] of Object.entries(parts)) {
    assert.throws(() => readReplay(bytes.subarray(0, length)), {
      message: new RegExp(`replay, ${part}: .*cut short`),
    });
  }
  assert.throws(() => readReplay(Uint8Array.of(...bytes, 0)), { message: /end of file: expected \d+ bytes/ });
  assert.throws(() => readReplay(new TextEncoder().encode("<!doctype html>")), {
    message: /not a replay file/,
  });
});

Deno.test("readReplay() names the field of a header that is whole but wrong", () => {
  const wrong = (change: Record<string, unknown>) => {
    const replay = sample();
    return writeReplay({ ...replay, header: { ...replay.header, ...change } as Replay["header"] });
  };
  assert.throws(() => readReplay(wrong({ steps: -1 })), { message: /header\.steps/ });
  assert.throws(() => readReplay(wrong({ codeHash: "xyz" })), { message: /header\.codeHash/ });
  assert.throws(() => readReplay(wrong({ actionSizes: [5] })), {
    message: /header\.actionSizes: expected 2/,
  });
  assert.throws(() => readReplay(wrong({ backend: "wasm" })), { message: /header\.backend/ });
});
