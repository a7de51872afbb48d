import assert from "node:assert/strict";
import { threefry2x32 } from "../../core/mod.ts";

/** Random123's published known answers: [k0, k1, c0, c1, into[0], into[1]]. */
const known = [
  [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
  [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
  [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
] as const;

Deno.test("threefry2x32() gives the published answers", () => {
  const into = new Uint32Array(2);
  for (const [k0, k1, c0, c1, first, second] of known) {
    threefry2x32(k0, k1, c0, c1, into);
    assert.deepEqual([...into], [first, second]);
  }
});
