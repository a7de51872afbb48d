/**
 * `paddock diff`: where two replays part.
 *
 * @module
 */
import * as z from "zod";
import { command } from "../cli/command.ts";
import { toggle } from "../cli/flags.ts";
import { say, sayJson } from "../cli/output.ts";
import { openReplay, scenarioFlag } from "./replay_file.ts";

export const diffCommand = command({
  name: "diff",
  summary: "name the first step and field in which two replays part; exit code 1 where they do",
  operands: { "<first>": "a replay file", "<second>": "another" },
  flags: z.strictObject({
    scenario: scenarioFlag,
    json: toggle("print the difference as one JSON object, or null"),
  }),
  examples: [
    "paddock diff runs/crossing-mappo-1/replays/0001.replay runs/crossing-mappo-1/replays/0002.replay",
  ],
  async run({ scenario, json }, [first, second]) {
    const { difference } = await import("../../sim/mod.ts");
    const a = await openReplay(first as string, scenario);
    const b = await openReplay(second as string, scenario);
    const found = difference(a.replay, b.replay, a.scenario);
    if (json) sayJson(found ?? null);
    else say(found?.message ?? "the same play");
    return found === undefined ? 0 : 1;
  },
});
