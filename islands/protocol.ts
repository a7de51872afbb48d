/**
 * What the server sends to the islands, each message with its zod schema. The server validates what it sends
 * in tests, the islands parse what they get.
 *
 * @module
 */
import * as z from "zod";

export const runStatus = z.enum(["running", "stopped", "done", "failed"]);

/** A limit as a run states it. */
export const limitInfo = z.strictObject({
  /** Name of the cost channel. */
  channel: z.string(),
  scope: z.enum(["agent", "pair", "group", "team"]),
  kind: z.enum(["episode", "discounted", "rate", "step", "chance", "cvar"]),
  limit: z.number(),
  epsilon: z.number().optional(),
});

export const runSummary = z.strictObject({
  name: z.string(),
  scenario: z.string(),
  algorithm: z.string(),
  constraint: z.string().nullable(),
  status: runStatus,
  seed: z.number(),
  /** Environment steps done and asked for. */
  step: z.number(),
  steps: z.number(),
  startedAt: z.string(),
  updatedAt: z.string(),
  limits: z.array(limitInfo),
  /**
   * Newest value of each headline metric: `episode/return`, `cost/CHANNEL`, `violations/CHANNEL`,
   * `time/steps_per_second`, and where there are several groups `GROUP/episode/return`.
   */
  latest: z.record(z.string(), z.number()),
  replays: z.number(),
  /** True where its policy was exported. */
  exported: z.boolean(),
});

/** One metric's curve, down-sampled by the server to at most `points` points. */
export const metricSeries = z.strictObject({
  tag: z.string(),
  step: z.array(z.number()),
  value: z.array(z.number()),
});

export const runMetrics = z.strictObject({ run: z.string(), series: z.array(metricSeries) });

/** One server-sent event of `GET /api/runs/{name}/live`: the metrics of one update. */
export const liveUpdate = z.strictObject({
  id: z.number(),
  run: z.string(),
  step: z.number(),
  steps: z.number(),
  status: runStatus,
  metrics: z.record(z.string(), z.number()),
});

const interval = z.tuple([z.number(), z.number()]);

/** The evaluation report: what `paddock evaluate --json` prints, and what the run page shows. */
export const evaluationReport = z.strictObject({
  scenario: z.string(),
  algorithm: z.string(),
  episodes: z.number(),
  seed: z.number(),
  stochastic: z.boolean(),
  return: z.strictObject({ mean: z.number(), ci: interval }),
  /** The same of each group; absent in reports of old. */
  groups: z.record(z.string(), z.strictObject({ mean: z.number(), ci: interval })).default({}),
  costs: z.record(
    z.string(),
    z.strictObject({
      mean: z.number(),
      ci: interval,
      limit: z.number().nullable(),
      kind: limitInfo.shape.kind.nullable(),
      /** Share of episodes whose cost exceeds the limit, with Wilson's 95 % interval. */
      pViolation: z.strictObject({ p: z.number(), ci: interval }),
      /** Mean of the worst 5 % of episodes. */
      cvar95: z.number(),
      worst: z.number(),
    }),
  ),
});

export const replayInfo = z.strictObject({
  run: z.string(),
  file: z.string(),
  scenario: z.string(),
  policy: z.string(),
  episodes: z.number(),
  steps: z.number(),
  bytes: z.number(),
});

export const runDetail = z.strictObject({
  run: runSummary,
  /** `config.json` of the run, as it is. */
  config: z.record(z.string(), z.unknown()),
  evaluations: z.array(evaluationReport),
  replays: z.array(replayInfo),
});

export type RunStatus = z.output<typeof runStatus>;
export type LimitInfo = z.output<typeof limitInfo>;
export type RunSummary = z.output<typeof runSummary>;
export type MetricSeries = z.output<typeof metricSeries>;
export type RunMetrics = z.output<typeof runMetrics>;
export type LiveUpdate = z.output<typeof liveUpdate>;
export type EvaluationReport = z.output<typeof evaluationReport>;
export type ReplayInfo = z.output<typeof replayInfo>;
export type RunDetail = z.output<typeof runDetail>;
