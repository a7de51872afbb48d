/**
 * Path patterns: `/runs/:name`, `/docs/:section?`, `/api/*`, `/files/:path*`.
 *
 * @module
 */
import { HttpError } from "./error.ts";

type Kind = "static" | "param" | "optional" | "rest";

interface Segment {
  readonly kind: Kind;
  /** The text of a static segment, the name of any other. */
  readonly name: string;
}

export interface Pattern {
  readonly text: string;
  readonly segments: readonly Segment[];
}

/** Lower is tried first, segment by segment. A path that ends stands between `param` and `optional`. */
const RANK: Readonly<Record<Kind | "end", number>> = { static: 0, param: 1, end: 2, optional: 3, rest: 4 };

/** Throws where a rest segment is not the last: nothing behind it could match. */
export function pattern(text: string): Pattern {
  const segments = split(text).map(segment);
  const rest = segments.findIndex((s) => s.kind === "rest");
  if (rest >= 0 && rest < segments.length - 1) {
    throw new Error(`Route "${text}": a wildcard must be the last segment`);
  }
  return { text, segments };
}

function segment(text: string): Segment {
  if (text === "*") return { kind: "rest", name: "0" };
  if (!text.startsWith(":")) return { kind: "static", name: text };
  if (text.endsWith("*")) return { kind: "rest", name: text.slice(1, -1) };
  if (text.endsWith("?")) return { kind: "optional", name: text.slice(1, -1) };
  return { kind: "param", name: text.slice(1) };
}

/** Sorts the more specific pattern first. */
export function compare(a: Pattern, b: Pattern): number {
  for (let i = 0; i < Math.max(a.segments.length, b.segments.length); i++) {
    const order = RANK[a.segments[i]?.kind ?? "end"] - RANK[b.segments[i]?.kind ?? "end"];
    if (order !== 0) return order;
  }
  return 0;
}

/** The parameters where `path` (from {@link decodePath}) fits, else undefined. */
export function match({ segments }: Pattern, path: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [i, { kind, name }] of segments.entries()) {
    const found = path[i];
    if (kind === "rest") {
      params[name] = path.slice(i).join("/");
      return params;
    }
    if (found === undefined) {
      if (kind === "optional") continue;
      return undefined;
    }
    if (kind === "static" ? found !== name : found === "") return undefined;
    if (kind !== "static") params[name] = found;
  }
  return path.length <= segments.length ? params : undefined;
}

/** True where `path` lies at or below `prefix`: the reach of a middleware. */
export function covers(prefix: Pattern, path: readonly string[]): boolean {
  return match(prefix, path.slice(0, prefix.segments.length)) !== undefined;
}

/**
 * The decoded segments of a URL's pathname. A trailing slash does not count. Throws a 400 on a malformed escape.
 * A segment may hold any character after decoding, `/` and `..` included: whoever opens files must check.
 */
export function decodePath(pathname: string): string[] {
  try {
    return split(pathname).map(decodeURIComponent);
  } catch {
    throw new HttpError(400, "Malformed URL");
  }
}

function split(path: string): string[] {
  const parts = path.split("/").slice(path.startsWith("/") ? 1 : 0);
  if (parts.at(-1) === "") parts.pop();
  return parts;
}
