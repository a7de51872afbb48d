/**
 * Type-checks what must run in a browser tab against the types of a browser: the DOM's, none of Deno's. A file that
 * says `Deno.pid` fails here even where no lint rule looks, in a dependency of a dependency.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { type Ran, root, runDeno } from "./run.ts";
import { say } from "./say.ts";

const folders = ["core", "sim", "tensor", "constraints", "agents", "islands"];
const native = "tensor/runtime/node.ts";

/** Every source file that must run in a browser, as a path from the root. */
export function browserFiles(): string[] {
  return folders.flatMap(sourcesIn).filter((path) => path !== native).sort();
}

function sourcesIn(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) return sourcesIn(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** The project's own configuration with other libraries; it stands outside the project, so local paths become URLs. */
function browserConfig(): string {
  const imports = Object.entries(config.imports).map(([name, to]) => [
    name,
    to.startsWith(".") ? new URL(to, root).href : to,
  ]);
  return JSON.stringify({
    nodeModulesDir: "none",
    lock: { path: "./deno.lock", frozen: false },
    compilerOptions: {
      ...config.compilerOptions,
      lib: ["esnext", "dom", "dom.iterable", "dom.asynciterable"],
    },
    imports: Object.fromEntries(imports.filter(([name]) => name !== "@types/node")),
  });
}

/** Checks `files` (default: all of `browserFiles()`) as a browser would see them. */
export async function browserCheck(files: readonly string[] = browserFiles(), quiet = false): Promise<Ran> {
  const folder = await Deno.makeTempDir({ prefix: "paddock-browser-" });
  try {
    await Deno.writeTextFile(`${folder}/deno.json`, browserConfig());
    await Deno.copyFile(new URL("deno.lock", root), `${folder}/deno.lock`);
    return await runDeno(["check", "--quiet", "--config", `${folder}/deno.json`, ...files], quiet);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const { code } = await browserCheck();
  if (code === 0) say(`${browserFiles().length} files run in a browser, as far as types can tell`);
  Deno.exit(code === 0 ? 0 : 1);
}
