/**
 * Helpers that fix the state's type once for all files of `routes/`.
 *
 * @module
 */
import type {
  HandlerByMethod,
  HandlerFn,
  MiddlewareFn,
  PageComponent,
  PageResponse,
  RouteData,
  RouteHandler,
} from "./types.ts";

export interface Define<State> {
  /** Keeps the handlers' own type, from which `page` infers its data. */
  handlers<Data, H extends RouteHandler<Data, State>>(handlers: H & RouteHandler<Data, State>): H;
  page<H = unknown>(render: PageComponent<RouteData<H>, State>): PageComponent<RouteData<H>, State>;
  layout(render: PageComponent<unknown, State>): PageComponent<unknown, State>;
  middleware<M extends MiddlewareFn<State> | MiddlewareFn<State>[]>(middleware: M): M;
}

export function createDefine<State>(): Define<State> {
  return {
    handlers: (handlers) => handlers,
    page: (render) => render,
    layout: (render) => render,
    middleware: (middleware) => middleware,
  };
}

/** Have the route's page rendered with `data`. */
export function page<Data>(data: Data, options: Omit<PageResponse<Data>, "data"> = {}): PageResponse<Data> {
  return { data, ...options };
}

export type { HandlerByMethod, HandlerFn };
