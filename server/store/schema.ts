/**
 * The tables of `runs/paddock.db` and how an older file becomes a newer one.
 *
 * A run owns updates (one per `appendMetrics` or status change: what a live reader gets as one event, with a
 * number that never returns) and metrics (one value per tag and step, pointing at the update that brought it).
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { UserError } from "../../core/mod.ts";

/** "PDCK": SQLite's `application_id`, which tells our file from anyone else's database. */
const APPLICATION_ID = 0x5044434b;

/** Step `i` brings a file of version `i` to version `i + 1`. Released steps never change; new ones are appended. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    scenario TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    constraint_name TEXT,
    status TEXT NOT NULL,
    seed INTEGER NOT NULL,
    step INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    limits TEXT NOT NULL,
    config TEXT NOT NULL,
    started_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE updates (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    step INTEGER NOT NULL,
    status TEXT NOT NULL
  ) STRICT;
  CREATE INDEX updates_of_run ON updates(run, id);
  CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE metrics (
    run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    tag INTEGER NOT NULL REFERENCES tags(id),
    step INTEGER NOT NULL,
    value REAL NOT NULL,
    update_id INTEGER NOT NULL,
    PRIMARY KEY (run, tag, step)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX metrics_of_update ON metrics(update_id);
  CREATE TABLE evaluations (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    report TEXT NOT NULL
  ) STRICT;
  CREATE INDEX evaluations_of_run ON evaluations(run);
  CREATE TABLE replays (
    run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    file TEXT NOT NULL,
    scenario TEXT NOT NULL,
    policy TEXT NOT NULL,
    episodes INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (run, file)
  ) STRICT, WITHOUT ROWID;
  `,
];

/** The schema this code writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Brings an open database to `SCHEMA_VERSION`, in one transaction, so that two processes that start together
 * migrate once. Throws a UserError on another program's database and on one written by a newer Paddock.
 */
export function migrate(db: DatabaseSync, path: string): void {
  if (read(db, "user_version") === SCHEMA_VERSION && read(db, "application_id") === APPLICATION_ID) return;
  db.exec("BEGIN IMMEDIATE");
  try {
    const version = read(db, "user_version");
    const tables = Number(db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.n);
    if (tables > 0 && read(db, "application_id") !== APPLICATION_ID) {
      throw new UserError(`${path} is a database of another program. Give Paddock a runs folder of its own`);
    }
    if (version > SCHEMA_VERSION) {
      throw new UserError(
        `${path} was written by a newer Paddock (schema ${version}, this one knows ${SCHEMA_VERSION}). ` +
          "Update Paddock, or use another runs folder",
      );
    }
    for (const step of MIGRATIONS.slice(version)) db.exec(step);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
    db.exec("COMMIT");
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}

function read(db: DatabaseSync, pragma: "user_version" | "application_id"): number {
  return Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}
