/**
 * Who may import whom: `core ◄── sim, tensor ◄── constraints ◄── agents ◄── server`, and islands beside agents.
 *
 * @module
 */
import { onImport } from "./imports.ts";
import { type Place, placeOf, relative, target } from "./place.ts";

/** Folder -> folders it may import. A folder that is not here (tests, bench, tools, main.ts) may import anything. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  sim: ["core"],
  tensor: ["core"],
  constraints: ["core", "sim", "tensor"],
  agents: ["core", "sim", "tensor", "constraints"],
  islands: ["core", "sim", "tensor", "constraints"],
  server: ["core", "sim", "tensor", "constraints", "agents", "islands", "bench", "tools", "static"],
};

/** What other folders may import of a folder. `islands` and the rest below `server` have no single door. */
const doors: Readonly<Record<string, readonly string[]>> = {
  core: ["core/mod.ts"],
  sim: ["sim/mod.ts", "sim/parallel/mod.ts", "sim/pettingzoo/mod.ts", "sim/returns/mod.ts"],
  tensor: ["tensor/mod.ts", "tensor/runtime/web.ts", "tensor/runtime/node.ts"],
  constraints: ["constraints/mod.ts"],
  agents: ["agents/mod.ts"],
};

/** Loads a native library, so it stays out of everything that runs in a browser. */
const nativeRuntime = "tensor/runtime/node.ts";
const mayLoadNative = new Set(["server", "tests", "bench"]);

/** The framework's browser half: in Fresh it is a package, here the import map points into `server/`. */
const frameworkForIslands = "fresh/runtime";

const order = "core ◄── sim, tensor ◄── constraints ◄── agents ◄── server, and islands beside agents";

function problem(specifier: string, from: Place, to: Place): { message: string; hint: string } | undefined {
  if (to.path === nativeRuntime && !mayLoadNative.has(from.folder) && from.path !== "main.ts") {
    return {
      message: `${from.path} may not import ${nativeRuntime}`,
      hint: "take a Runtime as an argument: only server, tests, bench and main.ts choose which one",
    };
  }
  const allowed = mayImport[from.folder];
  if (allowed === undefined) return undefined;
  if (to.folder === from.folder) {
    if (to.path !== `${to.folder}/mod.ts` || from.path === to.path) return undefined;
    return {
      message: `${from.path} imports its own folder's mod.ts`,
      hint: "inside a folder, import the file that has the name",
    };
  }
  if (from.folder === "islands" && specifier === frameworkForIslands) return undefined;
  if (from.folder === "server" && to.path === "deno.json") return undefined;
  if (!allowed.includes(to.folder)) {
    const folders = allowed.length > 0 ? allowed.join(", ") : "no other folder";
    return {
      message: `${from.folder}/ may not import ${to.folder === "" ? to.path : `${to.folder}/`}`,
      hint:
        `${from.folder} imports ${folders} (${order}). Pass what you need as an argument, or move it leftwards`,
    };
  }
  const open = doors[to.folder];
  if (open === undefined || open.includes(to.path)) return undefined;
  return {
    message: `${to.path} is inside ${to.folder}/`,
    hint: `import "${relative(from, `${to.folder}/mod.ts`)}", and export the name there if it is missing`,
  };
}

export const layers: Deno.lint.Rule = {
  create(context) {
    const from = placeOf(context.filename);
    if (from === undefined) return {};
    return onImport((specifier, node) => {
      const to = target(specifier, from);
      const found = to && problem(specifier, from, to);
      if (found) context.report({ node, ...found });
    });
  },
};
