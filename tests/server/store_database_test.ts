/** The file under a store: several connections and processes, files that are no store, full disks, crashes. */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openStore, type Store } from "../../server/store.ts";
import { explain } from "../../server/store/errors.ts";
import { SCHEMA_VERSION } from "../../server/store/schema.ts";
import { inFolder, RUN, userError, withStore } from "./store_made.ts";

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
