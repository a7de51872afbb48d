/**
 * The metrics of runs: written one update at a time, read as curves or as the updates since a number.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { LiveUpdate, MetricSeries, RunStatus } from "../../islands/protocol.ts";

/** Most updates that one `since` answers; a reader asks again with the last id. */
export const UPDATES_PER_READ = 500;

/** A run's row number and the fields that updates repeat. */
export interface RunKey {
  readonly id: number;
  readonly name: string;
  readonly status: RunStatus;
  readonly steps: number;
}

export interface Metrics {
  /** Call inside a transaction. Values that are not finite leave a gap in their curve. */
  append(run: RunKey, step: number, status: RunStatus, metrics: Readonly<Record<string, number>>): void;
  /** Call inside a transaction. Endings are forgotten too, so that a reader who resumes does not take one for the end. */
  truncate(run: RunKey, afterStep: number): void;
  series(run: RunKey, tags: readonly string[] | undefined, points: number): MetricSeries[];
  since(run: RunKey, id: number): LiveUpdate[];
  lastId(run: RunKey): number;
  /** Newest value of each headline metric that the run has: return, that of each group, speed, and for each channel cost and violations. */
  latest(run: number): Record<string, number>;
}

/**
 * A curve as its first and last point and, for each of `buckets` equal spans of steps, the points of least and
 * greatest value: a peak of violations survives however far the curve is thinned. (SQLite takes `step` from the row
 * that holds the min or max.)
 */
const THINNED = `
  WITH curve AS (
    SELECT step, value, CAST((step - :first) * :buckets / (:last - :first + 1) AS INTEGER) AS bucket
    FROM metrics WHERE run = :run AND tag = :tag
  )
  SELECT step, min(value) AS value FROM curve GROUP BY bucket
  UNION SELECT step, max(value) FROM curve GROUP BY bucket
  UNION SELECT step, value FROM curve WHERE step IN (:first, :last)
  ORDER BY step`;

export function metricsOf(db: DatabaseSync): Metrics {
  const addUpdate = db.prepare("INSERT INTO updates (run, step, status) VALUES (?, ?, ?)");
  const addTag = db.prepare("INSERT INTO tags (name) VALUES (?) ON CONFLICT DO NOTHING");
  const tagId = db.prepare("SELECT id FROM tags WHERE name = ?");
  const addMetric = db.prepare(
    `INSERT INTO metrics (run, tag, step, value, update_id) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value, update_id = excluded.update_id`,
  );
  const dropMetrics = db.prepare("DELETE FROM metrics WHERE run = ? AND step > ?");
  const dropUpdates = db.prepare("DELETE FROM updates WHERE run = ? AND (step > ? OR status <> 'running')");
  const tagsOf = db.prepare(
    "SELECT name FROM tags WHERE EXISTS (SELECT 1 FROM metrics WHERE run = ? AND tag = tags.id) ORDER BY name",
  );
  const extent = db.prepare(
    "SELECT count(*) AS n, min(step) AS first, max(step) AS last FROM metrics WHERE run = ? AND tag = ?",
  );
  const whole = db.prepare("SELECT step, value FROM metrics WHERE run = ? AND tag = ? ORDER BY step");
  const thinned = db.prepare(THINNED);
  const updates = db.prepare(
    `SELECT id, step, status FROM updates WHERE run = ? AND id > ? ORDER BY id LIMIT ${UPDATES_PER_READ}`,
  );
  const valuesOf = db.prepare(
    `SELECT update_id AS id, name, value FROM metrics JOIN tags ON tags.id = tag
     WHERE update_id BETWEEN ? AND ? AND run = ? ORDER BY update_id, name`,
  );
  const newestId = db.prepare("SELECT coalesce(max(id), 0) AS id FROM updates WHERE run = ?");
  const newest = db.prepare(
    `SELECT name, (SELECT value FROM metrics WHERE run = ? AND tag = tags.id ORDER BY step DESC LIMIT 1) AS value
     FROM tags WHERE name IN ('episode/return', 'time/steps_per_second') OR name GLOB '*/episode/return'
       OR name GLOB 'cost/*' OR name GLOB 'violations/*'
     ORDER BY name`,
  );

  const tagNumber = (name: string) => tagId.get(name)?.id as number | undefined;

  const curve = (run: number, name: string, points: number): MetricSeries => {
    const tag = tagNumber(name);
    if (tag === undefined) return { tag: name, step: [], value: [] };
    const { n, first, last } = extent.get(run, tag) as { n: number; first: number; last: number };
    const buckets = Math.floor((points - 2) / 2);
    const rows = (n <= points ? whole.all(run, tag) : thinned.all({ run, tag, first, last, buckets })) as {
      step: number;
      value: number;
    }[];
    return { tag: name, step: rows.map((row) => row.step), value: rows.map((row) => row.value) };
  };

  return {
    append(run, step, status, metrics) {
      const update = addUpdate.run(run.id, step, status).lastInsertRowid;
      for (const [name, value] of Object.entries(metrics)) {
        if (!Number.isFinite(value)) continue;
        let tag = tagNumber(name);
        if (tag === undefined) {
          addTag.run(name);
          tag = tagNumber(name)!;
        }
        addMetric.run(run.id, tag, step, value, update);
      }
    },

    truncate(run, afterStep) {
      dropMetrics.run(run.id, afterStep);
      dropUpdates.run(run.id, afterStep);
    },

    series(run, tags, points) {
      const names = tags ?? tagsOf.all(run.id).map((row) => row.name as string);
      return names.map((name) => curve(run.id, name, points));
    },

    since(run, id) {
      const rows = updates.all(run.id, id) as { id: number; step: number; status: RunStatus }[];
      const events = new Map(
        rows.map((row) => [row.id, { ...row, run: run.name, steps: run.steps, metrics: {} } as LiveUpdate]),
      );
      if (rows.length === 0) return [];
      for (const row of valuesOf.all(rows[0]!.id, rows.at(-1)!.id, run.id)) {
        const event = events.get(row.id as number);
        if (event) event.metrics[row.name as string] = row.value as number;
      }
      return [...events.values()];
    },

    lastId: (run) => newestId.get(run.id)?.id as number,

    latest(run) {
      const rows = newest.all(run).filter((row) => row.value !== null);
      return Object.fromEntries(rows.map((row) => [row.name as string, row.value as number]));
    },
  };
}
