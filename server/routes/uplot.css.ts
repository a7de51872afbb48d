/**
 * The stylesheet of uPlot, read from the installed package.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { define } from "../define.ts";

export const handler = define.handlers({
  async GET() {
    const module = fileURLToPath(import.meta.resolve("uplot"));
    const css = await Deno.readFile(join(dirname(module), "uPlot.min.css"));
    return new Response(css, {
      headers: { "content-type": "text/css; charset=utf-8", "cache-control": "public, max-age=3600" },
    });
  },
});
