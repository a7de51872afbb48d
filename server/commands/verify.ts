/**
 * `paddock verify`: simulate replays again and compare, step by step.
 *
 * @module
 */
import * as z from "zod";
import { UserError } from "../../core/mod.ts";
import type { BackendName, Verdict } from "../../sim/mod.ts";
import { command } from "../cli/command.ts";
import { choice, toggle } from "../cli/flags.ts";
import { count } from "../cli/format.ts";
import { paint, say, sayJson } from "../cli/output.ts";
import { openReplay, scenarioFlag } from "./replay_file.ts";

/** What is said of one file. */
type Finding = { file: string; steps?: number } & (Verdict | { ok: false; message: string });

export const verifyCommand = command({
  name: "verify",
  summary: "check that replays play as they were recorded; exit code 1 where one does not",
  operands: { "<file...>": "replay files" },
  flags: z.strictObject({
    scenario: scenarioFlag,
    backend: choice(
      ["eval", "js", "wasm64", "wasm32"],
      "what simulates; what recorded the replay, if not given",
    ).optional(),
    json: toggle("print one JSON object for each file, one a line"),
  }),
  examples: ["paddock verify runs/crossing-mappo-1/replays/0001.replay"],
  async run({ scenario, backend, json }, [files]) {
    const findings: Finding[] = [];
    for (const file of files as readonly string[]) {
      const finding = await check(file, scenario, backend);
      findings.push(finding);
      if (json) sayJson(finding);
      else say(lineOf(finding));
    }
    return findings.every((finding) => finding.ok) ? 0 : 1;
  },
});

function lineOf(finding: Finding): string {
  const { file } = finding;
  if (!finding.ok) {
    const { message } = finding;
    return `${paint("red", "FAILED")}  ${message.includes(file) ? message : `${file}: ${message}`}`;
  }
  return `${paint("green", "ok")}  ${file}  ${count(finding.steps ?? 0)} steps, hash ${finding.hash}`;
}

/** A file that cannot be read or belongs to another scenario is a finding too: the other files are still checked. */
async function check(
  file: string,
  scenarioFile: string | undefined,
  backend: BackendName | undefined,
): Promise<Finding> {
  const { verify } = await import("../../sim/mod.ts");
  try {
    const { replay, scenario } = await openReplay(file, scenarioFile);
    return { file, steps: replay.header.steps, ...verify(replay, scenario, backend) };
  } catch (error) {
    if (error instanceof UserError) return { file, ok: false, message: error.message };
    throw error;
  }
}
