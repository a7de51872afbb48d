import assert from "node:assert/strict";
import { join } from "node:path";
import { evaluationReport } from "../../islands/protocol.ts";
import { openStore } from "../../server/store.ts";
import { openWorkspace } from "../../server/workspace.ts";
import { readModel } from "../../tensor/mod.ts";
import { eventsOf, inFolder, paddock, smallRun, spawn } from "./command.ts";

/** A scenario of one's own, written where the test likes. */
const ownScenario = (sim: string) => `
import * as z from "zod";
import { group, particles, particleStep, scenario } from "${sim}";
export const meet = scenario({
  id: "my/meet",
  maxCycles: 6,
  params: z.strictObject({ N: z.int().min(2).default(2) }),
  world: ({ N }) => particles({ agents: group("agent", N, { size: 0.1, collide: false }) }),
  reset: (k) => { for (const a of k.agents) k.place(a, k.uniform2(-1, 1)); },
  dynamics: (k) => particleStep(k),
  observe: (_k, a) => [a.vel, a.pos],
  reward: (_k, a) => a.pos.length().neg(),
  costs: { touch: { scope: "pair", of: (k, a, b) => k.overlap(a, b) } },
  budgets: { touch: { kind: "episode", limit: 1 } },
});
`;

Deno.test("train, evaluate, replay, verify, export: one run through every command", async () => {
  await inFolder(async (runs) => {
    const trained = await paddock([
      ...smallRun,
      "--runs",
      runs,
      "--name",
      "small",
      "--limit",
      "centre=3",
      "--json",
    ]);
    assert.equal(trained.code, 0, trained.err);
    const events = trained.out.trim().split("\n").map((line) => JSON.parse(line));
    assert.equal(events[0].event, "start");
    assert.equal(events.filter(({ event }) => event === "update").length, 60);
    const result = events.at(-1);
    assert.match(result.hash, /^[0-9a-f]{16}$/);
    assert.equal(result.step, 2400);

    const folder = openWorkspace(runs).open("small");
    const config = folder.readConfig();
    assert.equal(config.limits.find(({ channel }) => channel === "centre")?.limit, 3);
    assert.deepEqual((config.settings as { hidden: number[] }).hidden, [8]);
    for (const name of ["paddock", "deno", "onnxruntime-node", "tfjs", "cpu"]) {
      assert.ok(config.versions[name], name);
    }
    assert.equal(folder.checkpoints().length, 3);

    const evaluated = await paddock([
      "evaluate",
      join(runs, "small"),
      "--episodes",
      "20",
      "--seed",
      "7",
      "--json",
    ]);
    assert.equal(evaluated.code, 0, evaluated.err);
    const report = evaluationReport.parse(JSON.parse(evaluated.out));
    assert.deepEqual([report.episodes, report.seed, report.costs.centre?.limit], [20, 7, 3]);

    const replayed = await paddock(["replay", "small", "--runs", runs, "--episodes", "3", "--json"]);
    assert.equal(replayed.code, 0, replayed.err);
    const { path, episodes } = JSON.parse(replayed.out);
    assert.equal(episodes, 3);
    const replays = folder.replays().map((file) => join(folder.path, "replays", file));
    assert.ok(replays.includes(path) && replays.length === 3);
    const verified = await paddock(["verify", ...replays, "--json"]);
    assert.equal(verified.code, 0, verified.out);

    const model = join(runs, "copy.onnx");
    const exported = await paddock(["export", "small", model, "--runs", runs]);
    assert.equal(exported.code, 0, exported.err);
    const bytes = Deno.readFileSync(model);
    assert.deepEqual(bytes, Deno.readFileSync(folder.policyPath()));
    const { metadata, outputs } = readModel(bytes);
    assert.deepEqual(outputs.map(({ name }) => name), ["action", "logits"]);
    assert.deepEqual([metadata.scenario, metadata.algorithm, metadata.seed], ["safe/crossing", "mappo", "5"]);
    assert.deepEqual(JSON.parse(metadata.params!), { N: 2 });
    assert.equal(JSON.parse(metadata.budgets!).length, 2);

    const store = openStore(join(runs, "paddock.db"));
    const [run] = store.runs();
    assert.deepEqual([run?.status, run?.step, run?.replays], ["done", 2400, 3]);
    assert.equal(store.evaluations("small").length, 2);
    const tags = store.series("small").map(({ tag }) => tag);
    for (
      const tag of ["episode/return", "cost/centre", "constraint/lambda/contact", "loss/policy", "policy/kl"]
    ) {
      assert.ok(tags.includes(tag), tag);
    }
    store.close();
  });
});

Deno.test("verify fails on a changed action and on what is no replay, and names both", async () => {
  await inFolder(async (runs) => {
    const file = join(runs, "a.replay");
    await paddock([...smallRun, "--runs", runs, "--name", "small"]);
    const bytes = Deno.readFileSync(join(runs, "small", "replays", "0001.replay"));
    const header = new DataView(bytes.buffer).getUint32(8, true);
    bytes[20 + header + 5]! ^= 1;
    Deno.writeFileSync(file, bytes);
    const text = join(runs, "b.replay");
    Deno.writeTextFileSync(text, "not a replay at all");
    const { code, out } = await paddock(["verify", file, text, join(runs, "none.replay"), "--json"]);
    assert.equal(code, 1);
    const [changed, foreign, missing] = out.trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual([changed.ok, changed.field, changed.step], [false, "actions", 6]);
    assert.match(foreign.message, /magic.*not a replay file/);
    assert.match(missing.message, /there is no file .*none\.replay/);
  });
});

Deno.test("a scenario file works wherever an id does", async () => {
  await inFolder(async (folder) => {
    const sim = new URL("../../sim/mod.ts", import.meta.url).href;
    Deno.writeTextFileSync(
      join(folder, "meet.ts"),
      ownScenario(sim).replace('"zod"', `"${import.meta.resolve("zod")}"`),
    );
    Deno.writeTextFileSync(join(folder, "empty.ts"), "export const x = 1;");
    Deno.writeTextFileSync(join(folder, "throws.ts"), 'throw new Error("boom");');
    const flags =
      "--algorithm ippo --set horizon=6 hidden=[8] --envs 4 --steps 96 --evaluate-every 0 --report-episodes 4"
        .split(" ");
    const trained = await paddock(["train", "--scenario", "./meet.ts", ...flags, "--name", "mine"], folder);
    assert.equal(trained.code, 0, trained.err);
    assert.match(trained.out, /my\/meet {2}ippo/);
    for (
      const line of [
        "evaluate mine --episodes 3",
        "replay mine",
        "verify runs/mine/replays/0001.replay",
        "export mine m.onnx",
      ]
    ) {
      const { code, err, out } = await paddock(line.split(" "), folder);
      assert.equal(code, 0, line + err + out);
    }
    const random = await paddock(
      "evaluate --policy random --scenario ./meet.ts --episodes 5 --json".split(" "),
      folder,
    );
    assert.equal(evaluationReport.parse(JSON.parse(random.out)).algorithm, "random");
    const empty = await paddock(["train", "--scenario", "./empty.ts", ...flags], folder);
    assert.match(empty.err, /empty\.ts exports no scenario/);
    const throws = await paddock(["train", "--scenario", "./throws.ts", ...flags], folder);
    assert.match(throws.err, /throws\.ts failed while loading: Error: boom/);
    assert.deepEqual([empty.code, throws.code], [1, 1]);
  });
});

Deno.test("damaged checkpoints and configs are named; an intact older checkpoint is used", async () => {
  await inFolder(async (runs) => {
    await paddock([...smallRun, "--runs", runs, "--name", "small"]);
    const folder = openWorkspace(runs).open("small");
    const states = folder.checkpoints().map(({ path }) => join(path, "state.safetensors"));
    const flip = (file: string) => {
      const bytes = Deno.readFileSync(file);
      bytes[bytes.length >> 1]! ^= 1;
      Deno.writeFileSync(file, bytes);
    };
    flip(states[2]!);
    const resumed = await paddock(["train", "--resume", join(runs, "small")]);
    assert.equal(resumed.code, 0, resumed.err);
    assert.match(resumed.out, /skipped a checkpoint: .*state\.safetensors is damaged/);

    for (const { path } of folder.checkpoints()) {
      Deno.writeTextFileSync(join(path, "state.safetensors"), "junk");
    }
    const broken = await paddock(["evaluate", join(runs, "small")]);
    assert.equal(broken.code, 1);
    assert.match(broken.err, /is damaged: a file is missing or not as long/);

    const config = join(runs, "small", "config.json");
    Deno.writeTextFileSync(config, Deno.readTextFileSync(config).replace('"mappo"', '"mapo"'));
    const misnamed = await paddock(["evaluate", join(runs, "small")]);
    assert.match(misnamed.err, /config\.json: there is no algorithm "mapo". Did you mean "mappo"\?/);
    assert.equal(misnamed.code, 1);
  });
});

Deno.test("serve answers an inference, refuses a taken port, and ends with 0 when it is stopped", async () => {
  await inFolder(async (runs) => {
    await paddock([...smallRun, "--runs", runs, "--name", "small"]);
    const child = spawn(["serve", join(runs, "small"), "--port", "0", "--json"]);
    const errors = new Response(child.stderr).text();
    let url = "";
    for await (const event of eventsOf(child)) {
      const { url: base, models } = event as unknown as { url: string; models: string[] };
      assert.deepEqual(models, ["small"]);
      url = `${base}/v2/models/${models[0]}`;
      break;
    }
    const observation = { name: "obs", datatype: "FP32", shape: [1, 10], data: new Array(10).fill(0) };
    const response = await fetch(`${url}/infer`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ inputs: [observation] }),
    });
    assert.equal(response.status, 200, await response.clone().text());
    const { outputs } = await response.json();
    assert.equal(outputs[0].name, "action");
    const taken = await paddock(["serve", join(runs, "small"), "--port", new URL(url).port]);
    assert.equal(taken.code, 1);
    assert.match(taken.err, /is in use/);
    child.kill("SIGTERM");
    assert.equal((await child.status).code, 0, await errors);
  });
});
