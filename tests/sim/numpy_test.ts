/**
 * numpy's generator against numpy, bit by bit.
 *
 * @module
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { integer, next64, PCG64_SIZE, seedPcg64, unit } from "../../sim/numpy/pcg64.ts";
import { seedWords } from "../../sim/numpy/seed_sequence.ts";

interface Recorded {
  readonly seed: number;
  readonly generate_state4_u64: readonly string[];
  readonly raw: readonly string[];
  readonly "uniform(-1,1,4)": readonly number[];
  readonly "integers(3)x6": readonly number[];
  readonly "then uniform(-1,1,2)": readonly number[];
  readonly "integers(2) then uniform x2 then integers(2)": readonly number[];
}

const recorded: Recorded = JSON.parse(
  await Deno.readTextFile(new URL("../parity/traces/numpy_rng.json", import.meta.url)),
);

function seeded(seed: number): Int32Array {
  const state = new Int32Array(PCG64_SIZE);
  seedPcg64(seed, state, 0);
  return state;
}

function uniform(state: Int32Array): number {
  return -1 + 2 * unit(state, 0);
}

Deno.test("SeedSequence: the words of seed 42", () => {
  const words = new Uint32Array(8);
  seedWords(recorded.seed, words);
  const halves = [0, 2, 4, 6].map((i) => `${BigInt(words[i + 1]!) << 32n | BigInt(words[i]!)}`);
  assert.deepEqual(halves, recorded.generate_state4_u64);
});

Deno.test("PCG64: raw bits, uniform and integer draws, mixed", () => {
  const raw = seeded(recorded.seed);
  const pair = new Uint32Array(2);
  for (const bits of recorded.raw) {
    next64(raw, 0, pair);
    assert.equal(`${BigInt(pair[1]!) << 32n | BigInt(pair[0]!)}`, bits);
  }
  const first = seeded(recorded.seed);
  for (const value of recorded["uniform(-1,1,4)"]) assert.equal(uniform(first), value);
  const second = seeded(recorded.seed);
  for (const value of recorded["integers(3)x6"]) assert.equal(integer(second, 0, 3), value);
  for (const value of recorded["then uniform(-1,1,2)"]) assert.equal(uniform(second), value);
  const third = seeded(recorded.seed);
  const mixed = [integer(third, 0, 2), uniform(third), uniform(third), integer(third, 0, 2)];
  assert.deepEqual(mixed, recorded["integers(2) then uniform x2 then integers(2)"]);
});

Deno.test("seeds of one word and of two", () => {
  // numpy 2.4.6: [int(g.integers(n)) for n in (5, 1, 3000000000, 2)], g.uniform(-1, 1, 3), int(g.integers(9))
  const known = [
    [0, 4, 0, 1910885061, 1, -0.9180529521276106, -0.9669447289429418, 0.6265404784005448, 2],
    [7, 4, 0, 2052539810, 1, 0.551371380490387, -0.5495856200188163, -0.39966743017754913, 2],
    [1099511627781, 0, 0, 1349911287, 0, 0.17445885339554024, -0.6972007025501523, -0.16007996815728442, 8],
    [123456789012345, 3, 0, 133326281, 1, -0.05579516228513515, 0.23171736174005964, -0.8913207929280915, 6],
  ] as const;
  for (const [seed, a, b, c, d, ...rest] of known) {
    const state = seeded(seed);
    assert.deepEqual([5, 1, 3000000000, 2].map((n) => integer(state, 0, n)), [a, b, c, d]);
    assert.deepEqual([uniform(state), uniform(state), uniform(state), integer(state, 0, 9)], rest);
  }
});

/** The same generator on big integers, as its definition reads. */
class Definition {
  static readonly MASK = (1n << 128n) - 1n;
  constructor(public state: bigint, readonly increment: bigint) {}

  next(): bigint {
    this.state = this.state * 0x2360ed051fc65da44385df649fccf645n + this.increment & Definition.MASK;
    return BigInt.asUintN(64, this.output());
  }

  output(): bigint {
    const x = BigInt.asUintN(64, this.state >> 64n ^ this.state);
    const turn = this.state >> 122n;
    return x >> turn | x << (64n - turn);
  }
}

function limbs(state: Int32Array, from: number): bigint {
  return [7, 6, 5, 4, 3, 2, 1, 0].reduce((all, i) => all << 16n | BigInt(state[from + i]!), 0n);
}

Deno.test("PCG64 follows its definition from any seed", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (seed) => {
      const state = seeded(seed);
      const definition = new Definition(limbs(state, 0), limbs(state, 8));
      const pair = new Uint32Array(2);
      for (let i = 0; i < 50; i++) {
        next64(state, 0, pair);
        assert.equal(BigInt(pair[1]!) << 32n | BigInt(pair[0]!), definition.next());
      }
    }),
    { seed: 1, numRuns: 50 },
  );
});

Deno.test("integers follow Lemire's method for any n, in big integers", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 2, max: 4294967295 }), (seed, n) => {
      const [state, bits] = [seeded(seed), seeded(seed)];
      const pair = new Uint32Array(2);
      const words: number[] = [];
      const next = () => {
        if (words.length === 0) {
          next64(bits, 0, pair);
          words.push(pair[0]!, pair[1]!);
        }
        return BigInt(words.shift()!);
      };
      for (let i = 0; i < 20; i++) {
        let product = next() * BigInt(n);
        while (BigInt.asUintN(32, product) < ((1n << 32n) - BigInt(n)) % BigInt(n)) {
          product = next() * BigInt(n);
        }
        assert.equal(integer(state, 0, n), Number(product >> 32n));
      }
    }),
    { seed: 2, numRuns: 100 },
  );
});

Deno.test("seeds that numpy refuses are refused", () => {
  for (const seed of [-1, 0.5, NaN, 2 ** 53]) {
    assert.throws(() => seeded(seed), /numpy takes whole numbers from 0 as seeds/);
  }
});
