/** docs/pettingzoo.md: its example works, and its tables name everything that there is. */
import assert from "node:assert/strict";
import * as port from "../../sim/pettingzoo/mod.ts";
import { root } from "../../tools/run.ts";

const page = await Deno.readTextFile(new URL("docs/pettingzoo.md", root));

Deno.test("the page's example plays, records and proves itself", async () => {
  const source = /```ts\n([\s\S]*?)```/.exec(page)?.[1];
  assert.ok(source);
  const file = new URL(`pettingzoo_${crypto.randomUUID()}.ts`, root);
  await Deno.writeTextFile(file, source);
  try {
    const { verdict, warnings, returns, contacts } = await import(file.href);
    assert.ok(verdict.ok);
    assert.deepEqual(warnings, []);
    assert.deepEqual(Object.keys(returns), ["robot_0", "robot_1", "robot_2"]);
    assert.deepEqual(Object.keys(contacts), Object.keys(returns));
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("the page names every function of the port", () => {
  const helpers = ["aecOverWorld", "overWorld", "ansi", "isAec", "isVector", "sampleNext"];
  const lacking = Object.keys(port).filter((name) =>
    !page.includes(`\`${name}`) && !page.includes(`${name}(`)
  );
  assert.deepEqual(lacking.filter((name) => !helpers.includes(name)), []);
});

Deno.test("the page names every member of both APIs", async () => {
  const text = await Deno.readTextFile(new URL("sim/pettingzoo/types.ts", root));
  const members = [...text.matchAll(/^ {2}(?:readonly )?(\w+)\??[(:]/gm)].map(([, member]) => member!);
  assert.ok(members.length > 40);
  const words = new Set(page.match(/\w+/g));
  assert.deepEqual(members.filter((member) => !words.has(member)), []);
});
