/**
 * `deno task returns`: measures what random play and the scripted policies of every scenario on the shelf bring, and
 * writes sim/scenarios/returns.json. `deno task returns ID…` measures only these, and keeps the others as they are.
 *
 * @module
 */
import { findScenario, scenarios } from "../sim/mod.ts";
import type { ReturnsByKind } from "../sim/returns/mod.ts";
import { measure } from "./returns/measure.ts";
import { root } from "./run.ts";
import { say } from "./say.ts";

const file = new URL("sim/scenarios/returns.json", root);

type File = Readonly<Record<string, ReturnsByKind>>;

/** What became of each scenario's numbers, a line each; empty where nothing changed. */
export function changes(before: File, after: File): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((id) => {
    if (!(id in before)) return [`new      ${id}`];
    if (!(id in after)) return [`gone     ${id}`];
    return JSON.stringify(before[id]) === JSON.stringify(after[id]) ? [] : [`changed  ${id}`];
  });
}

if (import.meta.main) {
  const before: File = JSON.parse(await Deno.readTextFile(file));
  const chosen = Deno.args.length > 0 ? Deno.args.map(findScenario) : scenarios;
  const kept = Deno.args.length > 0 ? scenarios.filter(({ id }) => id in before) : [];
  const measured = new Map(kept.map(({ id }) => [id, before[id]!]));
  for (const scenario of chosen) {
    const start = performance.now();
    measured.set(scenario.id, measure(scenario));
    const seconds = (performance.now() - start) / 1000;
    if (seconds > 2) say(`${scenario.id} took ${seconds.toFixed(1)} s`);
  }
  const after = Object.fromEntries([...measured].sort(([a], [b]) => a < b ? -1 : 1));
  await Deno.writeTextFile(file, JSON.stringify(after, null, 2) + "\n");
  for (const line of changes(before, after)) say(line);
  say(`${Object.keys(after).length} scenarios`);
}
