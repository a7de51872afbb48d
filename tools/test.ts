/**
 * `deno task test`: all that must pass before anything is released. `deno task test PATH…` runs only those test files.
 * The last line is `N passed, N failed`, each check counted as one.
 *
 * @module
 */
import { countsOf } from "./counts.ts";
import { checks, fastTests, longTests, type Part, runParts, slowTests } from "./parts.ts";
import { runDeno } from "./run.ts";

const only = (args: readonly string[]): Part => ({
  name: args.join(" "),
  run: async () => countsOf(await runDeno(["test", "-A", ...args])),
});

if (import.meta.main) {
  Deno.exit(
    await runParts(Deno.args.length > 0 ? [only(Deno.args)] : [...checks, fastTests, longTests, slowTests]),
  );
}
