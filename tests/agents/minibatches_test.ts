import assert from "node:assert/strict";
import fc from "fast-check";
import { minibatches } from "../../agents/minibatches.ts";
import { seed } from "../../core/mod.ts";

Deno.test("minibatches are as many as asked for where that divides, and never more", () => {
  const parts = (samples: number, wanted: number) => {
    const { size, draw } = minibatches(seed(1), samples, { minibatches: wanted, epochs: 1 });
    return draw().length / size;
  };
  assert.deepEqual([parts(100, 4), parts(100, 8), parts(15, 8), parts(3, 8), parts(9600, 2)], [
    4,
    8,
    7,
    3,
    2,
  ]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 40 }), (samples, wanted) => {
      const found = parts(samples, wanted);
      assert.ok(found >= 1 && found <= wanted && (samples % wanted !== 0 || found === wanted));
    }),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("each pass takes each sample at most once, in an order of its own", () => {
  const { size, draw } = minibatches(seed(2), 10, { minibatches: 3, epochs: 2 });
  const drawn = draw();
  const passes = [drawn.subarray(0, 3 * size), drawn.subarray(3 * size)];
  for (const pass of passes) assert.equal(new Set(pass).size, pass.length);
  assert.notDeepEqual(passes[0], passes[1]);
});
