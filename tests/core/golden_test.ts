import assert from "node:assert/strict";
import { computed, golden } from "./golden.ts";

const found = computed();

for (const [name, hash] of Object.entries(golden)) {
  Deno.test(`${name === "draws" ? "random draws give" : `${name}() gives`} the bits it always gave`, () => {
    assert.equal(found[name], hash);
  });
}
