/** What `paddock train` refuses before step 0, and how large a training is. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { algorithms, wholeSteps } from "../../agents/mod.ts";
import { UsageError, UserError } from "../../core/mod.ts";
import { readFlags } from "../../server/cli/flags.ts";
import { type TrainFlags, trainFlags } from "../../server/commands/train.ts";
import { checkNames } from "../../server/commands/train_names.ts";
import { checkFlags, requestOf } from "../../server/commands/train_request.ts";
import { planRun } from "../../server/run/config.ts";
import { wantedRuntime } from "../../server/run/runtime.ts";
import { checkEnvs, checkWorkers, mostWorkers, roundedUp } from "../../server/run/size.ts";
import { openStore } from "../../server/store.ts";
import { inFolder } from "../commands/command.ts";

const flagsOf = (given: Record<string, unknown>): TrainFlags =>
  readFlags(trainFlags, { scenario: "mpe/simple_v3", algorithm: "ippo", ...given });

/** An error of the command line: exit code 2, and where to find help. */
const wrong = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UsageError);
  assert.match(error.message, message);
  return true;
};

const refused = (given: Record<string, unknown>, message: RegExp) =>
  assert.throws(() => {
    const flags = flagsOf(given);
    checkFlags(flags, new Set(Object.keys(given)));
    requestOf(flags);
  }, wrong(message));

Deno.test("train refuses flags that would be without effect, and names them", () => {
  refused({ patience: 1, evaluateEvery: 0 }, /--patience .*--evaluate-every 0/);
  refused({ stopAt: -30, evaluateEvery: 0 }, /--stop-at .*--evaluate-every 0/);
  refused({ jobs: 3 }, /--jobs .*--seeds/);
  refused({ jobs: 3, resume: "some-run" }, /leave out --jobs/);
  refused({ scenario: undefined }, /--scenario.*paddock list scenarios/);
  refused({ algorithm: undefined }, /--algorithm, such as ippo.*paddock list algorithms/);
  const fine = { jobs: 3, seeds: 2, patience: 1, stopAt: 3, workers: 2 };
  checkFlags(flagsOf(fine), new Set(Object.keys(fine)));
  assert.equal(requestOf(flagsOf(fine)).patience, 1);
});

Deno.test("train refuses a curriculum that is missing, no JSON, or that sets a param which was given", () =>
  inFolder(async (folder) => {
    const curriculum = join(folder, "stages.json");
    refused({ curriculum }, /--curriculum: there is no file .*stages\.json/);
    await Deno.writeTextFile(curriculum, '{"stages":');
    refused({ curriculum }, /--curriculum .*stages\.json: expected JSON/);
    await Deno.writeTextFile(curriculum, '{"stages":[{"gravity":2},{"gravity":10}]}');
    refused({ curriculum, param: ["mass=1", "gravity=5"] }, /--param gravity: the stages .* set gravity/);
    assert.deepEqual(requestOf(flagsOf({ curriculum, param: ["mass=1"] })).params, { mass: 1 });
  }));

Deno.test("train refuses more threads than machine or environments have use for", () => {
  assert.deepEqual([1, 2, 64].map(mostWorkers), [8, 8, 128]);
  refused({ workers: 1_000_000, envs: 2_000_000 }, /--workers 1,000,000: expected at most \d+ .* cores/);
  refused({ workers: 5, envs: 4 }, /--workers 5: expected at most 4/);
  checkWorkers(4, 4);
});

Deno.test("train refuses more environments than steps, and those that memory does not hold", async () => {
  const plan = (given: Record<string, unknown>) => planRun(requestOf(flagsOf(given)), {});
  const few = await plan({ envs: 101, steps: 100 });
  assert.throws(() => checkEnvs(few), wrong(/--envs 101: .*--steps 100/));
  // One agent sees 4 numbers of 4 bytes: 16 B x 10 environments x 50 steps = 8 kB, half of 16 kB.
  const ten = await plan({ envs: 10, steps: 1000, set: ["horizon=50"] });
  checkEnvs(ten, 16_000);
  assert.throws(() => checkEnvs(ten, 15_999), wrong(/--envs 10: the observations .*memory/));
});

Deno.test("steps are rounded up to whole updates, which every algorithm counts by its horizon", async () => {
  const plan = (given: Record<string, unknown>) => planRun(requestOf(flagsOf(given)), {});
  const part = await plan({ steps: 5000, envs: 64, set: ["horizon=50"] });
  assert.equal(wholeSteps(part.algorithm, part.config), 6400);
  assert.deepEqual(roundedUp(part), [
    "5,000 steps are rounded up to 6,400: whole updates of 3,200 (64 environments, 50 steps each)",
  ]);
  const whole = await plan({ steps: 6400, envs: 64, set: ["horizon=50"] });
  assert.deepEqual([wholeSteps(whole.algorithm, whole.config), roundedUp(whole)], [6400, []]);
  for (const { name, make } of algorithms) {
    // 2 environments of 3 steps: updates of 6, of which 7 steps take two.
    const config = { ...part.config, steps: 7, envs: 2 };
    assert.equal(wholeSteps(make({ horizon: 3 }), config), 12, name);
  }
});

Deno.test("train --name refuses what is no name, and names that are taken, before anything is written", () =>
  inFolder(async (runs) => {
    const refuses = (given: Record<string, unknown>, message: RegExp) =>
      assert.rejects(checkNames(flagsOf({ runs, ...given })), wrong(message));
    await refuses({ name: "../x" }, /--name "\.\.\/x": expected 1 to 128 letters/);
    await checkNames(flagsOf({ runs, name: "twos", seeds: 2 }));
    assert.deepEqual([...Deno.readDirSync(runs)], []);
    for (const name of ["twos-1", "twos-2"]) await Deno.mkdir(join(runs, name));
    await refuses(
      { name: "twos", seeds: 3 },
      /--name twos: there is already twos-1, twos-2 in .*another --name/,
    );
    await refuses({ name: "twos-1" }, /there is already twos-1 .*train --resume .*twos-1/);
    await Deno.writeTextFile(join(runs, "twos.seeds.json"), "{}");
    await refuses(
      { name: "twos", seeds: 2, seed: 7 },
      /already twos\.seeds\.json .*--resume .*twos\.seeds\.json/,
    );
    await checkNames(flagsOf({ runs, name: "twos" }));
    const { config } = await planRun(requestOf(flagsOf({})), {});
    const store = openStore(join(runs, "paddock.db"));
    store.createRun({ ...config, name: "gone", config });
    store.close();
    await refuses({ name: "gone" }, /there is already gone/);
  }));

Deno.test("PADDOCK_RUNTIME is native, web or nothing", () => {
  const before = Deno.env.get("PADDOCK_RUNTIME");
  try {
    for (const [value, found] of [["", undefined], ["web", "web"], ["native", "native"]] as const) {
      Deno.env.set("PADDOCK_RUNTIME", value);
      assert.equal(wantedRuntime(), found);
    }
    Deno.env.set("PADDOCK_RUNTIME", "foo");
    assert.throws(wantedRuntime, (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /PADDOCK_RUNTIME=foo: expected native or web/);
      return true;
    });
  } finally {
    if (before === undefined) Deno.env.delete("PADDOCK_RUNTIME");
    else Deno.env.set("PADDOCK_RUNTIME", before);
  }
});
