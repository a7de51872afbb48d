/** The browser check finds Deno where a browser has none, also one import away. */
import assert from "node:assert/strict";
import { browserCheck, browserFiles } from "../../tools/browser_check.ts";

async function checked(files: Record<string, string>) {
  const folder = await Deno.makeTempDir({ prefix: "paddock-test-" });
  try {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
    return await browserCheck([`${folder}/main.ts`], true);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("browserCheck() passes a file that uses the DOM and a package", async () => {
  const { code, output } = await checked({
    "main.ts": `import { z } from "zod";\ndocument.title = z.string().parse("paddock");\n`,
  });
  assert.equal(code, 0, output);
});

Deno.test("browserCheck() fails on Deno.pid", async () => {
  const { code, output } = await checked({ "main.ts": `export const pid = Deno.pid;\n` });
  assert.equal(code, 1);
  assert.match(output, /Cannot find name 'Deno'/);
});

Deno.test("browserCheck() fails on Deno.pid one import away", async () => {
  const { code, output } = await checked({
    "main.ts": `export { pid } from "./other.ts";\n`,
    "other.ts": `export const pid = Deno.pid;\n`,
  });
  assert.equal(code, 1);
  assert.match(output, /Cannot find name 'Deno'/);
});

Deno.test("browserCheck() fails on what import.meta has only in Deno", async () => {
  const { code, output } = await checked({ "main.ts": `export const here = import.meta.dirname;\n` });
  assert.equal(code, 1);
  assert.match(output, /'dirname' does not exist/);
});

Deno.test("browserFiles() are all folders of the browser, without the native runtime", () => {
  const files = browserFiles();
  assert.ok(files.includes("sim/types.ts") && files.includes("islands/protocol.ts"));
  assert.ok(!files.includes("tensor/runtime/node.ts"));
  assert.ok(files.every((path) => /^(core|sim|tensor|constraints|agents|islands)\//.test(path)));
});
