/**
 * What must hold of every scenario on the shelf, or of those in files of one's own:
 *
 *     deno task test tests/conformance/scenarios_test.ts -- ./my_scenario.ts
 *
 * @module
 */
import assert from "node:assert/strict";
import { loadScenario } from "../../server/run.ts";
import { findScenario, scenarios } from "../../sim/mod.ts";
import { cases, CHECKS } from "./worlds.ts";

const own = await Promise.all(Deno.args.map(async (file) => (await loadScenario(file)).scenario));

for (const scenario of own.length > 0 ? own : scenarios) {
  for (const it of cases(scenario)) {
    for (const [name, check] of Object.entries(CHECKS)) {
      Deno.test(`${it.name}: ${name}`, () => check(it));
    }
  }
}

Deno.test("each scenario has an id of its own, by which it is found", () => {
  for (const scenario of scenarios) assert.equal(findScenario(scenario.id), scenario);
});

Deno.test("the shelf holds every scenario file", async () => {
  const shelf = new URL("../../sim/scenarios/", import.meta.url);
  const text = await Deno.readTextFile(new URL("mod.ts", shelf));
  for await (const family of Deno.readDir(shelf)) {
    if (!family.isDirectory) continue;
    for await (const { name } of Deno.readDir(new URL(`${family.name}/`, shelf))) {
      assert.ok(
        text.includes(`"./${family.name}/${name}"`),
        `sim/scenarios/mod.ts lacks ${family.name}/${name}`,
      );
    }
  }
});
