/**
 * The store: what runs did, in one SQLite file beside their folders (`runs/paddock.db`).
 *
 * A training process writes while a dashboard in another process reads (write-ahead log; a writer waits for another
 * up to five seconds). Each call is one transaction: a kill at any moment loses at most the call in flight.
 *
 * @module
 */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { suggest, UserError } from "../core/mod.ts";
import type {
  EvaluationReport,
  LimitInfo,
  LiveUpdate,
  MetricSeries,
  ReplayInfo,
  RunStatus,
  RunSummary,
} from "../islands/protocol.ts";
import { explain, explained } from "./store/errors.ts";
import { metricsOf, type RunKey } from "./store/metrics.ts";
import { migrate } from "./store/schema.ts";
import { policiesIn } from "./workspace/policies.ts";

/** How long a writer waits for another, in ms. */
const BUSY_TIMEOUT = 5000;

/** What a run is when it starts. */
export interface NewRun {
  readonly name: string;
  readonly scenario: string;
  readonly algorithm: string;
  readonly constraint: string | null;
  readonly seed: number;
  /** Environment steps asked for. */
  readonly steps: number;
  readonly limits: readonly LimitInfo[];
  readonly config: Readonly<Record<string, unknown>>;
}

/** Every method that names a run throws a UserError, with the nearest name, when there is none. */
export interface Store {
  createRun(row: NewRun): void;
  /** The metrics of one update, all or none of them. A value that is not finite leaves a gap in its curve. */
  appendMetrics(run: string, step: number, metrics: Readonly<Record<string, number>>): void;
  /** Also tells live readers, so that a stream can end. */
  setStatus(run: string, status: RunStatus, step: number): void;
  /** Forgets what came after `afterStep`, before a resume from there; update numbers are never used again. */
  truncateMetrics(run: string, afterStep: number): void;
  run(name: string): RunSummary | undefined;
  /** Newest first. */
  runs(): RunSummary[];
  /** `config` as it was at `createRun`. */
  config(run: string): Record<string, unknown>;
  /**
   * Curves of at most `points` (4 or more) points, whose first, last, least and greatest values are kept.
   * Without `tags`: all of the run's, by name. A tag without values gives an empty curve.
   */
  series(run: string, tags?: readonly string[], points?: number): MetricSeries[];
  /** At most 500 updates with a number above `id`, oldest first. */
  since(run: string, id: number): LiveUpdate[];
  /** Number of the newest update, 0 where there is none. */
  lastId(run: string): number;
  addEvaluation(run: string, report: EvaluationReport): void;
  /** Oldest first. */
  evaluations(run: string): EvaluationReport[];
  /** Replaces an entry of the same file. */
  addReplay(info: ReplayInfo): void;
  replays(run: string): ReplayInfo[];
  close(): void;
}

const SUMMARY = `
  SELECT id, name, scenario, algorithm, constraint_name, status, seed, step, steps, limits, started_at, updated_at,
    (SELECT count(*) FROM replays WHERE replays.run = runs.id) AS replays
  FROM runs`;

/**
 * Opens the store at `path`, creating folder and file where missing and migrating an older one. Throws a UserError
 * on a file that is no database of ours, a newer schema, an unwritable folder.
 */
export function openStore(path: string): Store {
  const db = connect(path);
  const metrics = metricsOf(db);
  const insertRun = db.prepare(
    `INSERT INTO runs (name, scenario, algorithm, constraint_name, status, seed, step, steps, limits, config,
       started_at, updated_at)
     VALUES (?, ?, ?, ?, 'running', ?, 0, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const key = db.prepare("SELECT id, name, status, steps FROM runs WHERE name = ?");
  const names = db.prepare("SELECT name FROM runs");
  const advance = db.prepare("UPDATE runs SET step = ?, updated_at = ? WHERE id = ?");
  const changeStatus = db.prepare("UPDATE runs SET status = ? WHERE id = ?");
  const summaryOf = db.prepare(`${SUMMARY} WHERE name = ?`);
  const summaries = db.prepare(`${SUMMARY} ORDER BY started_at DESC, id DESC`);
  const configOf = db.prepare("SELECT config FROM runs WHERE id = ?");
  const insertEvaluation = db.prepare("INSERT INTO evaluations (run, report) VALUES (?, ?)");
  const evaluationsOf = db.prepare("SELECT report FROM evaluations WHERE run = ? ORDER BY id");
  const insertReplay = db.prepare("INSERT OR REPLACE INTO replays VALUES (?, ?, ?, ?, ?, ?, ?)");
  const replaysOf = db.prepare(
    "SELECT file, scenario, policy, episodes, steps, bytes FROM replays WHERE run = ? ORDER BY file",
  );

  const find = (name: string): RunKey => {
    const row = key.get(name);
    if (row) return row as unknown as RunKey;
    const near = suggest(name, names.all().map((other) => other.name as string));
    throw new UserError(`there is no run "${name}"${near === undefined ? "" : `. Did you mean "${near}"?`}`);
  };
  const summary = (row: Record<string, unknown>): RunSummary => ({
    name: row.name as string,
    scenario: row.scenario as string,
    algorithm: row.algorithm as string,
    constraint: row.constraint_name as string | null,
    status: row.status as RunStatus,
    seed: row.seed as number,
    step: row.step as number,
    steps: row.steps as number,
    startedAt: row.started_at as string,
    updatedAt: row.updated_at as string,
    limits: JSON.parse(row.limits as string),
    latest: metrics.latest(row.id as number),
    replays: row.replays as number,
    exported: policiesIn(join(dirname(path), row.name as string)).length > 0,
  });
  const read = <T>(work: () => T): T => explained(path, work);
  const write = (work: () => void): void =>
    explained(path, () => {
      db.exec("BEGIN IMMEDIATE");
      try {
        work();
        db.exec("COMMIT");
      } catch (error) {
        if (db.isTransaction) db.exec("ROLLBACK");
        throw error;
      }
    });

  return {
    createRun: (row) =>
      write(() => {
        const limits = JSON.stringify(row.limits);
        const config = JSON.stringify(row.config);
        const { name, scenario, algorithm, constraint, seed, steps } = row;
        const at = now();
        const done = insertRun.run(
          name,
          scenario,
          algorithm,
          constraint,
          seed,
          steps,
          limits,
          config,
          at,
          at,
        );
        if (done.changes === 0) throw new UserError(`there is already a run "${name}". Choose another name`);
      }),

    appendMetrics: (run, step, values) =>
      write(() => {
        const found = find(run);
        metrics.append(found, step, found.status, values);
        advance.run(step, now(), found.id);
      }),

    setStatus: (run, status, step) =>
      write(() => {
        const found = find(run);
        metrics.append(found, step, status, {});
        changeStatus.run(status, found.id);
        advance.run(step, now(), found.id);
      }),

    truncateMetrics: (run, afterStep) =>
      write(() => {
        const found = find(run);
        metrics.truncate(found, afterStep);
        advance.run(afterStep, now(), found.id);
      }),

    run: (name) =>
      read(() => {
        const row = summaryOf.get(name);
        return row && summary(row);
      }),
    runs: () => read(() => summaries.all().map(summary)),
    config: (run) => read(() => JSON.parse(configOf.get(find(run).id)!.config as string)),
    series: (run, tags, points = 500) => read(() => metrics.series(find(run), tags, whole(points, 4))),
    since: (run, id) => read(() => metrics.since(find(run), id)),
    lastId: (run) => read(() => metrics.lastId(find(run))),

    addEvaluation: (run, report) =>
      write(() => void insertEvaluation.run(find(run).id, JSON.stringify(report))),
    evaluations: (run) =>
      read(() => evaluationsOf.all(find(run).id).map((row) => JSON.parse(row.report as string))),

    addReplay: ({ run, file, scenario, policy, episodes, steps, bytes }) =>
      write(() => void insertReplay.run(find(run).id, file, scenario, policy, episodes, steps, bytes)),
    replays: (run) =>
      read(() => replaysOf.all(find(run).id).map((row) => ({ run, ...row }) as unknown as ReplayInfo)),

    close: () => db.close(),
  };
}

/** A connection in WAL mode with our schema. NORMAL syncs at checkpoints: a power cut may lose the last commits, a kill none. */
function connect(path: string): DatabaseSync {
  const folder = dirname(path);
  let db: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT });
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
    migrate(db, path);
    return db;
  } catch (error) {
    db?.close();
    const known = explain(error, path);
    const { code } = error as { code?: string };
    const noFolder = code !== undefined &&
      ["EACCES", "EPERM", "ENOTDIR", "EEXIST", "EROFS", "ENOENT"].includes(code);
    if (noFolder) throw new UserError(`cannot make ${folder} (${code}). Choose another runs folder`);
    throw known;
  }
}

function whole(value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UserError(`points: expected a whole number of at least ${least}, found ${value}`);
}

function now(): string {
  return new Date().toISOString();
}
