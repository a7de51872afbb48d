/**
 * `paddock export`: a run's best policy as a self-contained ONNX model, or a replay as JSON lines.
 *
 * @module
 */
import * as z from "zod";
import { command } from "../cli/command.ts";
import { runsFlag, text, toggle } from "../cli/flags.ts";
import { bytes, count } from "../cli/format.ts";
import { say, sayJson } from "../cli/output.ts";
import { openReplay, scenarioFlag } from "./replay_file.ts";

export const exportCommand = command({
  name: "export",
  summary: "write a run's best policy as a self-contained ONNX model, or a replay as JSON lines",
  operands: {
    "<run>": "a run's name or folder, or a replay file",
    "<file>": "where to, such as policy.onnx or steps.jsonl",
  },
  flags: z.strictObject({
    group: text("name", "the group whose policy it is, where the scenario has several").optional(),
    runs: runsFlag,
    scenario: scenarioFlag,
    json: toggle("print the result as one JSON object"),
  }),
  examples: [
    "paddock export runs/crossing-mappo-lagrangian-1 policy.onnx",
    "paddock export runs/crossing-mappo-1/replays/0001.replay steps.jsonl",
  ],
  async run({ group, runs, scenario, json }, [argument, file]) {
    if ((argument as string).endsWith(".replay")) {
      return exportReplay(argument as string, file as string, scenario, json);
    }
    const { writeWhole } = await import("../workspace.ts");
    const { exportGroup, openLearned } = await import("../run.ts");
    const { openRuntime } = await import("../run/runtime.ts");
    const { plan, learned } = await openLearned(argument as string, runs, await openRuntime());
    const model = exportGroup(plan, learned, group);
    const path = file as string;
    writeWhole(path, model);
    if (json) sayJson({ path, bytes: model.length, step: learned.step, policy: learned.which });
    else say(`${path}  ${bytes(model.length)}, ${learned.which} policy, of step ${count(learned.step)}`);
    return 0;
  },
});

/** One line for what the file says about itself, then one for each step. */
async function exportReplay(
  from: string,
  path: string,
  given: string | undefined,
  json: boolean,
): Promise<number> {
  const { toJsonLines } = await import("../../sim/mod.ts");
  const { writeWhole } = await import("../workspace.ts");
  const { replay, scenario } = await openReplay(from, given);
  const lines = [...toJsonLines(replay, scenario)];
  const content = new TextEncoder().encode(lines.join("\n") + "\n");
  writeWhole(path, content);
  const { steps } = replay.header;
  if (json) sayJson({ path, bytes: content.length, steps });
  else say(`${path}  ${bytes(content.length)}, ${count(steps)} steps`);
  return 0;
}
