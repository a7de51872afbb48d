/** docs/identification.md: its example works, and says what the page says. */
import assert from "node:assert/strict";
import { root } from "../../tools/run.ts";

const page = await Deno.readTextFile(new URL("docs/identification.md", root));

Deno.test("the page's example finds what it says", async () => {
  const source = /```ts\n([\s\S]*?)```/.exec(page)?.[1];
  assert.ok(source);
  const file = new URL(`identification_${crypto.randomUUID()}.ts`, root);
  await Deno.writeTextFile(file, source);
  try {
    const { known, unknown } = await import(file.href);
    for (const [name, truth] of [["mass", 1.2], ["length", 0.8]] as const) {
      assert.ok(Math.abs(known.params[name].estimate / truth - 1) < 0.02);
    }
    assert.deepEqual([unknown.rank, unknown.of], [2, 3]);
    assert.deepEqual(unknown.params, { gravity: null, mass: null, length: null });
    const plain = page.replace(/\s+/g, " ");
    for (const line of unknown.unidentified) assert.ok(plain.includes(`_${line}_`), line);
    for (const { expression } of unknown.identified) {
      assert.ok(page.includes(`\`${expression}\``), expression);
    }
  } finally {
    await Deno.remove(file);
  }
});
