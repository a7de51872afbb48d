/**
 * File names of `routes/` to patterns and roles, as Fresh names them.
 *
 * @module
 */
import type { RouteFile } from "./snapshot.ts";
import type { MiddlewareFn, PageComponent, RouteHandler, RouteModule } from "./types.ts";

type Erased = unknown;

/** A page or an endpoint, with all that its folders wrap around it, outermost first. */
export interface FileRoute {
  readonly pattern: string;
  readonly handler: RouteHandler<Erased, Erased> | undefined;
  readonly component: PageComponent<Erased, Erased> | undefined;
  readonly wrappers: readonly PageComponent<Erased, Erased>[];
}

export interface FileRoutes {
  readonly routes: readonly FileRoute[];
  /** `_middleware` files, outermost first. */
  readonly middleware: readonly { readonly prefix: string; readonly fns: readonly MiddlewareFn<Erased>[] }[];
  readonly app: PageComponent<Erased, Erased> | undefined;
  readonly error: PageComponent<Erased, Erased> | undefined;
}

export function fileRoutes(files: readonly RouteFile[]): FileRoutes {
  const special = (name: string) => files.filter((file) => baseName(file.path) === name);
  const layouts = special("_layout").sort(byDepth);
  const app = special("_app").find((file) => file.path === "_app")?.module.default;
  const routes = files.filter((file) => !baseName(file.path).startsWith("_")).map((file) => ({
    pattern: routePattern(file.path),
    handler: methodsOf(file.module),
    component: file.module.default,
    wrappers: [
      ...(app === undefined ? [] : [app]),
      ...layouts.filter((layout) => isWithin(file.path, folder(layout.path)))
        .flatMap((layout) => layout.module.default ?? []),
    ],
  }));
  const middleware = special("_middleware").sort(byDepth).map((file) => ({
    prefix: routePattern(folder(file.path)),
    fns: middlewareOf(file.module),
  }));
  return {
    routes,
    middleware,
    app,
    error: special("_error").find((f) => f.path === "_error")?.module.default,
  };
}

/** `runs/[name]/index` -> `/runs/:name`; `(group)` folders leave no trace. */
export function routePattern(path: string): string {
  const segments = path.split("/").filter((s) => s !== "" && !/^\(.*\)$/.test(s));
  if (segments.at(-1) === "index") segments.pop();
  return "/" + segments.map(patternSegment).join("/");
}

function patternSegment(text: string): string {
  const rest = /^\[\.\.\.(\w+)\]$/.exec(text);
  if (rest) return `:${rest[1]}*`;
  const optional = /^\[\[(\w+)\]\]$/.exec(text);
  if (optional) return `:${optional[1]}?`;
  const param = /^\[(\w+)\]$/.exec(text);
  if (param) return `:${param[1]}`;
  if (/[[\]*:]/.test(text)) {
    throw new Error(`Route file segment "${text}": expected a name, [id], [[id]] or [...path]`);
  }
  return text;
}

function methodsOf({ handler, handlers }: RouteModule): RouteHandler<Erased, Erased> | undefined {
  const found = handler ?? handlers;
  return Array.isArray(found) ? undefined : found as RouteHandler<Erased, Erased> | undefined;
}

function middlewareOf({ default: main, handler, handlers }: RouteModule): readonly MiddlewareFn<Erased>[] {
  const found = handler ?? handlers ?? main ?? [];
  return (Array.isArray(found) ? found : [found]) as MiddlewareFn<Erased>[];
}

const baseName = (path: string) => path.slice(path.lastIndexOf("/") + 1);
const folder = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf("/")));
const isWithin = (path: string, dir: string) => dir === "" || path.startsWith(dir + "/");
const byDepth = (a: RouteFile, b: RouteFile) => a.path.split("/").length - b.path.split("/").length;
