/**
 * `paddock dashboard`: the runs in the browser, and their policies over HTTP.
 *
 * @module
 */
import * as z from "zod";
import { command } from "../cli/command.ts";
import { hostFlag, portFlag, runsFlag, toggle } from "../cli/flags.ts";
import { say, sayJson } from "../cli/output.ts";
import { untilStopped } from "../cli/signals.ts";

export const dashboardCommand = command({
  name: "dashboard",
  summary: "show the runs in the browser, live, and serve their policies",
  flags: z.strictObject({
    port: portFlag,
    host: hostFlag,
    runs: runsFlag,
    open: z.boolean().default(true).meta({ description: "do not open a browser" }),
    json: toggle("print address and models as one JSON object"),
  }),
  examples: ["paddock dashboard", "paddock dashboard --port 8001 --no-open"],
  async run({ port, host, runs, open, json }) {
    const { openWorkspace } = await import("../workspace.ts");
    const { openBrowser, startDashboard } = await import("../run/hosting.ts");
    const { openRuntime } = await import("../run/runtime.ts");
    const workspace = openWorkspace(runs);
    const dashboard = await startDashboard({ workspace, port, host, runtime: await openRuntime() });
    const { url } = dashboard.server;
    if (json) sayJson({ url, runs: workspace.root, models: dashboard.models() });
    else {
      say(`dashboard  ${url}`);
      say(`runs       ${workspace.root}`);
      for (const name of dashboard.models()) say(`policy     ${url}/v2/models/${name}`);
      say("Ctrl-C ends it");
    }
    if (open && !json) await openBrowser(url);
    await untilStopped();
    await dashboard.close();
    return 0;
  },
});
