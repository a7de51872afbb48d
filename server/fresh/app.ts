/**
 * The application: middleware, routes, pages, and the function that answers a request.
 *
 * @module
 */
import { type OpenContext, openContext } from "./context.ts";
import { asHttpError, HttpError } from "./error.ts";
import { fileRoutes } from "./files.ts";
import { compare, covers, decodePath, match, type Pattern, pattern } from "./pattern.ts";
import { renderPage } from "./render.ts";
import { EMPTY_SNAPSHOT, type Snapshot } from "./snapshot.ts";
import type {
  ConnectionInfo,
  HandlerFn,
  Method,
  MiddlewareFn,
  PageComponent,
  PageResponse,
  RouteHandler,
} from "./types.ts";

type Command =
  | { readonly kind: "use"; readonly prefix: string; readonly fns: readonly MiddlewareFn<unknown>[] }
  | { readonly kind: "route"; readonly path: string; readonly handler: RouteHandler<unknown, unknown> }
  | { readonly kind: "files" };

/** Middleware runs for the routes that were added after it, as in Fresh: `order` is the place of its command. */
interface Middleware {
  readonly order: number;
  readonly prefix: Pattern;
  readonly fns: readonly MiddlewareFn<unknown>[];
}

interface Route {
  readonly order: number;
  readonly pattern: Pattern;
  readonly handler: RouteHandler<unknown, unknown> | undefined;
  readonly component: PageComponent<unknown, unknown> | undefined;
  readonly wrappers: readonly PageComponent<unknown, unknown>[];
}

interface Table {
  readonly middleware: readonly Middleware[];
  /** Most specific first. */
  readonly routes: readonly Route[];
  readonly app: PageComponent<unknown, unknown> | undefined;
  readonly error: PageComponent<unknown, unknown> | undefined;
}

export type Handler = (req: Request, info?: ConnectionInfo) => Promise<Response>;

export class App<State> {
  readonly #commands: Command[] = [];
  #snapshot = EMPTY_SNAPSHOT;

  /** Adds middleware for every later route, or for those at or below a path. */
  use(...fns: MiddlewareFn<State>[]): this;
  use(path: string, ...fns: MiddlewareFn<State>[]): this;
  use(first: string | MiddlewareFn<State>, ...rest: MiddlewareFn<State>[]): this {
    const [prefix, fns] = typeof first === "string" ? [first, rest] : ["/", [first, ...rest]];
    this.#commands.push({ kind: "use", prefix, fns: fns as MiddlewareFn<unknown>[] });
    return this;
  }

  get(path: string, handler: HandlerFn<unknown, State>): this {
    return this.#route(path, { GET: handler as HandlerFn<unknown, unknown> });
  }

  all(path: string, handler: HandlerFn<unknown, State>): this {
    return this.#route(path, handler as HandlerFn<unknown, unknown>);
  }

  /** Adds the files of `routes/`, which {@link Builder} finds. */
  fsRoutes(): this {
    this.#commands.push({ kind: "files" });
    return this;
  }

  /** Called by the builder, before `handler()`. */
  setSnapshot(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
  }

  handler(): Handler {
    const snapshot = this.#snapshot;
    const table = compile(this.#commands, snapshot);
    return (req, info = UNKNOWN_PEER) => answer(req, info, table, snapshot);
  }

  #route(path: string, handler: RouteHandler<unknown, unknown>): this {
    this.#commands.push({ kind: "route", path, handler });
    return this;
  }
}

const UNKNOWN_PEER: ConnectionInfo = { remoteAddr: { transport: "tcp" } };

function compile(commands: readonly Command[], snapshot: Snapshot): Table {
  const files = fileRoutes(snapshot.routes);
  const middleware: Middleware[] = [];
  const routes: Route[] = [];
  for (const [order, command] of commands.entries()) {
    if (command.kind === "use") {
      middleware.push({ order, prefix: pattern(command.prefix), fns: command.fns });
    } else if (command.kind === "route") {
      const wrappers = files.app === undefined ? [] : [files.app];
      const { path, handler } = command;
      routes.push({ order, pattern: pattern(path), handler, component: undefined, wrappers });
    } else {
      for (const { prefix, fns } of files.middleware) {
        middleware.push({ order: order - 0.5, prefix: pattern(prefix), fns });
      }
      routes.push(...files.routes.map((route) => ({ ...route, order, pattern: pattern(route.pattern) })));
    }
  }
  routes.sort((a, b) => compare(a.pattern, b.pattern));
  return { middleware, routes, app: files.app, error: files.error };
}

async function answer(
  req: Request,
  info: ConnectionInfo,
  table: Table,
  snapshot: Snapshot,
): Promise<Response> {
  const url = new URL(req.url);
  const errorWrappers = table.app === undefined ? [] : [table.app];
  try {
    const path = decodePath(url.pathname);
    const [route, params] = find(table.routes, path);
    const ctx = openContext(req, url, info, { snapshot, wrappers: route?.wrappers ?? errorWrappers });
    ctx.route = route?.pattern.text ?? null;
    ctx.params = params;
    const before = table.middleware
      .filter(({ order, prefix }) => order < (route?.order ?? Infinity) && covers(prefix, path))
      .flatMap(({ fns }) => fns);
    const last = () =>
      guarded(ctx, () => serve(ctx, route, snapshot), table, { snapshot, wrappers: errorWrappers });
    return headless(req, await run(ctx, before, last));
  } catch (thrown) {
    const error = asHttpError(thrown);
    if (error.status >= 500) report(thrown);
    return headless(req, plain(error));
  }
}

function find(
  routes: readonly Route[],
  path: readonly string[],
): [Route | undefined, Record<string, string>] {
  for (const route of routes) {
    const params = match(route.pattern, path);
    if (params !== undefined) return [route, params];
  }
  return [undefined, {}];
}

/** Runs middleware from the outside in. `next` is put back on the way out, so a second call starts at the same place. */
async function run(
  ctx: OpenContext,
  [first, ...rest]: readonly MiddlewareFn<unknown>[],
  last: () => Promise<Response>,
): Promise<Response> {
  if (first === undefined) return await last();
  const outer = ctx.next;
  ctx.next = () => run(ctx, rest, last);
  try {
    return await first(ctx);
  } finally {
    ctx.next = outer;
  }
}

async function serve(ctx: OpenContext, route: Route | undefined, snapshot: Snapshot): Promise<Response> {
  if (route === undefined) throw new HttpError(404);
  const { handler, component, wrappers } = route;
  const result = await callHandler(ctx, handler, component !== undefined);
  if (result instanceof Response) return result;
  if (component === undefined) throw new Error(`Route ${ctx.route} returned page data but has no page`);
  const { data, status = 200, headers } = result;
  const init = { status, ...(headers === undefined ? {} : { headers }) };
  return await renderPage(ctx, { snapshot, wrappers }, component, { data, init });
}

async function callHandler(
  ctx: OpenContext,
  handler: RouteHandler<unknown, unknown> | undefined,
  hasPage: boolean,
): Promise<Response | PageResponse<unknown>> {
  if (typeof handler === "function") return await handler(ctx);
  const methods = handler ?? {};
  const method = ctx.req.method as Method;
  const fn = methods[method] ?? (method === "HEAD" ? methods.GET : undefined);
  if (fn !== undefined) return await fn(ctx);
  const showsPage = hasPage && methods.GET === undefined;
  if (showsPage && (method === "GET" || method === "HEAD")) return { data: undefined };
  return notAllowed(Object.keys(methods), showsPage);
}

function notAllowed(methods: readonly string[], showsPage: boolean): Response {
  const allow = new Set(methods);
  if (showsPage || allow.has("GET")) allow.add("GET").add("HEAD");
  return plain(new HttpError(405), { allow: [...allow].sort().join(", ") });
}

/** The `_error` page for what a route throws. Middleware thus sees a response and can add its headers. */
async function guarded(
  ctx: OpenContext,
  work: () => Promise<Response>,
  { error: page }: Table,
  inside: { snapshot: Snapshot; wrappers: readonly PageComponent<unknown, unknown>[] },
): Promise<Response> {
  try {
    return await work();
  } catch (thrown) {
    const error = asHttpError(thrown);
    if (error.status >= 500) report(thrown);
    if (page === undefined) return plain(error);
    ctx.error = error;
    return await renderPage(ctx, inside, page, { data: undefined, init: { status: error.status } });
  }
}

function report(thrown: unknown): void {
  // deno-lint-ignore no-console -- the visitor must not see it, the operator must
  console.error(thrown);
}

/** The last resort, with the strictest policy: it runs where no middleware could add headers. */
function plain(error: HttpError, headers: Record<string, string> = {}): Response {
  return new Response(error.message + "\n", {
    status: error.status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "content-security-policy": "default-src 'none'",
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}

/** The answer to HEAD is the answer to GET without its body. */
function headless(req: Request, response: Response): Response {
  if (req.method !== "HEAD" || response.body === null) return response;
  void response.body.cancel();
  return new Response(null, response);
}
