import assert from "node:assert/strict";
import fc from "fast-check";
import { cvar, meanInterval, student95, wilsonInterval } from "../../constraints/mod.ts";

function near(found: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(found - expected) <= tolerance, `expected ${expected} ± ${tolerance}, found ${found}`);
}

Deno.test("student95() agrees with the table of Student's t", () => {
  // Two-sided 95 % quantiles, as every table prints them.
  for (const [degrees, quantile] of [[4, 2.776], [9, 2.262], [29, 2.045], [199, 1.972]] as const) {
    near(student95(degrees), quantile, 0.01 * quantile);
  }
});

Deno.test("meanInterval() is hand-computed for 1, 2, 3, 4, 5", () => {
  // mean 3, s = √2.5, s/√5 = 0.70711, t(4) = 2.776: 3 ± 1.963
  const [low, high] = meanInterval([1, 2, 3, 4, 5]);
  near(low, 3 - 1.963, 0.01);
  near(high, 3 + 1.963, 0.01);
  assert.deepEqual(meanInterval([7]), [7, 7]);
});

Deno.test("wilsonInterval() agrees with published values", () => {
  // Newcombe 1998, table I, method 3
  for (
    const [hits, trials, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const
  ) {
    const found = wilsonInterval(hits, trials);
    near(found[0], low, 1e-4);
    near(found[1], high, 1e-4);
  }
  assert.deepEqual(wilsonInterval(0, 0), [0, 1]);
  assert.equal(wilsonInterval(20, 20)[1], 1);
});

Deno.test("cvar() counts the value at the edge in part", () => {
  assert.equal(cvar([1, 2, 3, 4], 0.25), 4);
  assert.equal(cvar([4, 3, 2, 1], 0.5), 3.5);
  near(cvar([1, 2, 3, 4], 0.375), (4 + 0.5 * 3) / 1.5, 1e-12);
  assert.equal(cvar([1, 2, 3, 4], 1), 2.5);
});

Deno.test("cvar() lies between the mean and the worst, and falls as the share grows", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 }),
      fc.double({ min: 0.05, max: 0.5, noNaN: true }),
      (costs, share) => {
        const mean = costs.reduce((a, b) => a + b) / costs.length;
        const worst = Math.max(...costs);
        const tail = cvar(costs, share);
        assert.ok(tail <= worst + 1e-9 && tail >= mean - 1e-9);
        assert.ok(cvar(costs, share * 2) <= tail + 1e-9);
      },
    ),
    { seed: 5 },
  );
});
