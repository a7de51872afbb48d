/**
 * The builder: finds routes and islands, bundles the islands in memory, and hands both to an app.
 *
 * @module
 */
import type { FunctionComponent } from "preact";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { App } from "./app.ts";
import { bundle, type BundleOptions, type Bundles, fileId } from "./bundle.ts";
import type { Island, RouteFile, Snapshot } from "./snapshot.ts";
import type { RouteModule } from "./types.ts";

export interface BuilderOptions extends Pick<BundleOptions, "banner" | "namespaces"> {
  /** Folder of `deno.json`; the others are relative to it. */
  readonly root?: string;
  readonly routeDir?: string;
  readonly islandDir?: string;
  readonly staticDir?: string;
}

export class Builder {
  readonly #root: string;
  readonly #routeDir: string;
  readonly #islandDir: string;
  readonly #staticDir: string;
  readonly #bundling: Pick<BundleOptions, "banner" | "namespaces">;

  constructor(options: BuilderOptions = {}) {
    const { root = ".", routeDir = "routes", islandDir = "islands", staticDir = "static", ...bundling } =
      options;
    this.#root = resolve(root);
    this.#routeDir = join(this.#root, routeDir);
    this.#islandDir = join(this.#root, islandDir);
    this.#staticDir = join(this.#root, staticDir);
    this.#bundling = bundling;
  }

  /** Returns the function that gives an app what was built. Call it before `app.handler()`. */
  async build(): Promise<<State>(app: App<State>) => void> {
    const islandFiles = await components(this.#islandDir, false);
    const bundles = islandFiles.length === 0 ? undefined : await bundle({
      ...this.#bundling,
      root: this.#root,
      islands: islandFiles,
    });
    const snapshot: Snapshot = {
      routes: await routeFiles(this.#routeDir),
      islands: bundles === undefined ? new Map() : await islandExports(this.#islandDir, bundles, islandFiles),
      ...(bundles === undefined ? {} : { boot: bundles.boot }),
      preload: bundles?.preload ?? new Map(),
      assets: bundles?.assets ?? new Map(),
      staticDir: this.#staticDir,
    };
    return (app) => app.setSnapshot(snapshot);
  }
}

async function routeFiles(dir: string): Promise<RouteFile[]> {
  const files = await components(dir, true);
  return await Promise.all(files.map(async (path) => {
    const module: RouteModule = await import(pathToFileURL(path).href);
    return { path: fileId(dir, path), module };
  }));
}

/** Every function that an island file exports under a capital letter, or by default, is an island. */
async function islandExports(dir: string, { urls }: Bundles, files: readonly string[]) {
  const islands = new Map<FunctionComponent<never>, Island>();
  for (const path of files) {
    const module: Record<string, unknown> = await import(pathToFileURL(path).href);
    const url = urls.get(path);
    if (url === undefined) throw new Error(`${path} was not bundled`);
    for (const [name, value] of Object.entries(module)) {
      if (typeof value !== "function" || !(name === "default" || /^[A-Z]/.test(name))) continue;
      islands.set(value as FunctionComponent<never>, { id: `${fileId(dir, path)}#${name}`, url });
    }
  }
  return islands;
}

/** `.ts` and `.tsx` files of a folder, sorted; of an islands folder only the `.tsx` at its top are islands. */
async function components(dir: string, deep: boolean): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const entry of Deno.readDir(dir)) {
      const path = join(dir, entry.name);
      if (entry.isDirectory && deep) found.push(...await components(path, true));
      else if (entry.isFile && (extname(path) === ".tsx" || (deep && extname(path) === ".ts"))) {
        found.push(path);
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort();
}
