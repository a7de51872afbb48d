import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../core/mod.ts";
import { decode, encode, type Storable } from "../../tensor/mod.ts";

const tensors = {
  "pi.theta": Float32Array.of(1.5, -0, NaN, Infinity, 1e-40),
  counter: Int32Array.of(-1, 2 ** 31 - 1),
  returns: Float64Array.of(Math.PI, Number.MIN_VALUE),
  flags: Uint8Array.of(0, 255, 7),
  empty: new Float32Array(0),
};

/** A file with the given header, as text, and data. */
function file(header: string, data: number): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

Deno.test("decode() gives back what encode() took, bit for bit", () => {
  const bytes = encode(tensors, { scenario: "safe/crossing", "ünïcode": "✓" });
  const back = decode(bytes);
  assert.deepEqual(back.metadata, { scenario: "safe/crossing", "ünïcode": "✓" });
  assert.deepEqual(Object.keys(back.tensors).sort(), Object.keys(tensors).sort());
  for (const [name, values] of Object.entries(tensors)) {
    const found = back.tensors[name]!;
    assert.equal(found.constructor, values.constructor);
    assert.deepEqual(new Uint8Array(found.buffer), new Uint8Array(values.buffer), name);
  }
});

Deno.test("decode() gives back any arrays under any names", () => {
  const array = fc.oneof<fc.Arbitrary<Storable>[]>(
    fc.float32Array(),
    fc.float64Array(),
    fc.int32Array(),
    fc.uint8Array(),
  );
  const names = fc.string().filter((name) => name !== "__metadata__");
  const records = fc.array(fc.tuple(names, array)).map((entries) => Object.fromEntries(entries));
  fc.assert(
    fc.property(records, (record) => assert.deepEqual(decode(encode(record)).tensors, record)),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("encode() does not depend on the order of the keys, and aligns every array", () => {
  const reversed = Object.fromEntries(Object.entries(tensors).reverse());
  const bytes = encode(tensors, { a: "1", b: "2" });
  assert.deepEqual(encode(reversed, { b: "2", a: "1" }), bytes);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assert.equal(length % 8, 0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  for (const [name, values] of Object.entries(tensors)) {
    assert.equal(header[name].data_offsets[0] % values.BYTES_PER_ELEMENT, 0, name);
  }
  assert.deepEqual(header.counter, { dtype: "I32", shape: [2], data_offsets: header.counter.data_offsets });
});

Deno.test("decode() reads a file at an odd offset of a larger buffer", () => {
  const bytes = encode(tensors);
  const larger = new Uint8Array(bytes.length + 3);
  larger.set(bytes, 3);
  assert.deepEqual(decode(larger.subarray(3)).tensors.returns, tensors.returns);
});

Deno.test("every truncation is refused", () => {
  const bytes = encode(tensors, { a: "1" });
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => decode(bytes.subarray(0, length)), /not a whole safetensors file/, `${length}`);
  }
  assert.throws(() => decode(new Uint8Array([...bytes, 0])), /take \d+ bytes and the file holds/);
});

Deno.test("a corrupt header is refused, and says what is wrong", () => {
  const f32 = (shape: string, begin: number, end: number) =>
    `{"dtype":"F32","shape":${shape},"data_offsets":[${begin},${end}]}`;
  const cases: [string, number, RegExp][] = [
    ["nonsense", 0, /header is no JSON/],
    ["[]", 0, /no JSON object/],
    ["null", 0, /no JSON object/],
    [`{"a":1}`, 0, /tensor "a" is no object/],
    [`{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}`, 2, /dtype "F16": expected F64, F32, I32, U8/],
    [`{"a":{"dtype":"toString","shape":[1],"data_offsets":[0,2]}}`, 2, /dtype "toString"/],
    [`{"a":${f32("[-1]", 0, 4)}}`, 4, /shape \[-1\]/],
    [`{"a":${f32("[1.5]", 0, 6)}}`, 6, /shape \[1.5\]/],
    [`{"a":${f32("[2]", 0, 4)}}`, 4, /has 4 bytes, and its shape \[2\] needs 8/],
    [`{"a":${f32("[1]", 4, 8)}}`, 8, /begins at byte 4: expected 0/],
    [`{"a":${f32("[1]", 0, 4)},"b":${f32("[1]", 0, 4)}}`, 4, /begins at byte 0: expected 4/],
    [`{"a":${f32("[1]", 0, 4)},"b":${f32("[1]", 8, 12)}}`, 12, /begins at byte 8: expected 4/],
    [`{"__metadata__":{"a":1}}`, 0, /not made of texts/],
  ];
  for (const [header, data, message] of cases) {
    assert.throws(() => decode(file(header, data)), message, header);
  }
  const huge = new Uint8Array(16);
  new DataView(huge.buffer).setBigUint64(0, 2n ** 63n, true);
  assert.throws(() => decode(huge), /claims/);
});

Deno.test("a tensor cannot have the name of the metadata", () => {
  assert.throws(() => encode({ __metadata__: new Float32Array(1) }), UserError);
});
