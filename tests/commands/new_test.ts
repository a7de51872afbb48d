import assert from "node:assert/strict";
import { named, SHELF_IMPORTS, withEntry } from "../../server/commands/new/scenario.ts";
import { loadScenario } from "../../server/run.ts";
import { root, runDeno } from "../../tools/run.ts";
import { cases, CHECKS } from "../conformance/worlds.ts";
import { inFolder, paddock } from "./command.ts";

Deno.test("new scenario writes a file that passes conformance, format, lint and types untouched", (t) =>
  inFolder(async (folder) => {
    const { code, out } = await paddock(["new", "scenario", "busy_harbour", "--folder", folder]);
    assert.equal(code, 0);
    const file = `${folder}/busy_harbour.ts`;
    assert.ok(
      out.includes(`--scenario ${file}`) && out.includes(`tests/conformance/scenarios_test.ts -- ${file}`),
    );
    const { scenario } = await loadScenario(file);
    assert.equal(scenario.id, "mine/busy_harbour");
    for (const it of cases(scenario)) {
      for (const [name, check] of Object.entries(CHECKS)) {
        await t.step(`${it.name}: ${name}`, () => check(it));
      }
    }
    const config = ["--config", new URL("deno.json", root).pathname];
    for (const line of [["fmt", "--check"], ["lint"], ["check"]]) {
      const ran = await runDeno([...line, "--quiet", ...config, file], true);
      assert.equal(ran.code, 0, ran.output);
    }
  }));

Deno.test("new scenario overwrites nothing, and says what a name may be", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/harbour.ts`, "mine");
    const cases: [line: string, code: number, message: RegExp][] = [
      ["scenario harbour", 1, /harbour\.ts is there already: choose another name/],
      ["scenario BigHarbour", 2, /found "BigHarbour". Try big_harbour/],
      ["scenario ../x", 2, /expected a name like harbour or safe\/harbour/],
      ["scenario safe/crossing --shelf", 1, /safe\/crossing is on the shelf already/],
      ["scenrio harbour", 2, /there is no new "scenrio". Did you mean "scenario"\?/],
    ];
    await Promise.all(cases.map(async ([line, code, message]) => {
      const outcome = await paddock(["new", ...line.split(" ")], folder);
      assert.equal(outcome.code, code, line);
      assert.match(outcome.err, message);
    }));
    assert.equal(await Deno.readTextFile(`${folder}/harbour.ts`), "mine");
    assert.equal([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test("the template on the shelf imports its own folder's files, and adds its line", async () => {
  const text = named("safe/class", SHELF_IMPORTS);
  assert.match(text, /^ \* Class: N rovers/m);
  assert.match(text, /import \{ scenario \} from "\.\.\/\.\.\/language\/scenario\.ts";\n/);
  assert.match(text, /export const classScenario = scenario\(\{\n {2}id: "safe\/class",/);
  assert.doesNotMatch(text, /example/i);
  const shelf = await Deno.readTextFile(new URL("sim/scenarios/mod.ts", root));
  const longer = withEntry(shelf, "safe/busy_harbour");
  const added = longer.split("\n").filter((line) => !shelf.split("\n").includes(line));
  assert.deepEqual(added, ['import { busyHarbour } from "./safe/busy_harbour.ts";', "  busyHarbour,"]);
});
