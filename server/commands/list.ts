/**
 * `paddock list`: what there is.
 *
 * @module
 */
import * as z from "zod";
import { UsageError } from "../../core/mod.ts";
import { settingsOf } from "../catalogue.ts";
import { command } from "../cli/command.ts";
import { unknownName } from "../cli/errors.ts";
import { runsFlag, toggle } from "../cli/flags.ts";
import { count, methodOf, number, table } from "../cli/format.ts";
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
    const { catalogueEntry } = await import("../catalogue.ts");
    const { scenarioRows, scenarioSheet } = await import("./list/scenarios.ts");
    if (id === undefined) {
      const { scenarios } = await import("../../sim/mod.ts");
      const items = scenarios.map(catalogueEntry);
      return { items, rows: scenarioRows(items), head: true };
    }
    const { loadScenario } = await import("../run/scenario.ts");
    const entry = catalogueEntry((await loadScenario(id)).scenario);
    return { items: entry, rows: scenarioSheet(entry) };
  },
  algorithms: async () => shelfOf((await import("../../agents/mod.ts")).algorithms),
  constraints: async () => shelfOf((await import("../../constraints/mod.ts")).constraints),
  runs: async (folder) => {
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

/** Settings of an entry on a shelf, each with its default and its line of help. */
function shelfOf(entries: readonly { name: string; summary: string; settings: z.ZodObject }[]): Shelf {
  const items = entries.map(({ name, summary, settings }) => ({
    name,
    summary,
    settings: settingsOf(settings),
  }));
  return {
    items,
    rows: items.flatMap(({ name, summary, settings }) => [
      [name, summary, ""],
      ...Object.entries(settings).map(([key, setting]) => [
        `  ${key}`,
        setting.description ?? "",
        `(${JSON.stringify(setting.default)})`,
      ]),
    ]),
  };
}

export const listCommand = command({
  name: "list",
  summary: "list scenarios, algorithms, constraints or runs",
  operands: {
    "<shelf>": Object.keys(shelves).join(", "),
    "[scenario]": "with scenarios: the id or file of one, to see everything about it",
  },
  flags: z.strictObject({
    runs: runsFlag,
    json: toggle("print the list as one JSON array, or the one scenario as an object"),
  }),
  examples: ["paddock list scenarios", "paddock list scenarios safe/crossing", "paddock list runs --json"],
  async run({ runs, json }, [name, id]) {
    const shelf = shelves[name as string];
    if (!shelf) throw unknownName("list of", name as string, Object.keys(shelves));
    if (id !== undefined && name !== "scenarios") {
      throw new UsageError(`only scenarios are listed one by one: leave out "${id}"`);
    }
    const { items, rows, head } = await shelf(runs, id as string | undefined);
    if (json) sayJson(items);
    else if (Array.isArray(items) && items.length === 0) say("none yet");
    else table(rows).forEach((line, i) => say(i === 0 && head ? paint("dim", line) : line));
    return 0;
  },
});
