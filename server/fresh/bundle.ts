/**
 * Islands to browser modules, in memory.
 *
 * @module
 */
import { basename, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";
import { BUILD_ID } from "./build_id.ts";
import type { Asset } from "./snapshot.ts";

const PUBLIC_PATH = "/_fresh/js/";
const BOOT = fileURLToPath(new URL("./boot.ts", import.meta.url));

export interface Bundles {
  readonly boot: string;
  /** Address of an island's module, by the file's path. */
  readonly urls: ReadonlyMap<string, string>;
  readonly preload: ReadonlyMap<string, readonly string[]>;
  readonly assets: ReadonlyMap<string, Asset>;
}

export interface BundleOptions {
  readonly root: string;
  /** Files to bundle, absolute. */
  readonly islands: readonly string[];
  /** Code at the start of every module, before any other runs. */
  readonly banner?: string;
  /**
   * Packages that export a namespace of themselves, `{ zod: "z" }`. Islands' `import { z } from "zod"` is read as
   * `import * as z`, which alone lets the bundler leave out what is not used: 29 instead of 95 KB gz.
   */
  readonly namespaces?: Readonly<Record<string, string>>;
}

/** Bundles with esbuild, which is loaded here and not before: a server without islands needs no permission to run it. */
export async function bundle(options: BundleOptions): Promise<Bundles> {
  const { root, islands, banner = "", namespaces = {} } = options;
  const esbuild = await import("esbuild");
  try {
    const { outputFiles, metafile } = await esbuild.build({
      absWorkingDir: root,
      entryPoints: [BOOT, ...islands].map((path) => ({ in: path, out: basename(path, extname(path)) })),
      entryNames: "[name]-[hash]",
      chunkNames: "chunk-[hash]",
      outdir: join(root, "_fresh"),
      bundle: true,
      write: false,
      metafile: true,
      splitting: true,
      minify: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      jsx: "automatic",
      jsxImportSource: "preact",
      define: { FRESH_BUILD_ID: JSON.stringify(BUILD_ID) },
      alias: await aliases(root),
      tsconfigRaw: {},
      banner: { js: banner },
      plugins: [namespaceImports(namespaces)],
      logLevel: "silent",
    });
    const assets = new Map(outputFiles.map((file) => [
      PUBLIC_PATH + basename(file.path),
      { bytes: new Uint8Array(file.contents), type: "text/javascript; charset=utf-8" },
    ]));
    const urls = new Map<string, string>();
    const preload = new Map<string, string[]>();
    for (const [path, output] of Object.entries(metafile.outputs)) {
      if (output.entryPoint === undefined) continue;
      const url = PUBLIC_PATH + basename(path);
      urls.set(resolve(root, output.entryPoint), url);
      preload.set(url, staticImports(path, metafile.outputs).map((chunk) => PUBLIC_PATH + basename(chunk)));
    }
    return { boot: urls.get(BOOT)!, urls, preload, assets };
  } finally {
    await esbuild.stop();
  }
}

/** Rewrites imports in our own files only; packages are left as they are. */
function namespaceImports(namespaces: Readonly<Record<string, string>>): Plugin {
  return {
    name: "namespace-imports",
    setup(build) {
      build.onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
        if (path.includes("/node_modules/")) return undefined;
        let contents = await Deno.readTextFile(path);
        for (const [name, exported] of Object.entries(namespaces)) {
          contents = contents.replace(
            `import { ${exported} } from "${name}"`,
            `import * as ${exported} from "${name}"`,
          );
        }
        return { contents, loader: path.endsWith("x") ? "tsx" : "ts" };
      });
    },
  };
}

interface Output {
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

function staticImports(
  path: string,
  outputs: Readonly<Record<string, Output>>,
  seen = new Set<string>(),
): string[] {
  for (const { path: chunk, kind } of outputs[path]?.imports ?? []) {
    if (kind !== "import-statement" || seen.has(chunk)) continue;
    seen.add(chunk);
    staticImports(chunk, outputs, seen);
  }
  return [...seen];
}

/** The local entries of the import map, `"fresh/runtime": "./server/fresh/runtime.ts"`; packages lie in node_modules. */
async function aliases(root: string): Promise<Record<string, string>> {
  const config: { imports?: Record<string, string> } = JSON.parse(
    await Deno.readTextFile(join(root, "deno.json")),
  );
  const local = Object.entries(config.imports ?? {}).filter(([, target]) => target.startsWith("./"));
  return Object.fromEntries(local.map(([name, target]) => [name, resolve(root, target)]));
}

/** The id of a file below a folder: its path without extension, with forward slashes. */
export function fileId(dir: string, path: string): string {
  const inside = relative(dir, path).replaceAll("\\", "/");
  return inside.slice(0, inside.length - extname(inside).length);
}
