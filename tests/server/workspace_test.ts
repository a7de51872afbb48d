import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { UsageError, UserError } from "../../core/mod.ts";
import { isName } from "../../server/workspace/files.ts";
import {
  findRun,
  type NewFolder,
  openWorkspace,
  type RunConfig,
  type Workspace,
  writeWhole,
} from "../../server/workspace.ts";

function withWorkspace(work: (workspace: Workspace) => void | Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "paddock-workspace-"));
    try {
      await work(openWorkspace(join(folder, "runs")));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

const CROSSING: NewFolder = { scenario: "safe/crossing", algorithm: "mappo", constraint: "lagrangian" };

const config = (name: string): RunConfig => ({
  format: 1,
  name,
  scenario: "safe/crossing",
  params: { N: 4 },
  algorithm: "mappo",
  settings: { gamma: 0.99 },
  constraint: "lagrangian",
  constraintSettings: {},
  limits: [{ channel: "contact", scope: "pair", kind: "episode", limit: 2 }],
  seed: 1,
  steps: 1000,
  envs: 16,
  actions: "continuous",
  backend: "js",
  codeHash: "0123456789abcdef",
  versions: { paddock: "0.1.0" },
  createdAt: "2026-01-01T00:00:00.000Z",
  extra: "kept",
});

const says = (kind: typeof UserError, pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof kind, String(error));
  assert.match(error.message, pattern);
  return true;
};

Deno.test(
  "new runs get readable names that never return while a later one is there",
  withWorkspace((workspace) => {
    const name = (of: Partial<NewFolder>) => workspace.create({ ...CROSSING, ...of }).name;
    assert.equal(name({}), "crossing-mappo-lagrangian-1");
    assert.equal(name({}), "crossing-mappo-lagrangian-2");
    rmSync(join(workspace.root, "crossing-mappo-lagrangian-1"), { recursive: true });
    assert.equal(name({}), "crossing-mappo-lagrangian-3");
    assert.equal(name({ constraint: null }), "crossing-mappo-1");
    assert.equal(name({ scenario: "mpe/simple_spread_v3" }), "simple_spread_v3-mappo-lagrangian-1");
    assert.equal(name({ scenario: "./a b/../My Scenario!.ts" }), "My-Scenario-mappo-lagrangian-1");
    assert.equal(name({ scenario: "../.." }), "run-mappo-lagrangian-1");
    const taken = (run: string) => run === "crossing-ippo-1";
    assert.equal(
      workspace.create({ ...CROSSING, algorithm: "ippo", constraint: null, taken }).name,
      "crossing-ippo-2",
    );
    assert.equal(workspace.create({ ...CROSSING, name: "mine" }).name, "mine");
    assert.throws(() => workspace.create({ ...CROSSING, name: "mine" }), says(UserError, /already a run/));
  }),
);

Deno.test("any scenario id makes a name that stays inside the workspace", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (scenario, algorithm) => {
      const folder = mkdtempSync(join(tmpdir(), "paddock-names-"));
      try {
        const run = openWorkspace(folder).create({ scenario, algorithm, constraint: null });
        assert.ok(isName(run.name), run.name);
        assert.deepEqual(readdirSync(folder), [run.name]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    }),
    { seed: 3, numRuns: 100 },
  );
});

Deno.test(
  "names that would leave the folder are refused",
  withWorkspace((workspace) => {
    const run = workspace.create(CROSSING);
    writeFileSync(join(workspace.root, "..", "secret.replay"), "secret");
    for (
      const name of ["", ".", "..", "../x", "a/b", "a\\b", "/etc", "a\0", ".hidden", "a..b", "x".repeat(129)]
    ) {
      assert.equal(isName(name), false, name);
      if (name) assert.throws(() => workspace.create({ ...CROSSING, name }), says(UserError, /run name/));
      assert.throws(() => workspace.open(name), UsageError);
      assert.equal(run.readReplay(name), undefined);
      assert.throws(() => run.writeReplay(new Uint8Array(), name), says(UserError, /replay name/));
    }
    assert.equal(run.readReplay("../../../secret.replay"), undefined);
    run.writeReplay(new Uint8Array([1]));
    symlinkSync("../../../secret.replay", join(run.path, "replays", "link.replay"));
    assert.equal(run.readReplay("link.replay"), undefined, "a link is no replay");
    assert.deepEqual(run.replays(), ["0001.replay"]);
  }),
);

Deno.test(
  "a run is opened by name or path, and a near miss is named",
  withWorkspace((workspace) => {
    assert.throws(() => workspace.open("any"), says(UsageError, /no runs yet/));
    const run = workspace.create(CROSSING);
    assert.deepEqual(workspace.list(), [], "a folder without config.json is no run yet");
    run.writeConfig(config(run.name));
    assert.deepEqual(workspace.list(), [run.name]);
    for (const argument of [run.path, `${run.path}/`, run.name]) {
      assert.equal(findRun(argument, workspace.root).run.path, run.path);
    }
    assert.throws(
      () => workspace.open("crossing-mapo-lagrangian-1"),
      says(UsageError, /Did you mean "crossing-mappo/),
    );
    assert.throws(() => workspace.open("zzz"), says(UsageError, /There are: crossing-mappo-lagrangian-1$/));
    for (let i = 0; i < 10; i++) {
      const other = workspace.create(CROSSING);
      other.writeConfig(config(other.name));
    }
    assert.throws(
      () => workspace.open("zzz"),
      says(UsageError, /There are: (crossing-\S+, ){9}crossing-\S+ and 1 more$/),
    );
  }),
);

Deno.test(
  "config.json comes back as it was, and a bad one names file, field and expectation",
  withWorkspace((workspace) => {
    const run = workspace.create(CROSSING);
    const file = join(run.path, "config.json");
    assert.throws(() => run.readConfig(), says(UserError, /config\.json is missing/));
    run.writeConfig(config(run.name));
    assert.deepEqual(run.readConfig(), config(run.name));
    writeFileSync(file, JSON.stringify({ ...config(run.name), seed: "one" }));
    assert.throws(() => run.readConfig(), says(UserError, /config\.json\.seed: expected .*found "one"/));
    writeFileSync(file, JSON.stringify({ ...config(run.name), steps: undefined }));
    assert.throws(() => run.readConfig(), says(UserError, /config\.json\.steps is missing/));
    writeFileSync(file, "{");
    assert.throws(() => run.readConfig(), says(UserError, /config\.json is not JSON/));
    assert.throws(() => run.writeConfig({ ...config(run.name), envs: 0 }), says(UserError, /envs/));
  }),
);

Deno.test(
  "complete checkpoints are listed; a truncated or half-written one is passed over, a damaged one named",
  withWorkspace((workspace) => {
    const run = workspace.create(CROSSING);
    const steps = () => run.checkpoints().map((checkpoint) => checkpoint.step);
    assert.deepEqual(steps(), []);
    for (const step of [100, 20, 3000]) {
      run.writeCheckpoint(step, {
        "state.safetensors": new Uint8Array(64).fill(step),
        "state.json": `{"step":${step}}`,
      });
    }
    assert.deepEqual(steps(), [20, 100, 3000]);
    const newest = run.checkpoints().at(-1)!;
    assert.deepEqual(newest.files, ["state.json", "state.safetensors"]);
    assert.equal(new TextDecoder().decode(run.readCheckpoint(newest, "state.json")), '{"step":3000}');
    assert.throws(() => run.readCheckpoint(newest, "x"), says(UserError, /has no x\. It has: state\.json/));

    writeFileSync(join(newest.path, "state.safetensors"), new Uint8Array(64));
    assert.throws(() => run.readCheckpoint(newest, "state.safetensors"), says(UserError, /is damaged/));
    writeFileSync(join(newest.path, "state.safetensors"), new Uint8Array(10));
    assert.deepEqual(steps(), [20, 100]);
    mkdirSync(join(run.path, "checkpoints", ".000000009999.abc.tmp"));
    mkdirSync(join(run.path, "checkpoints", "000000009999"));
    assert.deepEqual(steps(), [20, 100]);

    run.writeCheckpoint(100, { "state.json": "{}" });
    assert.deepEqual(run.checkpoints().at(-1)?.files, ["state.json"]);
    run.pruneCheckpoints(1);
    assert.deepEqual(steps(), [100]);
    assert.ok(readdirSync(join(run.path, "checkpoints")).every((name) => !name.startsWith(".")));
    assert.throws(() => run.writeCheckpoint(1, { "../x": "" }), says(UserError, /checkpoint file "\.\.\/x"/));
    assert.ok(readdirSync(join(run.path, "checkpoints")).every((name) => !name.startsWith(".")));
  }),
);

Deno.test(
  "replays and evaluations are numbered, and policies are listed by group",
  withWorkspace((workspace) => {
    const run = workspace.create(CROSSING);
    assert.deepEqual([run.replays(), run.policies()], [[], []]);
    assert.equal(run.writeReplay(new Uint8Array([1, 2])), "0001.replay");
    assert.equal(run.writeReplay(new Uint8Array([3])), "0002.replay");
    assert.deepEqual(run.readReplay("0001.replay"), new Uint8Array([1, 2]));
    const report = {
      scenario: "safe/crossing",
      algorithm: "mappo",
      episodes: 1,
      seed: 1,
      stochastic: false,
      return: { mean: 0, ci: [0, 0] as [number, number] },
      groups: {},
      costs: {},
    };
    assert.equal(run.writeEvaluation(report), "0001.json");
    assert.equal(run.writeEvaluation(report), "0002.json");
    assert.deepEqual(JSON.parse(readFileSync(join(run.path, "evaluations", "0001.json"), "utf8")), report);
    for (const group of [undefined, "wolf", "sheep"]) writeFileSync(run.policyPath(group), "");
    writeFileSync(join(run.path, "policy.txt"), "");
    assert.deepEqual(run.policies().map(({ group }) => group), [undefined, "sheep", "wolf"]);
    assert.throws(() => run.policyPath("../x"), says(UserError, /name of a group "\.\.\/x"/));
  }),
);

Deno.test(
  "a writer killed at any moment leaves the old file or the new one",
  withWorkspace(async (workspace) => {
    mkdirSync(workspace.root);
    const path = join(workspace.root, "file");
    const size = 200_000;
    writeWhole(path, "a".repeat(size));
    const script = `
      import { writeWhole } from ${
      JSON.stringify(new URL("../../server/workspace/files.ts", import.meta.url).href)
    };
      console.log("up");
      for (let i = 0; ; i++) writeWhole(${JSON.stringify(path)}, "ab"[i % 2].repeat(${size}));`;
    const writer = new Deno.Command(Deno.execPath(), {
      args: ["eval", script],
      stdout: "piped",
      stderr: "inherit",
    })
      .spawn();
    await writer.stdout.getReader().read();
    for (let i = 0; i < 50; i++) {
      const text = readFileSync(path, "utf8");
      assert.ok(text === "a".repeat(size) || text === "b".repeat(size));
    }
    writer.kill("SIGKILL");
    await writer.status;
    const text = readFileSync(path, "utf8");
    assert.ok(text === "a".repeat(size) || text === "b".repeat(size));
  }),
);

Deno.test("a workspace that cannot be made is a UserError", () => {
  const file = Deno.makeTempFileSync();
  assert.throws(() => openWorkspace(join(file, "runs")).create(CROSSING), says(UserError, /cannot make/));
  Deno.removeSync(file);
});
