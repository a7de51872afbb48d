/**
 * `deno task learn NAME…`: the slow tests that prove an algorithm learns, by the name of their file.
 *
 * @module
 */
import { countsOf } from "./counts.ts";
import { runParts } from "./parts.ts";
import { root, runDeno } from "./run.ts";
import { say } from "./say.ts";

const folder = "tests/learning";
const suffix = "_test.ts";

function names(): string[] {
  return [...Deno.readDirSync(new URL(folder, root))]
    .map((entry) => entry.name)
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .sort();
}

if (import.meta.main) {
  const known = names();
  const asked = Deno.args.includes("all") ? known : Deno.args;
  const missing = asked.filter((name) => !known.includes(name));
  if (asked.length === 0 || missing.length > 0) {
    if (missing.length > 0) say(`no learning test is called ${missing.join(", ")}`);
    say(`usage: deno task learn NAME… | all\nnames: ${known.join(", ") || "none yet"}`);
    Deno.exit(2);
  }
  const parts = asked.map((name) => ({
    name,
    run: async () => countsOf(await runDeno(["test", "-A", `${folder}/${name}${suffix}`])),
  }));
  Deno.exit(await runParts(parts));
}
