/**
 * Writes docs/scenarios.md and docs/pictures/ from the shelf of scenarios: a list, then for each its picture, docstring,
 * spaces, costs, params and reference returns.
 *
 * @module
 */
import { scenarios } from "../sim/mod.ts";
import { root, runDeno } from "./run.ts";
import { say } from "./say.ts";
import { docstringOf } from "./scenarios_doc/docstring.ts";
import { sceneOf } from "./scenarios_doc/scene.ts";
import { mdTable, row, section, type Sheet } from "./scenarios_doc/section.ts";

const PAGE = "docs/scenarios.md";
const PICTURES = "docs/pictures/";

const OPENING =
  `<!-- Written by tools/scenarios_doc.ts from the scenarios themselves: change those, then run it again. -->

# Scenarios

Everything on the shelf, as it is with its default params. \`paddock list scenarios ID --json\` says the same to a
machine; [Writing a scenario](writing-a-scenario.md) tells how to add one.

Returns are the mean over all agents of their summed rewards, with Student's 95 % interval, of the first episode of
each environment under seed 1, as \`paddock evaluate --policy random --scenario ID\` reports them; where there are
several groups, the mean over the members of each stands beside it. Costs are in the unit of their limit, and the sum
over the episode where there is none. Random play draws evenly from the legal actions.`;

/** Path from the root -> text of everything that is generated, formatted. */
export async function generate(): Promise<Record<string, string>> {
  const sheets = await sheetsOf();
  const families = Map.groupBy(sheets, ({ scenario }) => scenario.id.split("/")[0]!);
  const head = ["scenario", "", "agents", "steps", "actions", "limits", "random", "scripted"];
  const page = [
    OPENING,
    mdTable(head, sheets.map(row)),
    ...[...families].flatMap(([family, its]) => [`## ${family}`, ...its.map(section)]),
  ].join("\n\n") + "\n";
  const pictures = sheets.map(({ scenario, scene }) => [`${PICTURES}${scenario.id}.svg`, scene.svg]);
  return await formatted({ [PAGE]: page, ...Object.fromEntries(pictures) });
}

/** By id. */
async function sheetsOf(): Promise<Sheet[]> {
  const files = await filesById();
  const sheets = scenarios.map(async (scenario): Promise<Sheet> => {
    const file = files.get(scenario.id);
    if (file === undefined) {
      throw new Error(`no file below sim/scenarios/ has the line: id: "${scenario.id}",`);
    }
    const docstring = docstringOf(await Deno.readTextFile(new URL(file, root)));
    return { scenario, file, docstring, scene: sceneOf(scenario) };
  });
  return (await Promise.all(sheets)).sort((a, b) => a.scenario.id < b.scenario.id ? -1 : 1);
}

/** The file in which each id is written. */
async function filesById(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const file of filesBelow("sim/scenarios/")) {
    const source = await Deno.readTextFile(new URL(file, root));
    for (const [, id] of source.matchAll(/^\s+id: "([^"]+)",$/gm)) found.set(id!, file);
  }
  return found;
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
    if (isDirectory) yield* filesBelow(`${folder}${name}/`);
    else if (name.endsWith(".ts")) yield folder + name;
  }
}

/** As \`deno fmt\` would leave them, which is what the repository holds. */
async function formatted(files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(`${folder}/${path.slice(0, path.lastIndexOf("/"))}`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${path}`, text);
    }
    const { code, output } = await runDeno(["fmt", "--quiet", "--line-width", "110", folder], true);
    if (code !== 0) throw new Error(output);
    const texts = Object.keys(files).map(async (
      path,
    ) => [path, await Deno.readTextFile(`${folder}/${path}`)]);
    return Object.fromEntries(await Promise.all(texts));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Everything that stands where generated files stand. */
export async function present(): Promise<Record<string, string>> {
  const paths = [PAGE];
  const pictures = async function (folder: string): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
      if (isDirectory) await pictures(`${folder}${name}/`);
      else paths.push(folder + name);
    }
  };
  await pictures(PICTURES);
  const texts = paths.map(async (path) => [path, await Deno.readTextFile(new URL(path, root))]);
  return Object.fromEntries(await Promise.all(texts));
}

if (import.meta.main) {
  const files = await generate();
  await Deno.remove(new URL(PICTURES, root), { recursive: true }).catch(() => {});
  for (const [path, text] of Object.entries(files)) {
    const file = new URL(path, root);
    await Deno.mkdir(new URL(".", file), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  say(`${Object.keys(files).length} files`);
}
