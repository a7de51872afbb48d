import assert from "node:assert/strict";
import { shape, UserError } from "../../core/mod.ts";

function refusal(found: number[], expected: Record<string, number>): string {
  try {
    shape("advantages", found, expected);
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error.message;
  }
  throw new assert.AssertionError({ message: "expected a refusal" });
}

Deno.test("shape() passes the expected shape", () => {
  shape("advantages", [128, 16], { T: 128, B: 16 });
  shape("loss", [], {});
});

Deno.test("shape() names both shapes and the likely slip", () => {
  const cases: [found: number[], slip: string][] = [
    [[16, 128], ". It looks transposed: time is the first axis, so write [T, B]"],
    [[128], ". The axis B is missing: write [T, B]"],
    [[16], ". The axis T is missing: write [T, B]"],
    [[128, 16, 1], ". It has an axis of size 1 too many: drop it"],
    [[2048], ". It looks flattened: reshape it to [T, B]"],
    [[128, 17], ""],
  ];
  for (const [found, slip] of cases) {
    const start = `advantages: expected [T,B] = [128,16], found [${found}]`;
    assert.equal(refusal(found, { T: 128, B: 16 }), start + slip);
  }
  assert.match(refusal([4, 3], { N: 3, O: 4 }), /looks transposed: the axes are \[N, O\]$/);
});
