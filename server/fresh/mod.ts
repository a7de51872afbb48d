/**
 * The part of Fresh 2's public API that Paddock uses, on npm packages alone. Import it as `fresh`; pointing the
 * import map at `jsr:@fresh/core` moves to the real one.
 *
 * @module
 */
export { App, type Handler } from "./app.ts";
export { createDefine, type Define, page } from "./define.ts";
export { HttpError } from "./error.ts";
export { staticFiles } from "./static.ts";
export type {
  ConnectionInfo,
  Context,
  HandlerByMethod,
  HandlerFn,
  Method,
  MiddlewareFn,
  PageComponent,
  PageProps,
  PageResponse,
  RouteData,
  RouteHandler,
} from "./types.ts";
