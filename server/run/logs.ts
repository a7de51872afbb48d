/**
 * The metrics of a run as files that other programs read: `metrics.jsonl`, an object a line, and `metrics.csv`, a number
 * a line (step, tag, value), so that new tags need no new columns.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TrainEvent } from "../../agents/mod.ts";
import { writeWhole } from "../workspace.ts";

const header = "step,tag,value\n";

/** A callback that appends to both files in `folder`. Lines of steps after `from` are forgotten: they come again. */
export function metricLogs(folder: string, from: number): (event: TrainEvent) => void {
  const lines = join(folder, "metrics.jsonl");
  const table = join(folder, "metrics.csv");
  keep(lines, "", (line) => stepOf(line) <= from);
  keep(table, header, (line) => Number(line.slice(0, line.indexOf(","))) <= from);
  const append = (path: string, text: string) => Deno.writeTextFileSync(path, text, { append: true });
  return (event) => {
    const found = metricsOf(event);
    if (!found) return;
    append(lines, JSON.stringify({ step: event.step, ...found }) + "\n");
    append(table, Object.entries(found).map(([tag, value]) => `${event.step},${tag},${value}\n`).join(""));
  };
}

/** The steps that the log in `folder` has metrics of: one for each update. */
export function loggedSteps(folder: string): ReadonlySet<number> {
  const path = join(folder, "metrics.jsonl");
  const text = existsSync(path) ? Deno.readTextFileSync(path) : "";
  return new Set(text.split("\n").map(stepOf).filter((step) => !Number.isNaN(step)));
}

/** The metrics that an event brings, by their stable paths (docs/metrics.md); undefined where it brings none. */
export function metricsOf(event: TrainEvent): Readonly<Record<string, number>> | undefined {
  if (event.kind === "update") return event.metrics;
  if (event.kind !== "evaluation") return;
  const { return: { mean }, costs } = event.report;
  return {
    "evaluation/return": mean,
    ...Object.fromEntries(
      Object.entries(costs).map(([name, { mean }]) => [`evaluation/cost/${name}`, mean]),
    ),
  };
}

/** The step of a line of JSON; NaN of one that is damaged. */
function stepOf(line: string): number {
  try {
    return Number(JSON.parse(line).step);
  } catch {
    return NaN;
  }
}

/** The file at `path` with `head` and those of its lines that are whole and pass `test`. */
function keep(path: string, head: string, test: (line: string) => boolean): void {
  const before = existsSync(path) ? Deno.readTextFileSync(path) : "";
  const whole = before.slice(0, before.lastIndexOf("\n") + 1).split("\n").filter((line) => line !== "");
  const kept = whole.filter((line) => line + "\n" !== head && test(line));
  writeWhole(path, head + kept.map((line) => line + "\n").join(""));
}
