/** How a training may end, and what it leaves for other programs. */
import assert from "node:assert/strict";
import { openStore } from "../../server/store.ts";
import { inFolder, main, paddock } from "./command.ts";

const train = "train --scenario mpe/simple_v3 --algorithm ippo --envs 4 --set horizon=25 hidden=[8] " +
  "--evaluate-episodes 8 --report-episodes 8 --evaluate-every 2 --checkpoint-every 2 --json";
const words = (text: string) => `${train} ${text}`.split(" ");
const lines = (text: string) => text.trimEnd().split("\n");

Deno.test("train --stop-at and --patience end a run that is done; --minutes one that can be resumed", () =>
  inFolder(async (folder) => {
    const [reached, patient, timed, read] = await Promise.all([
      paddock(words("--steps 1e6 --name reached --stop-at -1000"), folder),
      paddock(words("--steps 1e6 --name patient --patience 1 --set actorRate=0"), folder),
      paddock(words("--steps 1e6 --name timed --minutes 0.01"), folder),
      paddock(words("--steps 250 --name read --stop-at -1000").filter((word) => word !== "--json"), folder),
    ]);
    const results = [reached, patient, timed].map(({ out, err }) => JSON.parse(lines(out).at(-1) ?? err));
    assert.deepEqual(results.map(({ status }) => status), ["done", "done", "stopped"]);
    assert.equal(results[0].step, 200);
    assert.equal(results[1].step, 400); // the second evaluation is no better
    assert.match(results[0].ended, /^an evaluation returned -[\d.]+, --stop-at -1000$/);
    assert.equal(results[1].ended, "the last evaluation was no better than one before, --patience 1");
    assert.equal(results[2].ended, "--minutes 0.01 are over");
    assert.match(read.out, /^250 steps are rounded up to 300: whole updates of 100 /);
    assert.match(read.out, /\nended early at step 200 of 300: an evaluation returned .*, --stop-at -1000\n/);
    const store = openStore(`${folder}/runs/paddock.db`);
    assert.equal(store.run("read")?.steps, 300);
    store.close();
    assert.ok(results[0].report.return.mean === results[0].final.return.mean);
    const again = await paddock("train --resume reached --json".split(" "), folder);
    const events = lines(again.out).map((line) => JSON.parse(line));
    assert.deepEqual(
      events.map(({ event }) => event),
      ["note", "result"],
      "what has ended is not trained on",
    );
    assert.equal(events[1].hash, results[0].hash);
  }));

Deno.test("metrics.jsonl and metrics.csv hold every update once, across a stop and a resume", () =>
  inFolder(async (folder) => {
    await paddock(words("--steps 1200 --name a --minutes 0.00001"), folder);
    const damage = (file: string, text: string) =>
      Deno.writeTextFile(`${folder}/runs/a/${file}`, text, { append: true });
    await damage("metrics.csv", "99999,lost/later,1\nhalf a li");
    await damage("metrics.jsonl", '{"step":1,"lost\n{"step":99999}\n\0\0\n{"st');
    const resumed = await paddock("train --resume a --json".split(" "), folder);
    assert.equal(resumed.code, 0, resumed.err);
    const records = lines(await Deno.readTextFile(`${folder}/runs/a/metrics.jsonl`)).map((it) =>
      JSON.parse(it)
    );
    const updates = records.filter((it) => "loss/policy" in it).map(({ step }) => step);
    assert.deepEqual(updates, Array.from({ length: 12 }, (_, i) => 100 * (i + 1)));
    const [head, ...rows] = lines(await Deno.readTextFile(`${folder}/runs/a/metrics.csv`));
    assert.equal(head, "step,tag,value");
    const loss = rows.filter((row) => row.split(",")[1] === "loss/policy");
    assert.deepEqual(
      loss.map((row) => Number(row.split(",")[2])),
      records.flatMap((it) => it["loss/policy"] ?? []),
    );
    assert.ok(!rows.some((row) => row.includes("lost")));
  }));

Deno.test("a learner with a replay reports, exports and records its policy at the end", () =>
  inFolder(async (folder) => {
    const set = "--set horizon=25 hidden=[8] batch=4 capacity=40 memory=4 teamReward=mean";
    const run =
      "train --scenario mpe/simple_spread_v3 --algorithm qmix --envs 8 --steps 1000 --report-episodes 8 --json";
    const { code, out, err } = await paddock(`${run} ${set}`.split(" "), folder);
    assert.equal(code, 0, err);
    const { report, final, policies, replays } = JSON.parse(lines(out).at(-1)!);
    assert.ok(Number.isFinite(final.return.mean) && Number.isFinite(report.return.mean));
    assert.equal(policies.length, 1);
    assert.equal(replays.length, 1, "a greedy policy plays in one way");
  }));

Deno.test("any number of workers trains to the same bits, and a run may go on with another number", () =>
  inFolder(async (folder) => {
    const base =
      "train --scenario mpe/simple_tag_v3 --algorithm mappo --envs 6 --steps 900 --report-episodes 4 --json " +
      "--set horizon=25 hidden=[8]";
    const one = await paddock(`${base} --name one`.split(" "), folder);
    const three = await paddock(
      `${base} --name three --workers 3 --checkpoint-every 2 --minutes 0.00001`.split(" "),
      folder,
    );
    const resumed = await paddock("train --resume three --workers 2 --json".split(" "), folder);
    const [whole, part, rest] = [one, three, resumed].map(({ out, err }) =>
      JSON.parse(lines(out).at(-1) ?? err)
    );
    assert.deepEqual([whole.status, part.status, rest.status], ["done", "stopped", "done"]);
    assert.equal(rest.hash, whole.hash);
    const crowd = await paddock("train --resume three --workers 7".split(" "), folder);
    assert.equal(crowd.code, 2);
    assert.match(crowd.err, /--workers 7: expected at most 6/);
  }));

Deno.test("PADDOCK_RUNTIME=web trains in WebAssembly, where the native library cannot be loaded", () =>
  inFolder(async (folder) => {
    const command = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", main, ...words("--steps 400 --name web")],
      cwd: folder,
      env: { PADDOCK_RUNTIME: "web" },
    });
    const { code, stdout } = await command.output();
    assert.equal(code, 0);
    assert.ok(
      Number.isFinite(JSON.parse(lines(new TextDecoder().decode(stdout)).at(-1)!).report.return.mean),
    );
    const config = JSON.parse(await Deno.readTextFile(`${folder}/runs/web/config.json`));
    assert.match(JSON.stringify(config.versions), /onnxruntime-web/);
  }));

Deno.test("train --curriculum moves through its stages, judges by the last, and resumes bit for bit", () =>
  inFolder(async (folder) => {
    const stages = [{ gravity: 2 }, { gravity: { uniform: [3, 8] } }, { gravity: 10 }];
    await Deno.writeTextFile(
      `${folder}/stages.json`,
      JSON.stringify({ stages, promote: 0.01, window: 8, above: -1e9 }),
    );
    const base =
      "train --scenario control/pendulum_v1 --algorithm ippo --envs 4 --steps 8000 --report-episodes 4 --json " +
      "--checkpoint-every 2 --set horizon=50 hidden=[8] --curriculum stages.json";
    const whole = await paddock(`${base} --name whole`.split(" "), folder);
    await paddock(`${base} --name part --minutes 0.00001`.split(" "), folder);
    const resumed = await paddock("train --resume part --json".split(" "), folder);
    const hashes = [whole, resumed].map(({ out, err }) => JSON.parse(lines(out).at(-1) ?? err).hash);
    assert.equal(hashes[0], hashes[1]);
    const records = lines(await Deno.readTextFile(`${folder}/runs/whole/metrics.jsonl`)).map((it) =>
      JSON.parse(it)
    );
    const path = records.flatMap((it) => it["curriculum/stage"] ?? []).filter((stage, i, all) =>
      stage !== all[i - 1]
    );
    assert.deepEqual(path, [0, 1, 2]);
    assert.equal(JSON.parse(await Deno.readTextFile(`${folder}/runs/whole/config.json`)).params.gravity, 10);
    const wrong = await paddock(`${base} --param mass=0`.split(" "), folder);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /mass/);
  }));
