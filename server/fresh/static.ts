/**
 * Files served as they are, and the bundles of the islands.
 *
 * @module
 */
import { extname, join, sep } from "node:path";
import { BUILD_ID } from "./build_id.ts";
import { snapshotOf } from "./context.ts";
import { decodePath } from "./pattern.ts";
import type { MiddlewareFn } from "./types.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const FOREVER = "public, max-age=31536000, immutable";

/** Answers GET and HEAD of a bundle or a file of the static folder; lets every other request pass. */
export function staticFiles<State>(): MiddlewareFn<State> {
  return async (ctx) => {
    if (ctx.req.method !== "GET" && ctx.req.method !== "HEAD") return await ctx.next();
    const { assets, staticDir } = snapshotOf(ctx);
    const bundle = assets.get(ctx.url.pathname);
    if (bundle !== undefined) {
      return new Response(bundle.bytes, {
        headers: { "content-type": bundle.type, "cache-control": FOREVER },
      });
    }
    const file = staticDir === undefined ? undefined : await resolveStatic(staticDir, ctx.url.pathname);
    if (file === undefined) return await ctx.next();
    const keep = ctx.url.searchParams.get("__frsh_c") === BUILD_ID;
    return await fileResponse(ctx.req, file, keep ? FOREVER : "no-cache");
  };
}

/**
 * The file of `dir` that a pathname names, or undefined. The path is decoded first and judged afterwards: `%2e%2e%2f`
 * is no dot segment to a URL parser. Nothing outside `dir` is ever named, neither by `..` nor through a link, and no
 * file or folder whose name starts with a dot.
 */
export async function resolveStatic(dir: string, pathname: string): Promise<string | undefined> {
  const segments = decodePath(pathname);
  if (segments.length === 0) return undefined;
  if (segments.some((s) => s === "" || s.startsWith(".") || /[/\\\0:]/.test(s))) return undefined;
  try {
    const base = await Deno.realPath(dir);
    const found = await Deno.realPath(join(base, ...segments));
    if (!found.startsWith(base + sep)) return undefined;
    return (await Deno.stat(found)).isFile ? found : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    if (error instanceof Deno.errors.FilesystemLoop || error instanceof Deno.errors.InvalidData) {
      return undefined;
    }
    throw error;
  }
}

async function fileResponse(req: Request, path: string, cacheControl: string): Promise<Response> {
  const { size, mtime } = await Deno.stat(path);
  const etag = `W/"${size.toString(36)}-${(mtime?.getTime() ?? 0).toString(36)}"`;
  const headers = new Headers({ "cache-control": cacheControl, etag });
  if (req.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
  headers.set("content-type", TYPES[extname(path)] ?? "application/octet-stream");
  return new Response(await Deno.readFile(path), { headers });
}
