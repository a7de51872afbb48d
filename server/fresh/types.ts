/**
 * The types of the Fresh 2 API, as far as Paddock uses it. Shapes follow Fresh's public documentation (MIT), so
 * that routes and islands move to the real package by changing the import map.
 *
 * @module
 */
import type { ComponentChildren, FunctionComponent, JSX } from "preact";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";

/** Who is asking, where the caller of the handler knows it. */
export interface ConnectionInfo {
  readonly remoteAddr: { readonly transport: string; readonly hostname?: string; readonly port?: number };
}

/** One request on its way through the middleware. */
export interface Context<State> {
  readonly url: URL;
  readonly req: Request;
  /** The pattern that matched, `/runs/:name`; null where none did. */
  readonly route: string | null;
  readonly params: Record<string, string>;
  /** Shared by all middleware and the page of this request; starts as an empty object. */
  readonly state: State;
  readonly info: ConnectionInfo;
  /** What was thrown, in an `_error` page; null elsewhere. */
  readonly error: unknown;
  next(): Promise<Response>;
  redirect(path: string, status?: number): Response;
  render(vnode: JSX.Element, init?: ResponseInit): Promise<Response>;
}

/** What a page, layout or app wrapper gets. */
export interface PageProps<Data = unknown, State = unknown>
  extends Pick<Context<State>, "url" | "req" | "params" | "state" | "error" | "route"> {
  readonly data: Data;
  /** The next component inside: the page for a layout, the layout for `_app`. */
  readonly Component: FunctionComponent;
  readonly children?: ComponentChildren;
}

/** What a handler returns to have its page rendered with `data`. */
export interface PageResponse<Data> {
  readonly data: Data;
  readonly status?: number;
  readonly headers?: HeadersInit;
}

type Maybe<T> = T | Promise<T>;

export type HandlerFn<Data, State> = (ctx: Context<State>) => Maybe<Response | PageResponse<Data>>;
export type HandlerByMethod<Data, State> = { [M in Method]?: HandlerFn<Data, State> };
export type RouteHandler<Data, State> = HandlerFn<Data, State> | HandlerByMethod<Data, State>;
export type MiddlewareFn<State> = (ctx: Context<State>) => Maybe<Response>;
export type PageComponent<Data, State> = (
  props: PageProps<Data, State>,
) => Maybe<JSX.Element | string | number | boolean | null | undefined>;

/** The data that a route's handlers hand to its page. */
export type RouteData<Handler> = Handler extends (...args: never[]) => infer Result ? PageData<Result>
  : Handler extends object ? {
      [M in keyof Handler]: Handler[M] extends (...args: never[]) => infer Result ? PageData<Result> : never;
    }[
      keyof Handler
    ]
  : unknown;

type PageData<Result> = Extract<Awaited<Result>, { data: unknown }> extends { data: infer Data } ? Data
  : never;

/** A file below `routes/`. Type-erased: what the file system holds is known at run time only. */
export interface RouteModule {
  readonly default?: PageComponent<unknown, unknown>;
  readonly handler?:
    | RouteHandler<unknown, unknown>
    | MiddlewareFn<unknown>
    | readonly MiddlewareFn<unknown>[];
  readonly handlers?: RouteModule["handler"];
}
