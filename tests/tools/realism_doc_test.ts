/** docs/realism.md: its example works, and says what the page says. */
import assert from "node:assert/strict";
import { root } from "../../tools/run.ts";

const page = await Deno.readTextFile(new URL("docs/realism.md", root));

Deno.test("the page's example does what it says", async () => {
  const source = /```ts\n([\s\S]*?)```/.exec(page)?.[1];
  assert.ok(source);
  const file = new URL(`realism_${crypto.randomUUID()}.ts`, root);
  await Deno.writeTextFile(file, source);
  try {
    const { masses, replay, verdict, moves, training } = await import(file.href);
    assert.equal(new Set(masses).size, 64);
    assert.ok(masses.every((mass: number) => mass >= 0.7 && mass < 1.3));
    assert.deepEqual(replay.header.params.mass, { uniform: [0.7, 1.3] });
    assert.ok(verdict.ok);
    assert.deepEqual(moves, [{ from: 0, to: 1, share: 1 }]);
    assert.equal(training.stage[63], 1);
  } finally {
    await Deno.remove(file);
  }
});
