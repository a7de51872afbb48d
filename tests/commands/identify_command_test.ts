/** `paddock identify`: files of recordings, replays, and what it says of them. */
import assert from "node:assert/strict";
import { pendulum, record } from "../sim/identify_data.ts";
import { recorded } from "../sim/recorded.ts";
import { inFolder, paddock } from "./command.ts";

Deno.test("identify tells a pendulum's params, or only their products", () =>
  inFolder(async (folder) => {
    const lines = record(pendulum, 1).map((recording) => JSON.stringify(recording)).join("\n");
    await Deno.writeTextFile(`${folder}/swings.jsonl`, lines);
    const at = "identify swings.jsonl --scenario control/pendulum_v1";
    const known = await paddock(`${at} --free mass,length --fixed gravity=9 --json`.split(" "), folder);
    assert.deepEqual([known.code, known.err], [0, ""]);
    const found = JSON.parse(known.out);
    assert.deepEqual([found.rank, found.of, found.steps, found.converged], [2, 2, 500, true]);
    assert.ok(Math.abs(found.params.mass.estimate - 1.2) < 0.02);
    const unknown = await paddock(`${at} --free gravity,mass,length`.split(" "), folder);
    assert.equal(unknown.code, 0);
    assert.match(unknown.out, /500 steps of 3 episodes\nrank 2 of 3, \d+ iterations\n/);
    assert.match(
      unknown.out,
      /\n3g\/\(2l\) {2,}16\.8\d* .*\n3\/\(ml²\) {2,}3\.\d+ .*\nnot identified: gravity, mass and/,
    );
  }));

Deno.test("identify reads a replay, and the same replay exported", () =>
  inFolder(async (folder) => {
    const params = { mass: 1.2, length: 0.8 };
    await Deno.writeFile(`${folder}/a.replay`, recorded(pendulum.scenario, 120, { params }));
    assert.equal((await paddock(["export", "a.replay", "a.jsonl"], folder)).code, 0);
    for (const file of ["a.replay", "a.jsonl"]) {
      const { code, out } = await paddock(["identify", file, "--free", "mass,length", "--json"], folder);
      assert.equal(code, 0);
      const found = JSON.parse(out).params;
      for (const [name, truth] of Object.entries(params)) {
        assert.ok(Math.abs(found[name].estimate / truth - 1) < 1e-6, `${file}: ${found[name].estimate}`);
      }
    }
  }));

Deno.test("identify says what is wrong with a file or a flag, and how to cure it", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.jsonl`, JSON.stringify(record(pendulum, 1, { steps: 20 })[0]));
    await Deno.writeTextFile(`${folder}/b.jsonl`, "not JSON");
    const outcomes = await Promise.all([
      paddock(["identify", "a.jsonl", "--free", "mass"], folder),
      paddock(["identify", "b.jsonl", "--free", "mass", "--scenario", "control/pendulum_v1"], folder),
      paddock(["identify", "a.jsonl", "--free", "mas", "--scenario", "control/pendulum_v1"], folder),
      paddock(["identify", "a.jsonl", "--scenario", "control/pendulum_v1"], folder),
    ]);
    assert.deepEqual(outcomes.map(({ code }) => code), [2, 1, 1, 2]);
    assert.match(outcomes[0]!.err, /does not say where it was recorded: add --scenario ID/);
    assert.match(outcomes[1]!.err, /b\.jsonl: line 1 is not JSON/);
    assert.match(outcomes[2]!.err, /no param "mas"\. Did you mean "mass"/);
    assert.match(outcomes[3]!.err, /--free is missing/);
  }));
