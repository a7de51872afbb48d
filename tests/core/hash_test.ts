import assert from "node:assert/strict";
import fc from "fast-check";
import { hasher } from "../../core/mod.ts";

const fixed = { seed: 20240601, numRuns: 300 };
const hashOf = (...values: number[]): string => {
  const hash = hasher();
  for (const x of values) hash.f64(x);
  return hash.hex();
};

Deno.test("hasher() gives the hashes it always gave", () => {
  const hash = hasher();
  assert.equal(hash.hex(), "f7c158e36eaa8dfb");
  hash.f64(1.5);
  hash.u32(7);
  hash.text("paddock");
  hash.array([1, 2, 3]);
  assert.equal(hash.hex(), "8a8f6d4826743942");
});

Deno.test("hasher() takes -0 as 0 and every NaN as one NaN", () => {
  assert.equal(hashOf(-0), hashOf(0));
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, 0xfff80123);
  assert.equal(hashOf(view.getFloat64(0)), hashOf(NaN));
  assert.notEqual(hashOf(NaN), hashOf(Infinity));
});

Deno.test("hasher() hashes equal sequences alike and different ones apart", () => {
  const doubles = fc.array(fc.double(), { maxLength: 8 });
  fc.assert(
    fc.property(doubles, doubles, (one, other) => {
      const same = one.length === other.length &&
        one.every((x, i) => x === other[i] || (x !== x && other[i] !== other[i]));
      assert.equal(hashOf(...one) === hashOf(...other), same);
    }),
    fixed,
  );
});

Deno.test("array() is its length and its doubles, and text() is set apart by its length", () => {
  fc.assert(
    fc.property(fc.array(fc.double()), (values) => {
      const [whole, parts] = [hasher(), hasher()];
      whole.array(values);
      parts.u32(values.length);
      values.forEach(parts.f64);
      assert.equal(whole.hex(), parts.hex());
    }),
    fixed,
  );
  const split = (...words: string[]): string => {
    const hash = hasher();
    words.forEach(hash.text);
    return hash.hex();
  };
  assert.notEqual(split("ab", "c"), split("a", "bc"));
});

Deno.test("reading a hash does not change it; words() are the halves of hex()", () => {
  const hash = hasher();
  hash.text("x");
  const first = hash.hex();
  const [lo, hi] = hash.words();
  assert.equal(hash.hex(), first);
  assert.equal(hi * 2 ** 32 + lo, Number(BigInt(`0x${first}`)));
  assert.match(first, /^[0-9a-f]{16}$/);
});

Deno.test("each bit of the input moves 12 to 52 of the 64 bits, and 31 to 33 in the mean", () => {
  const view = new DataView(new ArrayBuffer(8));
  let moved = 0;
  let count = 0;
  for (let trial = 0; trial < 40; trial++) {
    for (let bit = 0; bit < 64; bit++) {
      view.setFloat64(0, 1 + trial / 7);
      const before = BigInt(`0x${hashOf(view.getFloat64(0), 2)}`);
      view.setBigUint64(0, view.getBigUint64(0) ^ (1n << BigInt(bit)));
      if (Number.isNaN(view.getFloat64(0))) continue;
      const changed =
        (before ^ BigInt(`0x${hashOf(view.getFloat64(0), 2)}`)).toString(2).replaceAll("0", "").length;
      assert.ok(changed >= 12 && changed <= 52, `bit ${bit}: ${changed}`);
      moved += changed;
      count++;
    }
  }
  assert.ok(Math.abs(moved / count - 32) < 1);
});

Deno.test("100,000 neighbouring states have no common hash, and few common halves", () => {
  const [whole, low, high] = [new Set<string>(), new Set<number>(), new Set<number>()];
  const n = 100000;
  for (let i = 0; i < n; i++) {
    const hash = hasher();
    hash.f64(i % 300);
    hash.f64(Math.floor(i / 300) * 0.1);
    const [lo, hi] = hash.words();
    low.add(lo);
    high.add(hi);
    whole.add(hash.hex());
  }
  assert.equal(whole.size, n);
  // By chance n²/2 / 2^32 = 1.2 pairs share a half; more than 8 has probability 1e-5.
  assert.ok(n - low.size <= 8 && n - high.size <= 8, `${n - low.size}, ${n - high.size}`);
});
