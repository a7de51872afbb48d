/** Replays go to the disk in shards, and come back bit for bit. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { TrainState } from "../../agents/mod.ts";
import { dropShards, keepRings, withRings } from "../../server/run/shards.ts";
import { openWorkspace } from "../../server/workspace.ts";
import { decode } from "../../tensor/mod.ts";
import { eventsOf, inFolder, paddock, spawn } from "./command.ts";

const lines = (text: string) => text.trimEnd().split("\n");
const common =
  "--scenario mpe/simple_spread_v3 --envs 8 --report-episodes 4 --evaluate-every 0 --checkpoint-every 1 --json";
const sets: Record<string, string> = {
  // The ring of 20 episodes is overwritten more than once in 60.
  qmix: "horizon=10 hidden=[8] batch=4 capacity=20 teamReward=mean updates=1",
  maddpg: "horizon=10 hidden=[8] batch=8 start=8 capacity=300 updates=1",
};

for (const [algorithm, set] of Object.entries(sets)) {
  Deno.test(`${algorithm}: a run that was stopped goes on with its replay bit for bit; only new entries are written`, () =>
    inFolder(async (folder) => {
      const run = (name: string, more: string) =>
        `train ${common} --algorithm ${algorithm} --steps 1600 --name ${name} --set ${set} ${more}`.trim()
          .split(" ");
      const whole = await paddock(run("whole", ""), folder);
      assert.equal(whole.code, 0, whole.err);
      const child = spawn(run("killed", ""), folder);
      for await (const event of eventsOf(child)) {
        if (event.event === "checkpoint" && event.step >= 800) break;
      }
      child.kill("SIGKILL");
      await child.status;
      const resumed = await paddock("train --resume killed --json".split(" "), folder);
      assert.equal(resumed.code, 0, resumed.err);
      const hashes = [whole, resumed].map(({ out }) => JSON.parse(lines(out).at(-1)!).hash);
      assert.equal(hashes[0], hashes[1]);

      const shards = [...Deno.readDirSync(`${folder}/runs/whole/replay`)].map(({ name }) => name).sort();
      const spans = shards.map((name) => name.match(/(\d+)-(\d+)\.safetensors$/)!.slice(1).map(Number));
      spans.slice(1).forEach(([from], i) => assert.equal(from, spans[i]![1])); // no entry twice, none left out
      assert.ok(spans[0]![0]! > 0, "shards of entries that were overwritten are gone");
      const [checkpoint] = [...Deno.readDirSync(`${folder}/runs/whole/checkpoints`)].map(({ name }) => name)
        .sort();
      const state = await Deno.readFile(`${folder}/runs/whole/checkpoints/${checkpoint}/state.safetensors`);
      const names = Object.keys(decode(state).tensors);
      assert.ok(
        names.includes("learner.agent.replay.total") && !names.some((name) => name.includes(".ring.")),
      );
    }));
}

Deno.test("entries that came after the checkpoint a run goes on from are written anew", () =>
  inFolder((folder) => {
    const run = openWorkspace(folder).create({ scenario: "a/b", algorithm: "qmix", constraint: null });
    const rings = { "learner.a.replay": 8, "learner.b.replay": 8 };
    /** A state of two rings, the second of them empty, with entries of `value`. */
    const state = (total: number, value: number): TrainState => ({
      ...{ step: total, update: total, rings },
      tensors: {
        "learner.a.replay.total": Float64Array.of(total),
        "learner.a.replay.ring.obs": Float32Array.from({ length: 16 }, (_, i) => i < 2 * total ? value : 0),
        "learner.b.replay.total": Float64Array.of(0),
        "learner.b.replay.ring.obs": new Float32Array(8),
      },
    });
    const obs = (state: TrainState) => [...state.tensors["learner.a.replay.ring.obs"]!];
    const saved = keepRings(run, state(2, 1));
    keepRings(run, state(4, 2)); // killed before its checkpoint
    dropShards(run, saved);
    const found = withRings(run, saved);
    assert.deepEqual(obs(found), [1, 1, 1, 1, ...new Array(12).fill(0)]);
    assert.ok(!("learner.b.replay.ring.obs" in found.tensors));
    const next = keepRings(run, { ...state(4, 3) });
    assert.deepEqual(obs(withRings(run, next)).slice(0, 8), [1, 1, 1, 1, 3, 3, 3, 3]);
    dropShards(run, undefined);
    assert.deepEqual([...Deno.readDirSync(join(run.path, "replay"))], []);
    return Promise.resolve();
  }));

Deno.test("a damaged shard is named", () =>
  inFolder(async (folder) => {
    const words = `train ${common} --algorithm qmix --steps 800 --name a --set ${sets.qmix} --minutes 0.1`
      .split(" ");
    await paddock(words, folder);
    const [shard] = [...Deno.readDirSync(`${folder}/runs/a/replay`)].map(({ name }) => name).sort().reverse();
    const path = `${folder}/runs/a/replay/${shard}`;
    const bytes = await Deno.readFile(path);
    bytes[bytes.length - 100]! ^= 1;
    await Deno.writeFile(path, bytes);
    const { code, err } = await paddock(["train", "--resume", "a"], folder);
    assert.equal(code, 1);
    assert.match(err, /replay\/learner\.agent\.replay-.*safetensors: its hash is not that of its content/);
  }));
