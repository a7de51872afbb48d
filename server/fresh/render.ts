/**
 * Pages to HTML: wrappers around the page, islands marked, and the scripts that wake them.
 *
 * @module
 */
import { Fragment, type FunctionComponent, h, type VNode } from "preact";
import type { Internals, OpenContext } from "./context.ts";
import { renderIslands } from "./islands.ts";
import { scriptJson } from "./json.ts";
import type { Snapshot } from "./snapshot.ts";
import type { PageComponent, PageProps } from "./types.ts";

interface PageInput {
  readonly data: unknown;
  readonly init: ResponseInit;
}

/** Components of routes may be async; they are awaited one by one, inside out, then rendered in one pass. */
export async function renderPage(
  ctx: OpenContext,
  { snapshot, wrappers }: Internals,
  page: PageComponent<unknown, unknown>,
  { data, init }: PageInput,
): Promise<Response> {
  let inner = await page(propsOf(ctx, data, Nothing));
  for (const wrapper of wrappers.toReversed()) {
    const content = inner;
    inner = await wrapper(propsOf(ctx, data, () => content as VNode));
  }
  const { html, islands, props } = renderIslands(h(Fragment, null, inner), snapshot);
  const headers = new Headers(init.headers);
  if (!headers.has("content-type")) headers.set("content-type", "text/html; charset=utf-8");
  const body = "<!DOCTYPE html>" + withScripts(html, snapshot, islands, props);
  return new Response(body, { ...init, headers });
}

function propsOf(ctx: OpenContext, data: unknown, Component: FunctionComponent): PageProps {
  const { url, req, params, state, error, route } = ctx;
  return { url, req, params, state, error, route, data, Component };
}

const Nothing: FunctionComponent = () => null;

/** Adds preloads to the head and, at the end of the body, what `boot.ts` reads. Pages without islands get none. */
function withScripts(
  html: string,
  { boot, preload }: Snapshot,
  islands: Readonly<Record<string, string>>,
  props: readonly unknown[],
): string {
  if (boot === undefined || props.length === 0) return html;
  const urls = new Set(
    [boot, ...Object.values(islands)].flatMap((url) => [url, ...(preload.get(url) ?? [])]),
  );
  const links = [...urls].map((url) => `<link rel="modulepreload" href="${url}">`).join("");
  const scripts =
    `<script type="application/json" id="fresh-islands">${scriptJson({ islands, props })}</script>` +
    `<script type="module" src="${boot}"></script>`;
  return insertBefore("</body>", scripts, insertBefore("</head>", links, html));
}

function insertBefore(tag: string, text: string, html: string): string {
  const at = tag === "</body>" ? html.lastIndexOf(tag) : html.indexOf(tag);
  return at < 0 ? html + text : html.slice(0, at) + text + html.slice(at);
}
