/**
 * `paddock serve`: the policies of one run over HTTP, by the Open Inference Protocol.
 *
 * @module
 */
import { basename, extname } from "node:path";
import * as z from "zod";
import { UserError } from "../../core/mod.ts";
import type { Runtime } from "../../tensor/mod.ts";
import { command } from "../cli/command.ts";
import { hostFlag, portFlag, runsFlag, text, toggle } from "../cli/flags.ts";
import { typed } from "../cli/format.ts";
import { noteError, say, sayJson } from "../cli/output.ts";
import { untilStopped } from "../cli/signals.ts";
import type { ServedModel } from "../serving/infer.ts";

export const serveCommand = command({
  name: "serve",
  summary: "serve a run's policy, or an ONNX file, over HTTP (Open Inference Protocol)",
  operands: { "<policy>": "a run's name or folder, or a file such as policy.onnx" },
  flags: z.strictObject({
    port: portFlag,
    host: hostFlag,
    name: text("name", "name of the model (default: that of the run or the file)").optional(),
    runs: runsFlag,
    json: toggle("print the address and the models' names as one JSON object"),
  }),
  examples: [
    "paddock serve runs/crossing-mappo-lagrangian-1 --port 8000",
    "paddock serve policy.onnx --name crossing",
  ],
  async run({ port, host, name, runs, json }, [argument]) {
    const { startHttp } = await import("../http.ts");
    const { servingHandler } = await import("../serving/handler.ts");
    const { openRuntime } = await import("../run/runtime.ts");
    const models = await modelsOf(argument as string, { runs, name, runtime: await openRuntime() });
    const handler = servingHandler({ models, onError: noteError });
    const server = await startHttp({ handler, port, host, onError: noteError });
    if (json) sayJson({ url: server.url, models: models.map(({ name }) => name) });
    else {
      for (const { name } of models) {
        say(`metadata   GET  ${server.url}/v2/models/${name}`);
        say(`inference  POST ${server.url}/v2/models/${name}/infer`);
      }
      say("Ctrl-C ends it");
    }
    await untilStopped();
    await server.close();
    return 0;
  },
});

interface Naming {
  readonly runs: string;
  readonly name: string | undefined;
  readonly runtime: Runtime;
}

/** The exported policies that `argument` means: a file, or those of a run. */
async function modelsOf(argument: string, { runs, name, runtime }: Naming): Promise<ServedModel[]> {
  const { findRun } = await import("../workspace.ts");
  const { policyModel } = await import("../run/models.ts");
  if (extname(argument) === ".onnx") {
    const file = { path: argument, group: undefined };
    return [policyModel(runtime, file, name ?? basename(argument, ".onnx"))];
  }
  const { run } = findRun(argument, runs);
  const models = run.policies().map((policy) => policyModel(runtime, policy, name ?? run.name));
  if (models.length > 0) return models;
  throw new UserError(
    `${run.path} has no exported policy. Write it with: ${typed(`export ${run.path} ${run.policyPath()}`)}`,
  );
}
