/**
 * Where a file stands in the project, and which file an import leads to.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import config from "../../deno.json" with { type: "json" };

const root = new URL("../../", import.meta.url).href;

/** A file of the project. */
export interface Place {
  /** First folder of the path; empty for a file in the root, such as main.ts. */
  readonly folder: string;
  /** Path from the root, with `/`. */
  readonly path: string;
}

/** Local targets of the import map and of the package's own exports: specifier -> path from the root. */
const named: Readonly<Record<string, string>> = {
  ...config.imports,
  ...Object.fromEntries(
    Object.entries(config.exports).map(([name, path]) => [config.name + name.slice(1), path]),
  ),
};

function placeOfUrl(href: string): Place | undefined {
  if (!href.startsWith(root)) return undefined;
  const path = decodeURIComponent(href.slice(root.length));
  const slash = path.indexOf("/");
  return { folder: slash < 0 ? "" : path.slice(0, slash), path };
}

/** The place of a file that is being linted (absolute, or relative to the root); undefined outside the project. */
export function placeOf(filename: string): Place | undefined {
  const absolute = filename.startsWith("/") || /^[A-Za-z]:[\\/]/.test(filename);
  return placeOfUrl(absolute ? pathToFileURL(filename).href : new URL(filename, root).href);
}

/** The file that `specifier`, written in `from`, leads to; undefined for packages and builtins. */
export function target(specifier: string, from: Place): Place | undefined {
  if (/^(\.{0,2}\/|file:)/.test(specifier)) return placeOfUrl(new URL(specifier, root + from.path).href);
  const exact = named[specifier];
  if (exact !== undefined) return exact.startsWith(".") ? placeOfUrl(new URL(exact, root).href) : undefined;
  for (const [prefix, path] of Object.entries(named)) {
    if (prefix.endsWith("/") && path.startsWith(".") && specifier.startsWith(prefix)) {
      return placeOfUrl(new URL(path + specifier.slice(prefix.length), root).href);
    }
  }
  return undefined;
}

/** How `from` writes the path of `path`: `../core/mod.ts`. */
export function relative(from: Place, path: string): string {
  return "../".repeat(from.path.split("/").length - 1) + path;
}
