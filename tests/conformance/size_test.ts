/**
 * Compiling a scenario stays cheap: at its default params, the graphs have few nodes and the code is short on every
 * backend. The time it takes, 100 ms at most, is a benchmark's (`deno task bench compile`); these sizes are what it
 * depends on. A scenario beyond a bound should loop where it unrolls: see `UNROLL` in sim/engine/ranges.ts.
 *
 * @module
 */
import assert from "node:assert/strict";
import { scenarios } from "../../sim/mod.ts";
import { source } from "../../sim/engine/js.ts";
import { arrange, inFloats } from "../../sim/engine/layout.ts";
import { plan } from "../../sim/engine/plan.ts";
import { type Program, trace } from "../../sim/engine/program.ts";
import { build } from "../../sim/engine/wasm/build.ts";
import { cases } from "./worlds.ts";

/** Twice what the largest scenario of the shelf takes. */
const MOST = { nodes: 10_000, javascript: 300_000, wasm: 150_000 };

for (const scenario of scenarios) {
  if ("version" in scenario) continue; // a class is not compiled
  for (const { name, options } of cases(scenario)) {
    Deno.test(`${name}: graphs and code are small`, () => {
      const program = trace(plan(scenario, options));
      const nodes = Object.values(program.graphs).reduce((sum, graph) => sum + graph.nodes.length, 0);
      assert.ok(nodes <= MOST.nodes, `${nodes} nodes`);
      const { length } = source(program).text;
      assert.ok(length <= MOST.javascript, `${length} characters of JavaScript`);
      for (const backend of ["wasm64", "wasm32"] as const) {
        const size = wasmSize(program, backend);
        assert.ok(size <= MOST.wasm, `${size} bytes of ${backend}`);
      }
    });
  }
}

/** Bytes of the module. */
function wasmSize(program: Program, backend: "wasm64" | "wasm32"): number {
  const columns = backend === "wasm64" ? program.columns : program.columns.map(inFloats);
  return build(program, backend, 1, columns, { ...arrange(columns, 1), outside: false }).bytes.length;
}
