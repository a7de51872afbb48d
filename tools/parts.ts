/**
 * The parts of `deno task ok` and `deno task test`: four checks and the fast tests; for `test`, the long and the slow ones.
 *
 * @module
 */
import { browserCheck } from "./browser_check.ts";
import { add, closingLine, countOfCheck, type Counts, countsOf, none } from "./counts.ts";
import { runDeno } from "./run.ts";
import { say } from "./say.ts";

export interface Part {
  readonly name: string;
  run(): Promise<Counts>;
}

/** Each starts programs, or counts over many seeds: minutes in all, side by side. */
const long = ["tests/commands", "tests/sim/identify_coverage_test.ts"];

/** Driven by a browser, or whole programs under load: minutes, and one at a time. */
const slow = ["tests/browser", "tests/end_to_end"];

/** Trains for minutes to hours; only `deno task learn` runs it. */
const learning = "tests/learning";

const check = (name: string, ...args: string[]): Part => ({
  name,
  run: async () => countOfCheck(await runDeno(args)),
});

/** Types are checked once, by the part `check`. */
const testFlags = ["test", "-A", "--no-check", "--permit-no-files"];

export const checks: readonly Part[] = [
  check("fmt", "fmt", "--check"),
  check("lint", "lint", "--quiet"),
  check("check", "check", "--quiet", "."),
  { name: "browser check", run: async () => countOfCheck(await browserCheck()) },
];

const tests = (name: string, ...args: string[]): Part => ({
  name,
  run: async () => countsOf(await runDeno([...testFlags, ...args])),
});

const others = `--ignore=${[...long, ...slow, learning].join(",")}`;

export const fastTests: Part = tests("tests", "--parallel", others, "tests");
export const longTests: Part = tests("commands and long tests", "--parallel", ...long);
export const slowTests: Part = tests("browser and end-to-end tests", ...slow);

/** Runs the parts in order, all of them even after a failure; prints a table and the closing line; the exit code. */
export async function runParts(parts: readonly Part[]): Promise<number> {
  const rows: string[] = [];
  let total = none;
  for (const { name, run } of parts) {
    say(`\n--- ${name}`);
    const start = performance.now();
    const counts = await run();
    total = add(total, counts);
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
    rows.push(`${counts.failed > 0 ? "FAILED" : "ok    "} ${seconds} s  ${name}: ${closingLine(counts)}`);
  }
  say(`\n${rows.join("\n")}\n`);
  say(closingLine(total));
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}
