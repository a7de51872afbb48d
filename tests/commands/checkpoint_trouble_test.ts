/** Runs whose files are damaged, removed, altered or copied: the message names the cause, and its cure works. */
import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { inFolder, paddock } from "./command.ts";

const train = "train --scenario mpe/simple_spread_v3 --algorithm qmix --envs 4 --steps 400 --name base " +
  "--evaluate-every 0 --report-episodes 2 --checkpoint-every 2 " +
  "--set horizon=10 hidden=[8] batch=4 capacity=100 teamReward=mean updates=1";

Deno.test("what happened to a run's files is told, with a cure that works", () =>
  inFolder(async (folder) => {
    const trained = await paddock(train.split(" "), folder);
    assert.equal(trained.code, 0, trained.err);
    const copy = (name: string) => {
      cpSync(`${folder}/runs/base`, `${folder}/runs/${name}`, { recursive: true });
      return `${folder}/runs/${name}`;
    };
    const edit = (name: string, change: (config: Record<string, unknown>) => void) => {
      const path = `${copy(name)}/config.json`;
      const config = JSON.parse(readFileSync(path, "utf8"));
      change(config);
      writeFileSync(path, JSON.stringify(config));
    };
    copy("copied");
    edit("altered", ({ settings }) => Object.assign(settings as object, { hidden: [16] }));
    edit("other", (config) => Object.assign(config, { scenario: "mpe/simple_v3" }));
    rmSync(`${copy("removed")}/checkpoints`, { recursive: true });
    const shards = `${copy("shards")}/replay`;
    const [last] = readdirSync(shards).sort().reverse();
    rmSync(`${shards}/${last}`);
    const checkpoints = `${copy("damaged")}/checkpoints`;
    const newest = readdirSync(checkpoints).sort().at(-1)!;
    writeFileSync(`${checkpoints}/${newest}/state.safetensors`, "junk");

    const resume = (name: string) => paddock(["train", "--resume", name, "--json"], folder);
    const [copied, altered, other, removed, missing, damaged] = await Promise.all([
      resume("copied"),
      resume("altered"),
      paddock(["evaluate", "other"], folder),
      resume("removed"),
      resume("shards"),
      paddock("evaluate damaged --episodes 2".split(" "), folder),
    ]);
    assert.equal(JSON.parse(copied.out.trimEnd().split("\n").at(-1)!).run, "copied", copied.err);
    assert.match(
      altered.err,
      /config\.json was altered since .*\n {2}settings\.hidden is \[16\], and was \[8\]/,
    );
    assert.doesNotMatch(altered.err, /To go on/);
    assert.match(other.err, /scenario is "mpe\/simple_v3", and was "mpe\/simple_spread_v3"/);
    assert.match(removed.err, /checkpoints is empty after 10 updates .* remove .*metrics\.jsonl/);
    assert.match(
      missing.err,
      /shards\/replay lacks the file .* go on from step 320: remove the newer folders/,
    );
    assert.match(damaged.err, new RegExp(`skipped a checkpoint: .*${newest} is damaged`));
    assert.match(damaged.out, /newest policy, of step 320/);

    rmSync(`${folder}/runs/removed/metrics.jsonl`);
    rmSync(`${folder}/runs/shards/checkpoints/${newest}`, { recursive: true });
    const cured = await Promise.all([resume("removed"), resume("shards")]);
    const hashOf = ({ out }: { out: string }) => JSON.parse(out.trimEnd().split("\n").at(-1)!).hash;
    assert.deepEqual(cured.map(hashOf), [hashOf(copied), hashOf(copied)]);
  }));

Deno.test("a training that diverges before its first checkpoint claims none, and is not to be resumed blindly", () =>
  inFolder(async (folder) => {
    const diverging =
      "train --scenario mpe/simple_v3 --algorithm ippo --envs 4 --steps 2000 --name lost --set horizon=5 " +
      "hidden=[8] actorRate=1e30 maxNorm=1e30";
    const trained = await paddock(diverging.split(" "), folder);
    assert.equal(trained.code, 1);
    assert.match(
      trained.err,
      /Train anew with a smaller step size \(--set actorRate or criticRate\) or .* \(--set maxNorm\)/,
    );
    assert.doesNotMatch(trained.err, /last checkpoint/);
    const judged = await paddock(["evaluate", "lost"], folder);
    assert.match(
      judged.err,
      /no checkpoint: its training failed .* train a new run with a smaller step size.* --resume runs\/lost$/m,
    );
  }));
