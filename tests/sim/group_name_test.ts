import assert from "node:assert/strict";
import { z } from "zod";
import { classScenario, describe, group } from "../../sim/mod.ts";

Deno.test("group() refuses a name that no file can have, and proposes one", () => {
  assert.equal(group("lead-adversary_2", 1).name, "lead-adversary_2");
  assert.throws(() => group("a/b", 2), /group "a\/b": expected a name of letters, digits.*Try "a_b"$/);
  for (const name of ["", "..", "con ", "2nd", "é"]) {
    assert.throws(() => group(name, 2), /expected a name of/);
  }
});

Deno.test("a class scenario's groups are held to the same names", () => {
  const scenario = classScenario({
    id: "test/named",
    version: 1,
    maxCycles: 9,
    params: z.strictObject({}),
    spec: () => ({
      groups: [{ name: "a/b", agents: 1, observation: { size: 1 }, actions: { discrete: 2 } }],
    }),
    columns: () => ({ count: 1 }),
    reset: () => {},
    step: () => {},
    observe: () => {},
  });
  assert.throws(() => describe(scenario), /group "a\/b": expected a name of/);
});
