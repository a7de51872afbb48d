/**
 * A store in a folder that goes when the test ends.
 *
 * @module
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../core/mod.ts";
import { type NewRun, openStore, type Store } from "../../server/store.ts";

export const RUN: NewRun = {
  name: "crossing-mappo-lagrangian-1",
  scenario: "safe/crossing",
  algorithm: "mappo",
  constraint: "lagrangian",
  seed: 1,
  steps: 1000,
  limits: [{ channel: "contact", scope: "pair", kind: "episode", limit: 2 }],
  config: { algorithm: "mappo", settings: { gamma: 0.99 } },
};

export function inFolder(work: (folder: string) => void | Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "paddock-store-"));
    try {
      await work(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

export function withStore(work: (store: Store, path: string) => void): () => Promise<void> {
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

export const userError = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, pattern);
  return true;
};
