/**
 * `paddock identify`: the params of a scenario that recorded motion tells.
 *
 * @module
 */
import * as z from "zod";
import { UsageError, UserError } from "../../core/mod.ts";
import type { Identification, Recording, Scenario } from "../../sim/mod.ts";
import { command } from "../cli/command.ts";
import { choice, pairs, text, toggle, whole } from "../cli/flags.ts";
import { count, number, table, typed } from "../cli/format.ts";
import { paint, say, sayJson } from "../cli/output.ts";
import { parsePairs } from "../cli/values.ts";
import { readWhole } from "../workspace.ts";
import { openReplay } from "./replay_file.ts";

export const identifyCommand = command({
  name: "identify",
  summary: "fit params of a scenario to recorded motion, and say which of them it cannot tell",
  operands: { "<file>": "a replay, one exported as JSON lines, or lines of { states, actions }" },
  flags: z.strictObject({
    free: text("names", "params to find, with commas between"),
    fixed: pairs("params that are known, where they are not the scenario's defaults"),
    start: pairs("where the search begins, if not at the defaults"),
    noise: choice(["measurement", "process"], "what is off: the recorded numbers, or where each step ends")
      .default("measurement"),
    window: whole(2, "with noise of measurement: moments that are fitted from one unknown start").default(25),
    scenario: text("id", "an id or a file; that of the replay if not given").optional(),
    json: toggle("print the findings as one JSON object"),
  }),
  examples: [
    "paddock identify swings.replay --free mass,length --fixed gravity=9.81",
    "paddock identify swings.jsonl --scenario control/pendulum_v1 --free gravity,mass,length --json",
  ],
  async run({ free, fixed, start, noise, window, scenario, json }, [file]) {
    const { identify } = await import("../../sim/mod.ts");
    const read = await readFile(file as string, scenario);
    const found = identify(read.scenario, {
      data: read.data,
      free: free.split(",").map((name) => name.trim()).filter((name) => name !== ""),
      fixed: parsePairs("--fixed", fixed),
      start: parsePairs("--start", start) as Record<string, number>,
      noise,
      window,
    });
    if (json) sayJson(found);
    else sayFindings(found);
    return found.converged ? 0 : 1;
  },
});

interface File {
  readonly scenario: Scenario;
  readonly data: readonly Recording[];
}

async function readFile(file: string, given: string | undefined): Promise<File> {
  const { findScenario, readJsonLines, recordingsOf } = await import("../../sim/mod.ts");
  const { loadScenario } = await import("../run/scenario.ts");
  const bytes = readWhole(file);
  const chosen = given === undefined ? undefined : (await loadScenario(given)).scenario;
  if (new TextDecoder().decode(bytes.subarray(0, 7)) === "PADDOCK") {
    const { replay, scenario } = await openReplay(file, undefined);
    const home = chosen ?? scenario ?? findScenario(replay.header.scenario);
    return { scenario: home, data: recordingsOf(replay, home) };
  }
  const { data, origin } = named(file, () => readJsonLines(new TextDecoder().decode(bytes)));
  if (chosen === undefined && origin === undefined) {
    throw new UsageError(`${file} does not say where it was recorded: add --scenario ID`);
  }
  return { scenario: chosen ?? findScenario(origin!.scenario), data };
}

/** What is wrong with a file's content is said with its name. */
function named<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const cure = /^line 1 is not JSON/.test(error.message)
      ? ". Expected a replay, or lines of recorded motion as export writes them: " +
        typed("export swings.replay swings.jsonl")
      : "";
    throw new UserError(`${file}: ${error.message}${cure}`);
  }
}

function sayFindings(found: Identification): void {
  const { scenario, steps, episodes, iterations, converged } = found;
  say(
    paint("bold", scenario) +
      `  ${count(steps)} steps of ${count(episodes)} episode${episodes === 1 ? "" : "s"}`,
  );
  const rest = converged
    ? `${iterations} iterations`
    : paint("red", `gave up after ${iterations} iterations`);
  say(`rank ${found.rank} of ${found.of}, ${rest}`);
  const told = Object.entries(found.params).flatMap(([name, estimate]) =>
    estimate ? [{ name, ...estimate }] : []
  );
  const products = found.identified.map(({ expression, ...estimate }) => ({ name: expression, ...estimate }));
  const rows = [...told, ...products].map(({ name, estimate, error, interval: [low, high] }) => [
    name,
    number(estimate),
    number(error),
    `[${number(low)}, ${number(high)}]`,
  ]);
  for (const line of table([["", "estimate", "error", "95 % interval"], ...rows])) say(line);
  for (const line of found.unidentified) say(`not identified: ${line}`);
  const { rollout } = found;
  say("");
  const spreads = Object.entries(found.rmse).map(([name, rmse]) => [
    name,
    number(rmse),
    number(rollout.error[name]!),
  ]);
  for (const line of table([["", "left over", `over ${rollout.steps} steps`], ...spreads])) say(line);
}
