/**
 * The dashboard: pages over the store, the API and the inference protocol beside them, one set of headers on all.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { App, type MiddlewareFn, staticFiles } from "fresh";
import { Builder } from "fresh/dev";
import type { PageStore, State } from "./define.ts";

type Answer = (req: Request) => Response | Promise<Response>;

export interface AppOptions {
  readonly store: PageStore;
  /** The folder of runs, as a person types it. */
  readonly runs?: string;
  /** Answers `/api/*`. */
  readonly api: Answer;
  /** Answers `/v2` and `/v2/*`, where policies are served. */
  readonly serving?: Answer;
}

/** Islands run the `eval` and WASM backends, never generated code: `unsafe-eval` is not needed and stays forbidden. */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** The dashboard without its pages' build. {@link openApp} is ready to answer. */
export function createApp({ store, runs = "runs", api, serving }: AppOptions): App<State> {
  const app = new App<State>().use(secured).use((ctx) => {
    Object.assign(ctx.state, { store, runs });
    return ctx.next();
  });
  app.all("/api/*", (ctx) => api(ctx.req));
  if (serving !== undefined) app.all("/v2/*", (ctx) => serving(ctx.req));
  return app.use(staticFiles()).fsRoutes();
}

/** The dashboard with islands bundled, in about 100 ms. */
export async function openApp(options: AppOptions): Promise<App<State>> {
  const app = createApp(options);
  (await builder().build())(app);
  return app;
}

/** Finds the pages and islands of this project, wherever it was started from. */
export function builder(): Builder {
  return new Builder({
    root: fileURLToPath(new URL("..", import.meta.url)),
    routeDir: "server/routes",
    namespaces: { zod: "z" },
    // zod would try `new Function`, which the policy forbids, before it falls back
    banner: "globalThis.__zod_globalConfig??={jitless:true};",
  });
}

const secured: MiddlewareFn<State> = async (ctx) => {
  const answer = await ctx.next();
  const response = new Response(answer.body, answer);
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  return response;
};
