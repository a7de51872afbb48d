/**
 * The shapes of `/api`: what a request may ask, and what the answers hold (islands/protocol.ts).
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import { runDetail, runMetrics, runSummary } from "../../islands/protocol.ts";

const name = z.string().regex(/^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "expected the name of a run");

export const runPath = z.object({ name: name.openapi({ param: { name: "name", in: "path" } }) });

export const replayPath = runPath.extend({
  file: z.string().regex(
    /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]*\.replay$/,
    "expected the name of a .replay file",
  )
    .openapi({ param: { name: "file", in: "path" } }),
});

export const metricsQuery = z.object({
  tags: z.string().max(4096).transform((text) => text.split(",").filter((tag) => tag !== "")).optional()
    .openapi({
      type: "string",
      description: "Metrics wanted, with commas between; all of the run's when left out",
      example: "episode/return,cost/contact",
    }),
  points: z.coerce.number().int().min(4).max(10_000).default(500).openapi({
    description: "Most points of a curve; first, last, least and greatest are kept",
  }),
});

const update = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const liveQuery = z.object({
  since: update.optional().openapi({
    description: "Send the updates after this number; the newest one and what follows when left out",
  }),
});

export const liveHeaders = z.object({
  "last-event-id": update.optional().openapi({
    description: "As `since`; browsers send it when they reconnect",
  }),
});

export const problem = z.strictObject({ error: z.string() }).openapi("Problem");

export const bodies = {
  runs: z.array(runSummary),
  run: runDetail,
  metrics: runMetrics,
};
