/**
 * docs/results: a file for each learning test with all that its trials brought, and a table of them.
 *
 * @module
 */
import type { Aggregate } from "../../../agents/mod.ts";
import type { Result } from "./trial.ts";

const folder = new URL("../../../docs/results/", import.meta.url);

/** Keeps a result in the file of its test, in the place of an older one, and writes the table anew. */
export function keep(result: Result): void {
  const file = new URL(`${result.name}.json`, folder);
  const others = read(file).filter(({ label }) => label !== result.label);
  const results = [...others, result].sort((a, b) => a.label < b.label ? -1 : 1);
  Deno.mkdirSync(folder, { recursive: true });
  Deno.writeTextFileSync(file, compact(JSON.stringify({ results }, null, 2)) + "\n");
  Deno.writeTextFileSync(new URL("README.md", folder), tableOf(all()));
}

function read(file: URL): Result[] {
  try {
    return JSON.parse(Deno.readTextFileSync(file)).results;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Every result that is kept, by the name of its test. */
function all(): Result[] {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    name.endsWith(".json")
  );
  return names.sort().flatMap((name) => read(new URL(name, folder)));
}

/** Arrays of numbers on one line. */
function compact(json: string): string {
  return json.replace(/\[[^\[\]{}"]*\]/g, (array) => array.replace(/\s+/g, " "))
    .replace(/\[\s+(\[[^{}"]*?\])\s+\]/g, (arrays) => arrays.replace(/\s+/g, " "));
}

function tableOf(results: readonly Result[]): string {
  const rows = results.flatMap(rowsOf);
  const head = [
    "name",
    "scenario",
    "algorithm",
    "score",
    "bar",
    "IQM [95 %]",
    "random",
    "scripted",
    "steps",
    "s",
  ];
  return [
    "# Results",
    "",
    "Written by `deno task learn NAME`. The settings, seeds, scores, versions and curves of each are in `NAME.json`.",
    "A return is the mean over agents of an episode's undiscounted rewards. IQM is the interquartile mean over the",
    "seeds, its interval a stratified bootstrap of them (Agarwal et al. 2021); `s` is the seconds that one seed trains,",
    "two at a time, with one thread each.",
    "",
    ...[head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`),
    "",
  ].join("\n");
}

/** A row for each score. */
function rowsOf(result: Result): string[][] {
  const { name, label, bar, held, trial, scores, random, scripted, steps, seconds } = result;
  const seconds1 = seconds.reduce((a, b) => a + b, 0) / seconds.length;
  return Object.entries(scores).map(([score, it], i) => [
    i === 0 ? `[${name}](${name}.json)` : "",
    i === 0 ? trial.scenario + (trial.actions === "continuous" ? ", continuous" : "") : "",
    i === 0 ? label : "",
    score,
    i > 0 ? "" : bar === "none" ? "none" : `${bar}: ${held ? "held" : "missed"}`,
    intervalText(it),
    number(random[score]!.iqm),
    scripted ? number(scripted[score]!.iqm) : "",
    i === 0 ? steps.toLocaleString("en") : "",
    i === 0 ? `${Math.round(seconds1)}` : "",
  ]);
}

/** `-8.91 [-9.02, -8.80]` */
export function intervalText({ iqm, ci }: Aggregate): string {
  return `${number(iqm)} [${ci.map(number).join(", ")}]`;
}

function number(value: number): string {
  return Number.isInteger(value) ? `${value}` : value.toFixed(Math.abs(value) < 1 ? 3 : 2);
}
