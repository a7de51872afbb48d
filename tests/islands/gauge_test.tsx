import assert from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import { Gauge } from "../../islands/parts/Gauge.tsx";
import { reading } from "../../islands/parts/reading.ts";

Deno.test("a gauge's parts stay within it, also where an interval reaches below 0", () => {
  for (const ci of [[-1.6, 3.1], [0.87, 1.27], [-5, -1], [20, 90]] as const) {
    const html = renderToString(<Gauge reading={reading(0.8, 2, ci)} label="Cost" />);
    for (const [, x, width] of html.matchAll(/<rect[^>]* x="([\d.]+)%?"[^>]* width="([\d.]+)%"/g)) {
      assert.ok(Number(x) >= 0 && Number(x) + Number(width) <= 100.01, html);
    }
    assert.equal(html.match(/<rect/g)!.length, 4);
  }
});
