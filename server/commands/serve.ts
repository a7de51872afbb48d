/**
 * `paddock serve`: one policy over HTTP, by the Open Inference Protocol.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { z } from "zod";
import { UsageError, UserError } from "../../core/mod.ts";
import { command } from "../cli/command.ts";
import { portFlag, runsFlag, text, toggle } from "../cli/flags.ts";
import { note, say, sayJson } from "../cli/output.ts";
import { untilStopped } from "../cli/signals.ts";

export const serveCommand = command({
  name: "serve",
  summary: "serve a run's policy, or an ONNX file, over HTTP (Open Inference Protocol)",
  operands: { "<policy>": "a run's name or folder, or a file such as policy.onnx" },
  flags: z.strictObject({
    port: portFlag.default(8000),
    name: text("name", "name of the model (default: that of the run or the file)").optional(),
    runs: runsFlag,
    json: toggle("print the address as one JSON object"),
  }),
  examples: [
    "paddock serve runs/crossing-mappo-lagrangian-1 --port 8000",
    "paddock serve policy.onnx --name crossing",
  ],
  async run({ port, name, runs, json }, [argument]) {
    const { startHttp } = await import("../http.ts");
    const { servingHandler } = await import("../serving/handler.ts");
    const { servedModel } = await import("../run/models.ts");
    const { nodeRuntime } = await import("../../tensor/runtime/node.ts");
    const found = await policyOf(argument as string, runs);
    const model = servedModel(checked(name ?? found.name), found.bytes, found.file, nodeRuntime());
    const onError = (error: unknown) =>
      note(error instanceof Error ? error.stack ?? error.message : String(error));
    const server = await startHttp({ handler: servingHandler({ models: [model], onError }), port, onError });
    const url = `${server.url}/v2/models/${model.name}`;
    if (json) sayJson({ url, model: model.name });
    else {
      say(`serving    ${found.file}`);
      say(`metadata   GET  ${url}`);
      say(`inference  POST ${url}/infer`);
      say("Ctrl-C ends it");
    }
    await untilStopped();
    await server.close();
    return 0;
  },
});

/** The exported policy that `argument` means. */
async function policyOf(
  argument: string,
  runs: string,
): Promise<{ name: string; file: string; bytes: Uint8Array }> {
  if (argument.endsWith(".onnx")) {
    if (!existsSync(argument)) throw new UsageError(`there is no file ${argument}`);
    return {
      name: basename(argument, ".onnx"),
      file: argument,
      bytes: new Uint8Array(readFileSync(argument)),
    };
  }
  const { findRun } = await import("../workspace.ts");
  const { run } = findRun(argument, runs);
  const bytes = run.readPolicy();
  if (bytes) return { name: run.name, file: run.policy, bytes };
  throw new UserError(`${run.policy} is missing. Write it with: paddock export ${run.path} ${run.policy}`);
}

function checked(name: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(name)) return name;
  throw new UsageError(
    `"${name}" is no name for a model: use letters, digits, ".", "_" and "-". Give one with --name`,
  );
}
