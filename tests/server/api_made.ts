/**
 * The API over a workspace with one run, without a socket.
 *
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LimitInfo } from "../../islands/protocol.ts";
import { apiHandler } from "../../server/api/app.ts";
import { openStore, type Store } from "../../server/store.ts";
import { openWorkspace, type RunFolder } from "../../server/workspace.ts";

export const NAME = "crossing-mappo-lagrangian-1";

/** What the run's folder says of it. */
export const config: Parameters<RunFolder["writeConfig"]>[0] = {
  format: 1,
  name: NAME,
  scenario: "safe/crossing",
  params: {},
  algorithm: "mappo",
  settings: {},
  constraint: null,
  constraintSettings: {},
  limits: [],
  seed: 1,
  steps: 1,
  envs: 1,
  actions: "discrete",
  backend: "js",
  codeHash: "",
  versions: {},
  createdAt: "",
};

interface Bench {
  store: Store;
  run: RunFolder;
  get(path: string, init?: RequestInit): Promise<Response>;
  failures: unknown[];
}

export function withApi(work: (bench: Bench) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "paddock-api-"));
    const workspace = openWorkspace(join(folder, "runs"));
    const failures: unknown[] = [];
    const store = openStore(workspace.database);
    try {
      const run = workspace.create({
        scenario: "safe/crossing",
        algorithm: "mappo",
        constraint: "lagrangian",
      });
      assert.equal(run.name, NAME);
      const note = "as at the start";
      const limits: LimitInfo[] = [{ channel: "contact", scope: "pair", kind: "episode", limit: 2 }];
      const row = {
        scenario: "safe/crossing",
        algorithm: "mappo",
        constraint: "lagrangian",
        seed: 1,
        steps: 100,
      };
      store.createRun({ name: NAME, ...row, limits, config: { note } });
      const handler = apiHandler({
        store,
        workspace,
        live: { poll: 10, heartbeat: 60 },
        onError: (error) => failures.push(error),
      });
      const get = async (path: string, init?: RequestInit) =>
        await handler(new Request(`http://127.0.0.1${path}`, init));
      await work({ store, run, get, failures });
      assert.deepEqual(failures, []);
    } finally {
      store.close();
      rmSync(folder, { recursive: true });
    }
  };
}
