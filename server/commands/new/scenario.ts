/**
 * A scenario to start from: the template in tools/templates/ under a name of one's own.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError, UserError } from "../../../core/mod.ts";
import { findScenario, scenarios } from "../../../sim/mod.ts";
import { shortPath } from "../../cli/format.ts";
import { writeWhole } from "../../workspace/files.ts";

/** A file that is ready to be written. */
export interface Draft {
  readonly path: string;
  readonly id: string;
  /** What to do then, a line each. */
  readonly next: readonly string[];
  write(): void;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const TEMPLATE = join(root, "tools/templates/scenario.ts");
const MOD = join(root, "sim/mod.ts");
const SHELF = join(root, "sim/scenarios/mod.ts");

/** The template's own names. */
const EXAMPLE = {
  imports: 'import { group, particles, particleStep, scenario } from "../../sim/mod.ts";\n',
  title: "Example:",
  constant: "export const example =",
  id: "mine/example",
};

/** On the shelf, files import the files of their own folder. */
export const SHELF_IMPORTS = `import { particleStep } from "../../language/particle_step.ts";
import { scenario } from "../../language/scenario.ts";
import { group, particles } from "../../language/world.ts";
`;

/**
 * `NAME.ts` in `folder`, with the id `mine/NAME`, or the one given as `family/NAME`.
 *
 * @throws UserError when the file is there already
 */
export function draftScenario(name: string, folder: string): Draft {
  const id = idOf(name);
  const path = vacant(join(folder, `${fileName(id)}.ts`));
  const from = relative(resolve(folder), MOD).replaceAll("\\", "/");
  const file = /^\.{1,2}\//.test(path) || path.startsWith("/") ? path : `./${path}`;
  return {
    path,
    id,
    next: [
      `deno task test tests/conformance/scenarios_test.ts -- ${file}`,
      `deno task paddock evaluate --policy random --scenario ${file}`,
      `deno task paddock train --scenario ${file} --algorithm mappo --constraint lagrangian --steps 3e5`,
      "docs/writing-a-scenario.md has the vocabulary and the rules",
    ],
    write() {
      mkdirSync(folder, { recursive: true });
      writeWhole(
        path,
        named(id, EXAMPLE.imports.replace("../../sim/mod.ts", from.startsWith(".") ? from : `./${from}`)),
      );
    },
  };
}

/**
 * `sim/scenarios/FAMILY/NAME.ts`, and its line in the shelf.
 *
 * @throws UserError when the id or the file is taken
 */
export function draftForShelf(name: string): Draft {
  const id = idOf(name);
  if (scenarios.some((scenario) => scenario.id === id)) {
    throw new UserError(`${findScenario(id).id} is on the shelf already: choose another name`);
  }
  const path = vacant(join(dirname(SHELF), `${id}.ts`));
  const shelf = withEntry(readFileSync(SHELF, "utf8"), id);
  return {
    path: shortPath(path),
    id,
    next: [
      "deno task golden                   adds its hashes",
      "deno task test tests/conformance   proves it like every other",
      `deno task returns ${id}   measures what random and scripted play return`,
      "deno task scenarios                draws it and writes its section of docs/scenarios.md",
      `deno task paddock train --scenario ${id} --algorithm mappo --constraint lagrangian --steps 3e5`,
      "docs/writing-a-scenario.md has the vocabulary and the rules",
    ],
    write() {
      mkdirSync(dirname(path), { recursive: true });
      writeWhole(path, named(id, SHELF_IMPORTS));
      writeWhole(SHELF, shelf);
    },
  };
}

function idOf(name: string): string {
  const id = name.includes("/") ? name : `mine/${name}`;
  if (/^[a-z][a-z0-9_]*\/[a-z][a-z0-9_]*$/.test(id)) return id;
  const cleaned = name.replace(/\.ts$/, "").replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase()
    .replace(/[^a-z0-9_/]+/g, "_").replace(/^[^a-z]+/, "");
  const hint = cleaned === "" || cleaned === name ? "" : `. Try ${cleaned}`;
  throw new UsageError(
    `expected a name like harbour or safe/harbour, of a-z, 0-9 and _, a letter first; found "${name}"${hint}`,
  );
}

const fileName = (id: string): string => id.slice(id.indexOf("/") + 1);

/** `path`, where nothing stands yet. */
function vacant(path: string): string {
  if (existsSync(path)) {
    throw new UserError(`${shortPath(resolve(path))} is there already: choose another name`);
  }
  return path;
}

/** The template with the names of scenario `id`. */
export function named(id: string, imports: string): string {
  const words = fileName(id).split("_");
  const title = words.join(" ");
  return readFileSync(TEMPLATE, "utf8")
    .replace(EXAMPLE.imports, imports)
    .replace(EXAMPLE.title, `${title[0]!.toUpperCase()}${title.slice(1)}:`)
    .replace(EXAMPLE.constant, `export const ${constantOf(id)} =`)
    .replace(EXAMPLE.id, id);
}

/** Words that a constant cannot be called: JavaScript's own, and what the template imports. */
const TAKEN = new Set(
  ("await break case catch class const continue debugger default delete do else enum export extends false finally for " +
    "function if implements import in instanceof interface let new null package private protected public return " +
    "static super switch this throw true try typeof var void while with yield " +
    "group particles particleStep scenario z").split(" "),
);

/** `big_harbour` is bigHarbour, and `group` is groupScenario. */
function constantOf(id: string): string {
  const name = fileName(id).replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/_+$/, "");
  return TAKEN.has(name) ? `${name}Scenario` : name;
}

/** The shelf with a line of import and an entry more. */
export function withEntry(shelf: string, id: string): string {
  const constant = constantOf(id);
  const imports = /^import .*;\n/gm;
  const last = [...shelf.matchAll(imports)].at(-1)!;
  const end = last.index + last[0].length;
  const head = `${shelf.slice(0, end)}import { ${constant} } from "./${id}.ts";\n`;
  return head + shelf.slice(end).replace(/\n\];\n$/, `\n  ${constant},\n];\n`);
}
