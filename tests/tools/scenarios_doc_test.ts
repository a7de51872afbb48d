/** docs/scenarios.md and its pictures are what the shelf gives now. */
import assert from "node:assert/strict";
import { generate, present } from "../../tools/scenarios_doc.ts";
import { docstringOf, toMarkdown } from "../../tools/scenarios_doc/docstring.ts";
import { anchor } from "../../tools/scenarios_doc/section.ts";

const cure = 'run "deno task scenarios" (deno run -A tools/scenarios_doc.ts)';

const files = await generate();

Deno.test("docs/scenarios.md and docs/pictures are current", async () => {
  const found = await present();
  assert.deepEqual(Object.keys(found).sort(), Object.keys(files).sort(), `other files are expected: ${cure}`);
  for (const [path, text] of Object.entries(files)) {
    const [old, now] = [found[path]!.split("\n"), text.split("\n")];
    const line = now.findIndex((line, i) => line !== old[i]);
    assert.ok(
      found[path] === text,
      `line ${line + 1} of ${path} is not what the scenarios say now:\n${old[line]}\n${now[line]}\n${cure}`,
    );
  }
});

Deno.test("pictures are small, whole, and show something", () => {
  for (const [path, text] of Object.entries(files).filter(([path]) => path.endsWith(".svg"))) {
    assert.ok(text.length < 30_000, `${path} has ${text.length} bytes, more than 30,000`);
    assert.doesNotMatch(text, /NaN|Infinity|undefined/, path);
    assert.ok(text.match(/<(path|text)/g)!.length >= 2, `${path} shows nothing but its ground`);
  }
});

Deno.test("links to scenarios lead to their headings", () => {
  const page = files["docs/scenarios.md"]!;
  const anchors = new Set([...page.matchAll(/^###? (.*)$/gm)].map(([, heading]) => anchor(heading!)));
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link!);
  assert.ok(links.length > 40);
  assert.deepEqual(links.filter((link) => !anchors.has(link)), []);
});

Deno.test("a docstring becomes text, a list of its labels, and equations as they stand", () => {
  const source = `/**
 * Cart: a cart
 * on a track.
 *
 * Action       [2]  left, * right
 * Motion       v' = v + a dt
 *              x' = x + v' dt
 * Cost         \`hit\`   agent: 1 per
 *              step
 *              \`fast\`  team: |v| above 1
 *
 * Differs      nothing
 *
 * @module
 */
import x from "y";
`;
  assert.equal(
    toMarkdown(docstringOf(source)),
    `Cart: a cart on a track.

- **Action**: [2]: left, \\* right
- **Motion**:

  \`\`\`text
  v' = v + a dt
  x' = x + v' dt
  \`\`\`
- **Cost**:

  - \`hit\` agent: 1 per step
  - \`fast\` team: |v| above 1
- **Differs**: nothing`,
  );
});
