/**
 * `paddock export`: a run's best policy as a self-contained ONNX model.
 *
 * @module
 */
import * as z from "zod";
import { command } from "../cli/command.ts";
import { runsFlag, text, toggle } from "../cli/flags.ts";
import { bytes, count } from "../cli/format.ts";
import { say, sayJson } from "../cli/output.ts";

export const exportCommand = command({
  name: "export",
  summary: "write a run's best policy as a self-contained ONNX model",
  operands: { "<run>": "a run's name or folder", "<file>": "where to, such as policy.onnx" },
  flags: z.strictObject({
    group: text("name", "the group whose policy it is, where the scenario has several").optional(),
    runs: runsFlag,
    json: toggle("print the result as one JSON object"),
  }),
  examples: ["paddock export runs/crossing-mappo-lagrangian-1 policy.onnx"],
  async run({ group, runs, json }, [argument, file]) {
    const { writeWhole } = await import("../workspace.ts");
    const { exportGroup, openLearned } = await import("../run.ts");
    const { nodeRuntime } = await import("../../tensor/runtime/node.ts");
    const { plan, learned } = await openLearned(argument as string, runs, nodeRuntime());
    const model = exportGroup(plan, learned, group);
    const path = file as string;
    writeWhole(path, model);
    if (json) sayJson({ path, bytes: model.length, step: learned.step, policy: learned.which });
    else say(`${path}  ${bytes(model.length)}, ${learned.which} policy, of step ${count(learned.step)}`);
    return 0;
  },
});
