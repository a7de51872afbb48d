/**
 * `paddock list`: what there is.
 *
 * @module
 */
import * as z from "zod";
import { UsageError } from "../../core/mod.ts";
import { rangeOf, settingsOf } from "../catalogue.ts";
import { command } from "../cli/command.ts";
import { unknownName } from "../cli/errors.ts";
import { runsFlag, toggle } from "../cli/flags.ts";
import { count, methodOf, number, table, typed } from "../cli/format.ts";
import { paint, say, sayJson } from "../cli/output.ts";

/** A shelf: its entries for a machine, and the rows of its table. */
interface Shelf {
  /** A list, or one entry that was asked for. */
  readonly items: unknown;
  readonly rows: readonly (readonly string[])[];
  /** Whether the first row names the columns. */
  readonly head?: true;
}

const shelves: Readonly<Record<string, (runs: string, id: string | undefined) => Promise<Shelf>>> = {
  scenarios: async (_, id) => {
    const { scenarios } = await import("../../sim/mod.ts");
    const { catalogueEntry } = await import("../catalogue.ts");
    const { scenarioRows, scenarioSheet } = await import("./list/scenarios.ts");
    if (id === undefined) {
      const items = scenarios.map(catalogueEntry);
      return { items, rows: scenarioRows(items.toSorted(byId)), head: true };
    }
    const family = scenarios.filter((scenario) => scenario.id.startsWith(`${id}/`));
    if (family.length > 0) {
      const items = family.map(catalogueEntry);
      return { items, rows: scenarioRows(items.toSorted(byId)), head: true };
    }
    const { loadScenario } = await import("../run/scenario.ts");
    const entry = catalogueEntry((await loadScenario(id)).scenario);
    return { items: entry, rows: scenarioSheet(entry) };
  },
  algorithms: async (_, name) => shelfOf("algorithm", (await import("../../agents/mod.ts")).algorithms, name),
  constraints: async (_, name) => {
    return shelfOf("constraint", (await import("../../constraints/mod.ts")).constraints, name);
  },
  runs: async (folder, name) => {
    if (name !== undefined) throw new UsageError(`runs are listed all at once: leave out "${name}"`);
    const { existsSync } = await import("node:fs");
    const { openStore } = await import("../store.ts");
    const { openWorkspace } = await import("../workspace.ts");
    const { markAbandoned } = await import("../run/lock.ts");
    const workspace = openWorkspace(folder);
    const store = existsSync(workspace.database) ? openStore(workspace.database) : undefined;
    if (store) markAbandoned(workspace, store);
    const items = store?.runs() ?? [];
    store?.close();
    return {
      items,
      head: true,
      rows: [
        ["run", "status", "step", "return", "scenario", "algorithm"],
        ...items.map((run) => [
          run.name,
          run.status,
          `${count(run.step)}/${count(run.steps)}`,
          number(run.latest["episode/return"] ?? NaN),
          run.scenario,
          methodOf(run),
        ]),
      ],
    };
  },
};

/** What looks like `family/name`, or a file. */
const isScenario = (name: string): boolean => name.includes("/") || name.endsWith(".ts");

const byId = (a: { id: string }, b: { id: string }): number => a.id < b.id ? -1 : 1;

/** Settings of entries on a shelf, or of the one called `only`; each with its line of help, default and values. */
function shelfOf(
  kind: string,
  entries: readonly { name: string; summary: string; settings: z.ZodObject }[],
  only: string | undefined,
): Shelf {
  const names = entries.map(({ name }) => name);
  if (only !== undefined && !names.includes(only)) throw unknownName(kind, only, names);
  const items = entries.filter(({ name }) => only === undefined || name === only)
    .map(({ name, summary, settings }) => ({ name, summary, settings: settingsOf(settings) }));
  return {
    items: only === undefined ? items : items[0],
    rows: items.flatMap(({ name, summary, settings }) => [
      [name, summary, ""],
      ...Object.entries(settings).map(([key, setting]) => [
        `  ${key}`,
        setting.description ?? "",
        `(${JSON.stringify(setting.default)}) ${rangeOf(setting)}`,
      ]),
    ]),
  };
}

export const listCommand = command({
  name: "list",
  summary: "list scenarios, algorithms, constraints or runs",
  operands: {
    "<shelf>": Object.keys(shelves).join(", "),
    "[name]": "one of them, to see everything about it: for scenarios an id, a family or a file",
  },
  flags: z.strictObject({
    runs: runsFlag,
    json: toggle("print the list as one JSON array, or the one that was named as an object"),
  }),
  examples: [
    "paddock list scenarios",
    "paddock list scenarios safe/crossing",
    "paddock list algorithms mappo",
    "paddock list runs --json",
  ],
  async run({ runs, json }, [name, id]) {
    const shelf = shelves[name as string];
    if (!shelf) {
      if (isScenario(name as string)) {
        throw new UsageError(`to see one scenario: ${typed(`list scenarios ${name}`)}`);
      }
      throw unknownName("list of", name as string, Object.keys(shelves));
    }
    const { items, rows, head } = await shelf(runs, id as string | undefined);
    if (json) sayJson(items);
    else if (Array.isArray(items) && items.length === 0) say("none yet");
    else table(rows).forEach((line, i) => say(i === 0 && head ? paint("dim", line) : line));
    return 0;
  },
});
