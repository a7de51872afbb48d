import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { UserError } from "../../core/mod.ts";
import * as protocol from "../../islands/protocol.ts";
import { type NewRun, openStore, type Store } from "../../server/store.ts";
import { explain } from "../../server/store/errors.ts";
import { SCHEMA_VERSION } from "../../server/store/schema.ts";

const RUN: NewRun = {
  name: "crossing-mappo-lagrangian-1",
  scenario: "safe/crossing",
  algorithm: "mappo",
  constraint: "lagrangian",
  seed: 1,
  steps: 1000,
  limits: [{ channel: "contact", scope: "pair", kind: "episode", limit: 2 }],
  config: { algorithm: "mappo", settings: { gamma: 0.99 } },
};

function inFolder(work: (folder: string) => void | Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "paddock-store-"));
    try {
      await work(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

function withStore(work: (store: Store, path: string) => void): () => Promise<void> {
  return inFolder((folder) => {
    const path = join(folder, "runs", "paddock.db");
    const store = openStore(path);
    try {
      work(store, path);
    } finally {
      store.close();
    }
  });
}

const userError = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, pattern);
  return true;
};

Deno.test(
  "a run comes back as the protocol says it, with its newest headline metrics",
  withStore((store, path) => {
    store.createRun(RUN);
    store.appendMetrics(RUN.name, 100, { "episode/return": 1, "cost/contact": 4, "loss/policy": 0.1 });
    store.appendMetrics(RUN.name, 200, {
      "episode/return": 2.5,
      "loss/policy": 0.2,
      "violations/contact": 0.25,
      "time/steps_per_second": 900,
    });
    const run = protocol.runSummary.parse(store.run(RUN.name));
    assert.deepEqual(run.latest, {
      "cost/contact": 4,
      "episode/return": 2.5,
      "time/steps_per_second": 900,
      "violations/contact": 0.25,
    });
    assert.deepEqual([run.status, run.step, run.steps, run.exported], ["running", 200, 1000, false]);
    assert.deepEqual(run.limits, RUN.limits);
    assert.deepEqual(store.config(RUN.name), RUN.config);
    assert.deepEqual(store.runs(), [run]);
    assert.equal(store.run("other"), undefined);
    Deno.mkdirSync(join(path, "..", RUN.name));
    writeFileSync(join(path, "..", RUN.name, "policy.wolf.onnx"), "");
    assert.equal(store.run(RUN.name)?.exported, true);
  }),
);

Deno.test(
  "runs are listed newest first and keep their metrics apart",
  withStore((store) => {
    for (const name of ["a", "b", "c"]) store.createRun({ ...RUN, name });
    store.appendMetrics("a", 5, { "cost/contact": 1 });
    assert.deepEqual(store.runs().map((run) => run.name), ["c", "b", "a"]);
    assert.deepEqual(store.run("b")?.latest, {});
    assert.deepEqual(store.series("b"), []);
    assert.deepEqual(store.since("b", 0), []);
  }),
);

Deno.test(
  "evaluations and replays come back as they were given, a replay of the same file replaced",
  withStore((store) => {
    store.createRun(RUN);
    const report: protocol.EvaluationReport = {
      scenario: RUN.scenario,
      algorithm: "mappo",
      episodes: 10,
      seed: 7,
      stochastic: true,
      return: { mean: 1, ci: [0, 2] },
      groups: {},
      costs: {},
    };
    store.addEvaluation(RUN.name, report);
    store.addEvaluation(RUN.name, { ...report, seed: 8 });
    assert.deepEqual(store.evaluations(RUN.name).map((r) => protocol.evaluationReport.parse(r).seed), [7, 8]);
    const replay = {
      run: RUN.name,
      file: "0001.replay",
      scenario: RUN.scenario,
      policy: "mappo",
      episodes: 1,
    };
    store.addReplay({ ...replay, steps: 10, bytes: 100 });
    store.addReplay({ ...replay, steps: 20, bytes: 200 });
    assert.deepEqual(store.replays(RUN.name).map((r) => protocol.replayInfo.parse(r)), [
      { ...replay, steps: 20, bytes: 200 },
    ]);
    assert.equal(store.run(RUN.name)?.replays, 1);
  }),
);

Deno.test(
  "a name that is not there is a UserError with the nearest one, for every method",
  withStore((store) => {
    store.createRun(RUN);
    const calls: (() => unknown)[] = [
      () => store.appendMetrics("crossing-mapo-lagrangian-1", 1, {}),
      () => store.setStatus("crossing-mapo-lagrangian-1", "done", 1),
      () => store.truncateMetrics("crossing-mapo-lagrangian-1", 1),
      () => store.series("crossing-mapo-lagrangian-1"),
      () => store.since("crossing-mapo-lagrangian-1", 0),
      () => store.evaluations("crossing-mapo-lagrangian-1"),
      () => store.replays("crossing-mapo-lagrangian-1"),
    ];
    for (const call of calls) assert.throws(call, userError(/Did you mean "crossing-mappo-lagrangian-1"\?/));
    assert.throws(() => store.createRun(RUN), userError(/already a run/));
    store.appendMetrics(RUN.name, 1, { "episode/return": 1 });
    assert.equal(store.lastId(RUN.name), 1, "a failed call leaves no transaction behind");
  }),
);

Deno.test(
  "updates are numbered for resume, statuses travel as updates, numbers never return after a truncation",
  withStore((store) => {
    store.createRun(RUN);
    for (const step of [10, 20, 30]) store.appendMetrics(RUN.name, step, { "episode/return": step });
    const all = store.since(RUN.name, 0).map((update) => protocol.liveUpdate.parse(update));
    assert.deepEqual(all.map((update) => [update.id, update.step]), [[1, 10], [2, 20], [3, 30]]);
    assert.deepEqual(store.since(RUN.name, 2).map((update) => update.metrics), [{ "episode/return": 30 }]);
    store.truncateMetrics(RUN.name, 20);
    assert.equal(store.run(RUN.name)?.step, 20);
    assert.deepEqual(store.series(RUN.name, ["episode/return"])[0]?.step, [10, 20]);
    store.appendMetrics(RUN.name, 30, { "episode/return": 31 });
    store.setStatus(RUN.name, "done", 30);
    const tail = store.since(RUN.name, 3);
    assert.deepEqual(tail.map(({ id, status, metrics }) => [id, status, metrics]), [
      [4, "running", { "episode/return": 31 }],
      [5, "done", {}],
    ]);
    assert.equal(store.lastId(RUN.name), 5);
    store.truncateMetrics(RUN.name, 30);
    store.setStatus(RUN.name, "running", 30);
    const resumed = store.since(RUN.name, 3);
    assert.deepEqual(resumed.map(({ id, status }) => [id, status]), [[4, "running"], [6, "running"]]);
  }),
);

Deno.test(
  "values that are not finite leave a gap, and one step written twice holds its last value",
  withStore((store) => {
    store.createRun(RUN);
    store.appendMetrics(RUN.name, 1, { a: NaN, b: 1 });
    store.appendMetrics(RUN.name, 2, { a: 2, b: -Infinity });
    store.appendMetrics(RUN.name, 2, { a: 3 });
    assert.deepEqual(store.series(RUN.name, ["b", "a", "none"]), [
      { tag: "b", step: [1], value: [1] },
      { tag: "a", step: [2], value: [3] },
      { tag: "none", step: [], value: [] },
    ]);
    assert.deepEqual(store.series(RUN.name).map((series) => series.tag), ["a", "b"]);
    for (const points of [3, 4.5, NaN]) {
      assert.throws(() => store.series(RUN.name, [], points), userError(/points: expected a whole number/));
    }
  }),
);

Deno.test(
  "a thinned curve keeps its first, last, least and greatest points, in order and within the cap",
  withStore((store) => {
    let n = 0;
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.record({ step: fc.nat(1e9), value: fc.double({ noNaN: true, min: -1e6, max: 1e6 }) }),
          {
            selector: (point) => point.step,
            minLength: 1,
            maxLength: 60,
          },
        ),
        fc.integer({ min: 4, max: 40 }),
        (points, cap) => {
          const run = `run-${n++}`;
          store.createRun({ ...RUN, name: run });
          for (const { step, value } of points) store.appendMetrics(run, step, { v: value });
          const [series] = store.series(run, ["v"], cap);
          const sorted = points.toSorted((p, q) => p.step - q.step);
          const given = new Map(sorted.map((point) => [point.step, point.value]));
          assert.ok(series!.step.length <= cap);
          assert.ok(series!.step.every((step, i) => i === 0 || step > series!.step[i - 1]!));
          assert.ok(series!.step.every((step, i) => given.get(step)! === series!.value[i]));
          assert.equal(series!.step[0], sorted[0]!.step);
          assert.equal(series!.step.at(-1), sorted.at(-1)!.step);
          assert.equal(Math.max(...series!.value), Math.max(...given.values()));
          assert.equal(Math.min(...series!.value), Math.min(...given.values()));
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  }),
);

Deno.test(
  "a second connection sees what the first wrote, and both may write",
  withStore((store, path) => {
    const other = openStore(path);
    store.createRun(RUN);
    other.appendMetrics(RUN.name, 1, { "episode/return": 1 });
    store.appendMetrics(RUN.name, 2, { "episode/return": 2 });
    assert.equal(other.since(RUN.name, 0).length, 2);
    other.close();
  }),
);

Deno.test(
  "a database of another program, a newer schema and a file that is no database are told apart",
  inFolder((folder) => {
    const foreign = join(folder, "foreign.db");
    new DatabaseSync(foreign).exec("CREATE TABLE notes (text TEXT)");
    assert.throws(() => openStore(foreign), userError(/foreign\.db is a database of another program/));

    const newer = join(folder, "newer.db");
    openStore(newer).close();
    const db = new DatabaseSync(newer);
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    db.close();
    assert.throws(() => openStore(newer), userError(/newer Paddock .*Update Paddock/));

    const garbage = join(folder, "garbage.db");
    writeFileSync(garbage, "no database, just words. ".repeat(100));
    assert.throws(() => openStore(garbage), userError(/garbage\.db is not a database\. Move it away/));

    assert.throws(() => openStore(folder), userError(/cannot write .*Choose|cannot write .*choose/));
    assert.throws(
      () => openStore(join(garbage, "runs", "paddock.db")),
      userError(/cannot make .*garbage\.db/),
    );
    assert.throws(() => openStore("/proc/paddock/paddock.db"), userError(/cannot make \/proc\/paddock/));
  }),
);

Deno.test(
  "a full disk and a lock that stays are explained",
  inFolder((folder) => {
    const path = join(folder, "full.db");
    const db = new DatabaseSync(path, { timeout: 50 });
    db.exec("CREATE TABLE t (x); PRAGMA max_page_count = 3");
    const fill = () => {
      for (let i = 0; i < 100; i++) db.exec(`INSERT INTO t VALUES ('${"x".repeat(1000)}')`);
    };
    assert.throws(() => raise(fill, path), userError(/the disk that holds .*full\.db is full/));
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    assert.throws(() => raise(() => db.exec("INSERT INTO t VALUES (1)"), path), userError(/stayed locked/));
    other.close();
    db.close();
  }),
);

function raise(work: () => void, path: string): void {
  try {
    work();
  } catch (error) {
    throw explain(error, path);
  }
}

Deno.test(
  "a writer killed at any moment leaves a readable database with whole updates only",
  inFolder(async (folder) => {
    const path = join(folder, "paddock.db");
    const script = `
      import { openStore } from ${JSON.stringify(new URL("../../server/store.ts", import.meta.url).href)};
      const store = openStore(${JSON.stringify(path)});
      store.createRun(${JSON.stringify(RUN)});
      for (let step = 1; ; step++) {
        const metrics = {};
        for (let i = 0; i < 30; i++) metrics["m/" + i] = step;
        store.appendMetrics(${JSON.stringify(RUN.name)}, step, metrics);
      }`;
    const writer = new Deno.Command(Deno.execPath(), {
      args: ["eval", script],
      stdout: "null",
      stderr: "inherit",
    })
      .spawn();
    const reader = await readerOf(path);
    while (reader.lastId(RUN.name) < 200) await new Promise((wake) => setTimeout(wake, 5));
    writer.kill("SIGKILL");
    await writer.status;
    reader.close();
    const store = openStore(path);
    const last = store.lastId(RUN.name);
    const updates = store.since(RUN.name, last - 100);
    assert.equal(updates.length, 100);
    for (const update of updates) {
      assert.equal(Object.keys(update.metrics).length, 30);
      assert.ok(Object.values(update.metrics).every((value) => value === update.step));
    }
    assert.equal(store.run(RUN.name)?.step, last);
    store.appendMetrics(RUN.name, last + 1, { "m/0": 1 });
    store.close();
    const db = new DatabaseSync(path);
    assert.equal(db.prepare("PRAGMA integrity_check").get()?.integrity_check, "ok");
    db.close();
  }),
);

/** The store once another process has made it and its run. */
async function readerOf(path: string): Promise<Store> {
  for (let tries = 0; tries < 2000; tries++) {
    if (existsSync(path)) {
      const store = openStore(path);
      if (store.run(RUN.name)) return store;
      store.close();
    }
    await new Promise((wake) => setTimeout(wake, 10));
  }
  throw new Error("the writer did not start");
}

Deno.test(
  "processes that open the store at the same moment make it once",
  inFolder(async (folder) => {
    const path = join(folder, "paddock.db");
    const script = `
      import { openStore } from ${JSON.stringify(new URL("../../server/store.ts", import.meta.url).href)};
      while (Date.now() < Number(Deno.args[0]));
      for (let i = 0; i < 20; i++) openStore(${JSON.stringify(path)}).close();`;
    const at = String(Date.now() + 1500);
    const codes = await Promise.all([1, 2, 3].map(async () => {
      const command = new Deno.Command(Deno.execPath(), { args: ["eval", script, at], stderr: "inherit" });
      return (await command.output()).code;
    }));
    assert.deepEqual(codes, [0, 0, 0]);
  }),
);
