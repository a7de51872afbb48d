/** The closing line counts what `deno test` counted, and never calls a crash a success. */
import assert from "node:assert/strict";
import { add, closingLine, countsOf, none } from "../../tools/counts.ts";
import { runDeno } from "../../tools/run.ts";

Deno.test("countsOf() reads the last summary of deno test", () => {
  const output =
    "ok | 9 passed | 0 failed (1ms)\n\nFAILED | 1 passed (1 step) | 2 failed (1 step) | 3 ignored (63ms)\n";
  assert.deepEqual(countsOf({ code: 1, output }), { passed: 1, failed: 2, skipped: 3 });
});

Deno.test("countsOf() counts a run without a summary as one failed", () => {
  assert.deepEqual(countsOf({ code: 1, output: "error: Type checking failed." }), { ...none, failed: 1 });
  assert.deepEqual(countsOf({ code: 1, output: "ok | 2 passed | 0 failed (1ms)" }), {
    passed: 2,
    failed: 1,
    skipped: 0,
  });
});

Deno.test("closingLine() names skipped tests only where there are some", () => {
  assert.equal(closingLine(add({ passed: 2, failed: 0, skipped: 0 }, none)), "2 passed, 0 failed");
  assert.equal(closingLine({ passed: 2, failed: 1, skipped: 3 }), "2 passed, 1 failed, 3 skipped");
});

Deno.test("countsOf() agrees with a real run of deno test", async () => {
  const file = await Deno.makeTempFile({ suffix: "_test.ts" });
  try {
    await Deno.writeTextFile(
      file,
      `Deno.test("a", async (t) => { await t.step("b", () => {}); });
       Deno.test.ignore("c", () => {});
       Deno.test("d", () => { throw new Error("no"); });`,
    );
    const ran = await runDeno(["test", "--no-check", file], true);
    assert.equal(ran.code, 1);
    assert.deepEqual(countsOf(ran), { passed: 1, failed: 1, skipped: 1 });
  } finally {
    await Deno.remove(file);
  }
});
