/**
 * The context of one request.
 *
 * @module
 */
import type { JSX } from "preact";
import { renderPage } from "./render.ts";
import type { Snapshot } from "./snapshot.ts";
import type { ConnectionInfo, Context, PageComponent } from "./types.ts";

/** What the adapter keeps about a request, out of the application's sight. */
export interface Internals {
  readonly snapshot: Snapshot;
  /** `_app` and layouts around what `render` is given. */
  readonly wrappers: readonly PageComponent<unknown, unknown>[];
}

const internals: unique symbol = Symbol("fresh internals");

/** A {@link Context} whose later fields the app fills while the request moves through it. */
export interface OpenContext extends Context<unknown> {
  route: string | null;
  params: Record<string, string>;
  error: unknown;
  next: () => Promise<Response>;
  [internals]: Internals;
}

export function openContext(req: Request, url: URL, info: ConnectionInfo, inside: Internals): OpenContext {
  const ctx: OpenContext = {
    req,
    url,
    info,
    route: null,
    params: {},
    state: {},
    error: null,
    next: () => Promise.reject(new Error("next() was called where nothing comes next")),
    redirect,
    render: (vnode: JSX.Element, init: ResponseInit = {}) =>
      renderPage(ctx, inside, () => vnode, { data: undefined, init }),
    [internals]: inside,
  };
  return ctx;
}

/** The build that answers this request. */
export function snapshotOf(ctx: Context<unknown>): Snapshot {
  return (ctx as OpenContext)[internals].snapshot;
}

/** A path stays on this site: `//host` and `/\host` lose their second slash. */
function redirect(path: string, status = 302): Response {
  const location = path.startsWith("/") ? path.replace(/^[/\\]+/, "/") : path;
  return new Response(null, { status, headers: { location } });
}
