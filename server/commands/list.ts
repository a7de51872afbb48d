/**
 * `paddock list`: what there is.
 *
 * @module
 */
import * as z from "zod";
import { command } from "../cli/command.ts";
import { unknownName } from "../cli/errors.ts";
import { runsFlag, toggle } from "../cli/flags.ts";
import { count, methodOf, number, table } from "../cli/format.ts";
import { paint, say, sayJson } from "../cli/output.ts";

/** A shelf: its entries for a machine, and the rows of its table. */
interface Shelf {
  readonly items: readonly unknown[];
  readonly rows: readonly (readonly string[])[];
}

const shelves: Readonly<Record<string, (runs: string) => Promise<Shelf>>> = {
  scenarios: async () => {
    const { describe, scenarios } = await import("../../sim/mod.ts");
    const items = scenarios.map((scenario) => {
      const { N, channels, budgets, maxCycles, params } = describe(scenario);
      return {
        id: scenario.id,
        summary: scenario.summary ?? "",
        agents: N,
        maxCycles,
        params,
        channels,
        budgets,
      };
    });
    const limits = (item: typeof items[number]) =>
      item.budgets.map(({ channel, limit, kind }) => `${channel} ≤ ${number(limit)} ${kind}`).join(", ");
    return {
      items,
      rows: [
        ["id", "agents", "steps", "limits", ""],
        ...items.map((item) => [item.id, `${item.agents}`, `${item.maxCycles}`, limits(item), item.summary]),
      ],
    };
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
    settings: (z.toJSONSchema(settings, { io: "input" }).properties ?? {}) as Record<string, Setting>,
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

interface Setting {
  readonly description?: string;
  readonly default?: unknown;
}

export const listCommand = command({
  name: "list",
  summary: "list scenarios, algorithms, constraints or runs",
  operands: { "<shelf>": Object.keys(shelves).join(", ") },
  flags: z.strictObject({ runs: runsFlag, json: toggle("print the list as one JSON array") }),
  examples: ["paddock list scenarios", "paddock list runs --json"],
  async run({ runs, json }, [name]) {
    const shelf = shelves[name as string];
    if (!shelf) throw unknownName("list of", name as string, Object.keys(shelves));
    const { items, rows } = await shelf(runs);
    if (json) sayJson(items);
    else if (items.length === 0) say("none yet");
    else table(rows).forEach((line, i) => say(i === 0 && name !== "algorithms" ? paint("dim", line) : line));
    return 0;
  },
});
