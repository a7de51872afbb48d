/** What the documentation names exists: files it links to, tasks it runs, the version of Deno it asks for. */
import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { root } from "../../tools/run.ts";

const read = (path: string) => Deno.readTextFileSync(new URL(path, root));

function pages(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap((entry) => {
    if (entry.isDirectory) {
      return folder === "" && entry.name !== "docs" ? [] : pages(`${folder}${entry.name}/`);
    }
    return entry.name.endsWith(".md") ? [`${folder}${entry.name}`] : [];
  });
}

for (const page of pages("")) {
  Deno.test(`${page} links only to files that exist`, () => {
    for (const [, link] of read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
      const file = new URL(link!, new URL(page, root));
      assert.doesNotThrow(() => Deno.statSync(file), `${page} links to ${link}, which does not exist`);
    }
  });

  Deno.test(`${page} runs only tasks that exist`, () => {
    for (const [, task] of read(page).matchAll(/\b(?:deno|deno@[\d.]+) task ([a-z][a-z-]*)/g)) {
      assert.ok(task! in config.tasks, `${page} says "deno task ${task}", and deno.json has no such task`);
    }
  });
}

Deno.test("README and CI ask for the same Deno, and CI runs the README's test command", () => {
  const version = /npx -y (deno@[\d.]+) task test/.exec(read("README.md"))?.[1];
  assert.ok(version, "README.md has the test command");
  assert.match(read(".ci/run"), new RegExp(`deno="npx -y ${version}"`));
});

Deno.test("every task has a description", () => {
  for (const [name, task] of Object.entries(config.tasks)) assert.ok(task.description.length > 20, name);
});
