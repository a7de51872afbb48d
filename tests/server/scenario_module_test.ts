import assert from "node:assert/strict";
import { UserError } from "../../core/mod.ts";
import { apiHandler } from "../../server/api/app.ts";
import { scenarioBundler } from "../../server/run/scenario_module.ts";
import { openStore } from "../../server/store.ts";
import { openWorkspace } from "../../server/workspace.ts";
import * as sim from "../../sim/mod.ts";
import { ownRun, ownScenario } from "../browser/recordings.ts";
import { fillStore, SKETCHES } from "../browser/sketches.ts";
import { inFolder } from "../commands/command.ts";

const bundle = scenarioBundler();

Deno.test("a scenario file becomes one module, which takes the simulator of its page", () =>
  inFolder(async (folder) => {
    const helper = `${folder}/size.ts`;
    Deno.writeTextFileSync(helper, "export const size: number = 0.2;");
    const file = `${folder}/meet.ts`;
    const split = ownScenario.replace("size: 0.2", "size").replace(
      "export",
      'import { size } from "./size.ts";\nexport',
    );
    Deno.writeTextFileSync(file, split);
    const code = await bundle(file);
    assert.doesNotMatch(code, /\bimport\b/, "nothing is left to load");
    Object.assign(globalThis, { paddock: { sim } });
    const module = `${folder}/module.mjs`;
    Deno.writeTextFileSync(module, code);
    const { default: bundled } = await import(`file://${module}`);
    const { default: original } = await import(`file://${file}`);
    assert.equal(sim.describe(bundled).codeHash, sim.describe(original).codeHash);
  }));

Deno.test("a scenario file that cannot be bundled is named, with the line and the fault", () =>
  inFolder(async (folder) => {
    const cases: [source: string, message: RegExp][] = [
      ["export default {", /meet\.ts:1: .*end of file/],
      ['import "./nothing.ts";', /meet\.ts:1: .*nothing\.ts/],
      ['import "nothing";', /meet\.ts:1: cannot import nothing: /],
      ['\nimport "node:fs";', /meet\.ts:2: cannot import node:fs: a page may run files of this machine only/],
      [
        'import "https://example.com/x.js";',
        /cannot import https:.*: a page may run files of this machine only/,
      ],
      ['import { nosuch } from "@paddock/paddock/sim";\nnosuch();', /meet\.ts:1: .*"nosuch"/],
    ];
    const file = `${folder}/meet.ts`;
    for (const [source, message] of cases) {
      Deno.writeTextFileSync(file, source);
      await assert.rejects(bundle(file), (error: Error) => {
        assert.ok(error instanceof UserError, source);
        assert.match(error.message, message);
        return true;
      });
    }
    const both = await Promise.allSettled([bundle(file), bundle(`${folder}/gone.ts`), bundle(file)]);
    assert.deepEqual(both.map(({ status }) => status), ["rejected", "rejected", "rejected"]);
    assert.match(String((both[1] as PromiseRejectedResult).reason), /gone\.ts is gone/);
  }));

Deno.test("the API serves the module of a run's own scenario, and of no other", () =>
  inFolder(async (folder) => {
    const workspace = openWorkspace(`${folder}/runs`);
    const store = openStore(workspace.database);
    try {
      fillStore(store);
      const file = await ownRun(store, workspace, folder);
      const handler = apiHandler({ store, workspace });
      const get = async (run: string) => {
        const response = await handler(new Request(`http://127.0.0.1/api/runs/${run}/scenario.js`));
        return [response.status, await response.text()] as const;
      };
      assert.equal((await get("own"))[0], 200);
      assert.deepEqual(await get("none"), [404, '{"error":"there is no run \\"none\\""}']);
      assert.match((await get(SKETCHES[0]!.row.name))[1], /is on the shelf/);
      Deno.removeSync(file);
      const [status, text] = await get("own");
      assert.equal(status, 422);
      assert.match(text, /meet\.ts is gone/);
    } finally {
      store.close();
    }
  }));
