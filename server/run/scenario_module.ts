/**
 * A scenario file of one's own as one module for the browser, in which the page plays its replays.
 *
 * The module brings no simulator of its own: it takes the page's (islands/replay/scenario.ts), as two of them would
 * not know each other's values.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { BuildFailure, OnResolveResult, Plugin } from "esbuild";
import { UserError } from "../../core/mod.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const simulator = join(root, "sim") + sep;

/** Bundles the file at a path, anew each time: it may be edited while the server runs. */
export type ScenarioBundler = (file: string) => Promise<string>;

/** @throws UserError (from the bundler) where the file is gone, or does not hold together */
export function scenarioBundler(): ScenarioBundler {
  let last: Promise<unknown> = Promise.resolve();
  return (file) => {
    // one after the other: each stops the esbuild that it started
    const next = last.catch(() => {}).then(() => bundle(file));
    last = next;
    return next;
  };
}

async function bundle(file: string): Promise<string> {
  if (!existsSync(file)) throw new UserError(`${file} is gone. Put the run's scenario back to play it here`);
  const esbuild = await import("esbuild");
  try {
    const { outputFiles } = await esbuild.build({
      entryPoints: [file],
      bundle: true,
      write: false,
      minify: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      tsconfigRaw: {},
      plugins: [imports(Object.keys(await import("../../sim/mod.ts")))],
      logLevel: "silent",
    });
    return outputFiles[0]!.text;
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (first === undefined) throw error;
    const place = first.location ? `${resolve(first.location.file)}:${first.location.line}` : file;
    throw new UserError(`${place}: ${first.text}`);
  } finally {
    await esbuild.stop();
  }
}

/** Imports as Deno reads them, but for the simulator, of which the page has these `names`. */
function imports(names: readonly string[]): Plugin {
  return {
    name: "scenario-imports",
    setup(build) {
      build.onResolve({ filter: /./, namespace: "file" }, ({ path, kind, resolveDir }) => {
        if (kind === "entry-point") return undefined;
        return whereIs(path, resolveDir);
      });
      build.onLoad({ filter: /./, namespace: "page" }, () => ({
        contents: `export const { ${names.join(", ")} } = globalThis.paddock.sim;`,
      }));
    },
  };
}

/** Where an import leads; undefined leaves it to esbuild. */
function whereIs(specifier: string, from: string): OnResolveResult | undefined {
  if (from.includes("node_modules")) return undefined;
  const near = /^\.{0,2}\//.test(specifier);
  try {
    const { protocol, href } = near
      ? new URL(specifier, pathToFileURL(join(from, sep)))
      : resolved(specifier);
    if (protocol !== "file:") throw new Error("a page may run files of this machine only");
    const path = fileURLToPath(href);
    return path.startsWith(simulator) ? { path: "sim", namespace: "page" } : { path };
  } catch (error) {
    return { errors: [{ text: `cannot import ${specifier}: ${(error as Error).message}` }] };
  }
}

/** As Deno does, by the import map of this project. */
function resolved(specifier: string): URL {
  return new URL(import.meta.resolve(specifier));
}
