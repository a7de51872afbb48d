import assert from "node:assert/strict";
import fc from "fast-check";
import { actionCodec, bitsFor, readBits, writeBits } from "../../sim/replay/bits.ts";
import { crc8 } from "../../sim/replay/crc.ts";

Deno.test("bitsFor() is ceil(log2 n)", () => {
  const expected = { 1: 0, 2: 1, 3: 2, 4: 2, 5: 3, 8: 3, 9: 4, 50: 6, 256: 8, 257: 9 };
  for (const [n, bits] of Object.entries(expected)) assert.equal(bitsFor(Number(n)), bits, `n = ${n}`);
});

Deno.test("readBits() gives back what writeBits() wrote, at any offset and width", () => {
  const field = fc.integer({ min: 1, max: 32 }).chain((width) =>
    fc.record({ width: fc.constant(width), value: fc.integer({ min: 0, max: 2 ** width - 1 }) })
  );
  fc.assert(
    fc.property(fc.array(field, { maxLength: 40 }), (fields) => {
      const bytes = new Uint8Array(200);
      let at = 0;
      for (const { width, value } of fields) {
        writeBits(value, at, width, bytes);
        at += width;
      }
      at = 0;
      for (const { width, value } of fields) {
        assert.equal(readBits(bytes, at, width), value);
        at += width;
      }
    }),
    { seed: 1 },
  );
});

Deno.test("actionCodec() packs discrete actions by ceil(log2 n) bits and continuous ones as float32", () => {
  const discrete = actionCodec({ actionKind: "discrete", actionSizes: [5, 1, 20], A: 20 });
  assert.equal(discrete.stepBits, 3 + 0 + 5);
  const bytes = new Uint8Array(4);
  discrete.write(Int32Array.of(4, 0, 17), 5, bytes);
  const read = new Int32Array(3);
  discrete.read(bytes, 5, read);
  assert.deepEqual([...read], [4, 0, 17]);

  const continuous = actionCodec({ actionKind: "continuous", actionSizes: [2, 1], A: 2 });
  assert.equal(continuous.stepBits, 96);
  const packed = new Uint8Array(24);
  const actions = Float32Array.of(0.1, -1e-30, 0.75, 9);
  continuous.write(actions, 96, packed);
  const found = new Float32Array(4);
  continuous.read(packed, 96, found);
  assert.deepEqual([...found], [actions[0], actions[1], actions[2], 0], "padding is left out");
});

Deno.test("crc8() equals division by x⁸ + x² + x + 1, bit by bit", () => {
  const text = new TextEncoder().encode("123456789");
  const divide = (bytes: Uint8Array, from: number, to: number) => {
    let rest = 0;
    for (let at = from; at < to; at++) {
      const top = (rest >> 7) ^ readBits(bytes, at, 1);
      rest = ((rest << 1) & 0xff) ^ (top ? 0x07 : 0);
    }
    return rest;
  };
  const mirrored = (byte: number) =>
    parseInt(byte.toString(2).padStart(8, "0").split("").reverse().join(""), 2);
  for (const [from, to] of [[0, 72], [3, 70], [5, 6], [9, 9], [1, 17]] as const) {
    assert.equal(crc8(0, text, from, to), mirrored(divide(text, from, to)), `bits ${from} to ${to}`);
  }
});

Deno.test("crc8() chained over steps differs from the first step that a changed byte touches, for good", () => {
  const stepBits = 9;
  const bytes = Uint8Array.from({ length: 45 }, (_, i) => (i * 89 + 7) & 0xff);
  const chain = (of: Uint8Array) => {
    let register = 0;
    return Array.from(
      { length: 40 },
      (_, t) => register = crc8(register, of, t * stepBits, (t + 1) * stepBits),
    );
  };
  const whole = chain(bytes);
  for (let at = 0; at < bytes.length; at++) {
    for (let flip = 1; flip < 256; flip++) {
      const changed = bytes.slice();
      changed[at]! ^= flip;
      const firstBit = 8 * at + Math.log2(flip & -flip);
      const found = chain(changed);
      for (let t = 0; t < 40; t++) {
        const touched = t >= Math.floor(firstBit / stepBits);
        assert.equal(found[t] !== whole[t], touched, `byte ${at}, flip ${flip}, step ${t}`);
      }
    }
  }
});
