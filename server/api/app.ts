/**
 * `/api`: runs, curves, live updates and replays, for the dashboard and for scripts. Described by itself at
 * `/api/openapi.json`.
 *
 * @module
 */
import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { UserError } from "../../core/mod.ts";
import type { RunDetail } from "../../islands/protocol.ts";
import { Problem, problemResponse } from "../problem.ts";
import { scenarioBundler } from "../run/scenario_module.ts";
import type { Store } from "../store.ts";
import type { RunFolder, Workspace } from "../workspace.ts";
import { isOver, type LiveOptions, liveStream } from "./live.ts";
import { bodies, liveHeaders, liveQuery, metricsQuery, problem, replayPath, runPath } from "./schemas.ts";

export interface ApiOptions {
  readonly store: Store;
  readonly workspace: Workspace;
  readonly live?: Partial<LiveOptions>;
  /** Told of errors that are ours; their text never reaches the client. */
  readonly onError?: (error: unknown) => void;
}

const json = <S>(schema: S, description: string) => ({
  description,
  content: { "application/json": { schema } },
});
const missing = {
  400: json(problem, "Not a valid request"),
  404: json(problem, "There is no such run or file"),
};

const routes = {
  runs: createRoute({
    method: "get",
    path: "/api/runs",
    summary: "All runs, newest first",
    responses: { 200: json(bodies.runs, "The runs") },
  }),
  run: createRoute({
    method: "get",
    path: "/api/runs/{name}",
    summary: "One run: summary, config, evaluations, replays",
    request: { params: runPath },
    responses: { 200: json(bodies.run, "The run"), ...missing },
  }),
  metrics: createRoute({
    method: "get",
    path: "/api/runs/{name}/metrics",
    summary: "A run's curves, thinned",
    request: { params: runPath, query: metricsQuery },
    responses: { 200: json(bodies.metrics, "The curves"), ...missing },
  }),
  live: createRoute({
    method: "get",
    path: "/api/runs/{name}/live",
    summary: "A run's updates as they come, as server-sent events (each one a LiveUpdate)",
    request: { params: runPath, query: liveQuery, headers: liveHeaders },
    responses: {
      200: { description: "The stream; it ends with the run", content: { "text/event-stream": {} } },
      204: { description: "The run is over and nothing is left to send: do not reconnect" },
      ...missing,
    },
  }),
  scenario: createRoute({
    method: "get",
    path: "/api/runs/{name}/scenario.js",
    summary: "A run's own scenario file, as a module for the pages",
    request: { params: runPath },
    responses: {
      200: { description: "The module", content: { "text/javascript": {} } },
      422: json(problem, "The file is gone, or does not hold together"),
      ...missing,
    },
  }),
  replay: createRoute({
    method: "get",
    path: "/api/runs/{name}/replays/{file}",
    summary: "A replay's bytes",
    request: { params: replayPath },
    responses: {
      200: { description: "The file", content: { "application/octet-stream": {} } },
      ...missing,
    },
  }),
};

/** The handler of everything below `/api`. Other paths get 404. */
export function apiHandler(options: ApiOptions): (request: Request) => Response | Promise<Response> {
  const { store, workspace, onError = () => {} } = options;
  const live: LiveOptions = { poll: 250, heartbeat: 15_000, ...options.live };
  const scenarioModule = scenarioBundler();
  const configOf = (name: string) => {
    const folder = workspace.has(name) ? workspace.open(name) : undefined;
    return readable(folder) ?? store.config(name);
  };
  const api = new OpenAPIHono({
    strict: false,
    defaultHook: (result) => {
      if (result.success) return;
      const [issue] = result.error.issues;
      return problemResponse(400, `${issue!.path.join(".")}: ${issue!.message}`);
    },
  });

  api.use(async (context, next) => {
    await next();
    context.res.headers.set("x-content-type-options", "nosniff");
    if (!context.res.headers.has("cache-control")) context.res.headers.set("cache-control", "no-store");
  });

  api.openapi(routes.runs, (context) => context.json(store.runs(), 200));

  api.openapi(routes.run, (context) => {
    const { name } = context.req.valid("param");
    const run = store.run(name);
    if (!run) throw noRun(name);
    const detail: RunDetail = {
      run,
      config: configOf(name),
      evaluations: store.evaluations(name),
      replays: store.replays(name),
    };
    return context.json(detail, 200);
  });

  api.openapi(routes.metrics, (context) => {
    const { name } = context.req.valid("param");
    const { tags, points } = context.req.valid("query");
    if (!store.run(name)) throw noRun(name);
    return context.json({ run: name, series: store.series(name, tags, points) }, 200);
  });

  api.openapi(routes.live, (context) => {
    const { name } = context.req.valid("param");
    if (!store.run(name)) throw noRun(name);
    const resumed = context.req.valid("header")["last-event-id"] ?? context.req.valid("query").since;
    const from = resumed ?? Math.max(0, store.lastId(name) - 1);
    if (isOver(store, name) && store.lastId(name) <= from) return context.body(null, 204);
    const { signal } = context.req.raw;
    return context.body(liveStream(store, name, from, live, signal), 200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store, no-transform",
    });
  });

  api.openapi(routes.scenario, async (context) => {
    const { name } = context.req.valid("param");
    if (!store.run(name)) throw noRun(name);
    const { file } = configOf(name);
    if (typeof file !== "string") throw new Problem(404, `the scenario of run "${name}" is on the shelf`);
    try {
      const headers = { "content-type": "text/javascript; charset=utf-8" };
      return context.body(await scenarioModule(file), 200, headers);
    } catch (error) {
      throw error instanceof UserError ? new Problem(422, error.message) : error;
    }
  });

  api.openapi(routes.replay, (context) => {
    const { name, file } = context.req.valid("param");
    const bytes = workspace.has(name) ? workspace.open(name).readReplay(file) : undefined;
    if (!bytes) throw new Problem(404, `there is no replay "${file}" of run "${name}"`);
    return context.body(bytes, 200, {
      "content-type": "application/octet-stream",
      "content-length": String(bytes.length),
      "content-disposition": `attachment; filename="${file}"`,
    });
  });

  api.doc31("/api/openapi.json", {
    openapi: "3.1.0",
    info: {
      title: "Paddock",
      version: "1",
      description: "Runs of multi-agent and safe reinforcement learning.",
    },
  });

  api.notFound((context) => {
    const { method, path } = context.req;
    if (method === "GET" || method === "HEAD") {
      throw new Problem(404, "there is nothing here; see /api/openapi.json");
    }
    throw new Problem(405, `${method} is not offered at ${path.slice(0, 200)}; use GET`, {
      allow: "GET, HEAD",
    });
  });
  api.onError((error) => {
    if (error instanceof Problem) return problemResponse(error.status, error.message, error.headers);
    onError(error);
    return problemResponse(500, "the server failed on this request");
  });
  return (request) => api.fetch(request);
}

function noRun(name: string): Problem {
  return new Problem(404, `there is no run "${name}"`);
}

/** The run's config.json; undefined where it is missing or does not parse: the store then has what it started with. */
function readable(folder: RunFolder | undefined): Record<string, unknown> | undefined {
  try {
    return folder?.readConfig();
  } catch {
    return undefined;
  }
}
