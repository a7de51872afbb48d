/**
 * The house rules, each on snippets it must refuse and snippets it must let pass.
 *
 * @module
 */
import assert from "node:assert/strict";
import plugin from "../../tools/lint.ts";

type Snippet = readonly [file: string, source: string];

function reports(rule: string, [file, source]: Snippet): Deno.lint.Diagnostic[] {
  return Deno.lint.runPlugin(plugin, file, source).filter((found) => found.id === `house/${rule}`);
}

function refuses(rule: string, snippets: readonly Snippet[]): void {
  for (const snippet of snippets) {
    Deno.test(`${rule} refuses ${snippet[0]}: ${snippet[1]}`, () => {
      const found = reports(rule, snippet);
      assert.equal(found.length, 1, JSON.stringify(found));
      assert.ok(found[0]!.hint, "a report tells the cure in its hint");
    });
  }
}

function allows(rule: string, snippets: readonly Snippet[]): void {
  for (const snippet of snippets) {
    Deno.test(`${rule} allows ${snippet[0]}: ${snippet[1]}`, () => {
      assert.deepEqual(reports(rule, snippet), []);
    });
  }
}

refuses("layers", [
  ["core/a.ts", `import { makeWorld } from "../sim/mod.ts";`],
  ["sim/a.ts", `import { train } from "../agents/mod.ts";`],
  ["sim/a.ts", `import { layout } from "../tensor/mod.ts";`],
  ["tensor/a.ts", `import { makeWorld } from "../sim/mod.ts";`],
  ["constraints/a.ts", `import { train } from "../agents/mod.ts";`],
  ["agents/a.ts", `import { openStore } from "../server/store.ts";`],
  ["islands/a.tsx", `import { train } from "../agents/mod.ts";`],
  ["islands/a.tsx", `import { openStore } from "../server/store.ts";`],
  ["agents/a.ts", `import { runSummary } from "../islands/protocol.ts";`],
  ["sim/a.ts", `import { helper } from "../tests/sim/helper.ts";`],
  ["sim/a.ts", `import "../main.ts";`],
  // two hops away, around a corner, and by name
  ["sim/scenarios/mpe/a.ts", `import { train } from "../../../agents/mod.ts";`],
  ["sim/scenarios/mpe/a.ts", `import { train } from "../../../core/../agents/mod.ts";`],
  ["sim/a.ts", `import { train } from "@paddock/paddock/agents";`],
  ["agents/a.ts", `import { page } from "fresh";`],
  ["islands/a.tsx", `import { page } from "fresh";`],
  // every form of import
  ["sim/a.ts", `import type { Agent } from "../agents/mod.ts";`],
  ["sim/a.ts", `import "../agents/mod.ts";`],
  ["sim/a.ts", `export * from "../agents/mod.ts";`],
  ["sim/a.ts", `export { train } from "../agents/mod.ts";`],
  ["sim/a.ts", `export type { Agent } from "../agents/mod.ts";`],
  ["sim/a.ts", `const { train } = await import("../agents/mod.ts");`],
  ["sim/a.ts", "const { train } = await import(`../agents/mod.ts`);"],
  ["sim/a.ts", `type Agent = import("../agents/mod.ts").Agent;`],
  ["sim/a.ts", `import agents = require("../agents/mod.ts");`],
  ["sim/a.ts", `const agents = require("../agents/mod.ts");`],
  ["sim/a.ts", `new Worker(new URL("../agents/worker.ts", import.meta.url), { type: "module" });`],
  // other folders only through their mod.ts
  ["sim/a.ts", `import { exp } from "../core/math.ts";`],
  ["agents/algorithms/a.ts", `import { makeWorld } from "../../sim/world.ts";`],
  ["server/a.ts", `import { gae } from "../agents/returns.ts";`],
  ["server/a.ts", `import { exp } from "../core/math.ts";`],
  ["sim/a.ts", `import { makeWorld } from "./mod.ts";`],
  ["sim/pettingzoo/a.ts", `import { makeWorld } from "../mod.ts";`],
  // the native runtime
  ["tensor/mod.ts", `export { nodeRuntime } from "./runtime/node.ts";`],
  ["agents/a.ts", `import { nodeRuntime } from "../tensor/runtime/node.ts";`],
  ["islands/a.tsx", `import { nodeRuntime } from "@paddock/paddock/tensor/node";`],
  ["tools/a.ts", `import { nodeRuntime } from "../tensor/runtime/node.ts";`],
]);

allows("layers", [
  ["sim/a.ts", `import { exp } from "../core/mod.ts";`],
  ["sim/scenarios/mpe/a.ts", `import { exp } from "../../../core/mod.ts";`],
  ["sim/scenarios/mpe/a.ts", `import { scenario } from "../../scenario.ts";`],
  ["sim/scenarios/mod.ts", `export { spread } from "./mpe/spread.ts";`],
  ["sim/a.ts", `import { scenarios } from "./scenarios/mod.ts";`],
  ["agents/a.ts", `import { parallel } from "../sim/pettingzoo/mod.ts";`],
  ["agents/a.ts", `import { price } from "../constraints/mod.ts";`],
  ["islands/a.tsx", `import { play } from "../sim/mod.ts"; import { asset } from "fresh/runtime";`],
  ["islands/a.tsx", `import { signal } from "@preact/signals"; import { runSummary } from "./protocol.ts";`],
  ["islands/a.tsx", `import { webRuntime } from "../tensor/runtime/web.ts";`],
  [
    "server/a.ts",
    `import { train } from "../agents/mod.ts"; import { nodeRuntime } from "../tensor/runtime/node.ts";`,
  ],
  ["server/routes/index.tsx", `import Replay from "../../islands/Replay.tsx"; import { page } from "fresh";`],
  ["server/a.ts", `import config from "../deno.json" with { type: "json" };`],
  ["server/a.ts", `const user = await import(url);`],
  ["tests/sim/a_test.ts", `import { exp } from "../../core/math.ts";`],
  ["bench/tensor.ts", `import { nodeRuntime } from "../tensor/runtime/node.ts";`],
  [
    "main.ts",
    `import { nodeRuntime } from "./tensor/runtime/node.ts"; import { cli } from "./server/cli.ts";`,
  ],
  ["tensor/a.ts", `import * as tf from "@tensorflow/tfjs-core"; import { z } from "zod";`],
  ["/elsewhere/a.ts", `import { train } from "../agents/mod.ts";`],
]);

refuses("exact-math", [
  ..."exp expm1 log log1p log2 log10 sin cos tan asin acos atan atan2 sinh cosh tanh pow hypot cbrt random"
    .split(" ").map((name): Snippet => ["sim/a.ts", `const y = Math.${name}(x);`]),
  ["core/math.ts", `const y = Math.exp(x);`],
  ["sim/scenarios/mpe/a.ts", `const y = Math.exp(x);`],
  ["sim/a.ts", `const y = Math["sin"](x);`],
  ["sim/a.ts", "const y = Math[`sin`](x);"],
  ["sim/a.ts", `const y = Math[name](x);`],
  ["sim/a.ts", `const y = Math?.sin(x);`],
  ["sim/a.ts", `const y = values.map(Math.sin);`],
  ["sim/a.ts", `const y = globalThis.Math.sin(x);`],
  ["sim/a.ts", `const y = globalThis["Math"].sin(x);`],
  ["sim/a.ts", `const y = self.Math.sin(x);`],
  ["sim/a.ts", `const { sin } = Math;`],
  ["sim/a.ts", `const { sin: s } = Math;`],
  ["sim/a.ts", `const { ["sin"]: s } = Math;`],
  ["sim/a.ts", `const { [name]: s } = Math;`],
  ["sim/a.ts", `const { sqrt, ...rest } = Math;`],
  ["sim/a.ts", `const { sin } = globalThis.Math;`],
  ["sim/a.ts", `({ sin } = Math);`],
  ["sim/a.ts", `function f({ sin } = Math) {}`],
  ["sim/a.ts", `const M = Math;`],
  ["sim/a.ts", `let M; M = Math;`],
  ["sim/a.ts", `const { Math: M } = globalThis;`],
  ["sim/a.ts", `const kit = { Math };`],
  ["sim/a.ts", `const f = Reflect.get(Math, "sin");`],
  ["sim/a.ts", `const y = (Math as Record<string, F>).sin(x);`],
  ["sim/a.ts", `const y = x ** 2;`],
  ["sim/a.ts", `x **= 2;`],
]);

allows("exact-math", [
  [
    "sim/a.ts",
    `const y = Math.sqrt(Math.abs(x)) + Math.floor(x) + Math.trunc(x) + Math.fround(x) + Math.imul(x, 3);`,
  ],
  ["sim/a.ts", `const y = Math.min(x, Math.max(y, Math.round(x))) * Math.PI;`],
  ["sim/a.ts", `const { sqrt, abs } = Math; const y = Math["sqrt"](x);`],
  ["sim/a.ts", `import { exp, sin } from "../core/mod.ts"; const y = exp(sin(x)) * x * x;`],
  ["sim/a.ts", `const kit = { Math: 1 }; const y = kit.Math; type M = typeof Math;`],
  ["agents/a.ts", `const y = Math.exp(x) ** 2;`],
  ["islands/a.tsx", `const y = Math.sin(x);`],
  ["tests/core/math_test.ts", `const y = Math.exp(x);`],
]);

refuses("deno-only-in-server", [
  ...["core", "sim", "tensor", "constraints", "agents", "islands"].flatMap((folder): Snippet[] => [
    [`${folder}/a.ts`, `const text = Deno.readTextFileSync("a");`],
    [`${folder}/a.ts`, `import { readFileSync } from "node:fs";`],
  ]),
  ["static/a.ts", `const { pid } = Deno;`],
  ["sim/a.ts", `const { pid } = Deno;`],
  ["sim/a.ts", `const D = Deno;`],
  ["sim/a.ts", `const pid = globalThis.Deno.pid;`],
  ["sim/a.ts", `const pid = globalThis["Deno"]?.pid;`],
  ["sim/a.ts", `const { Deno: D } = globalThis;`],
  ["sim/a.ts", `let file: Deno.FsFile;`],
  ["sim/a.ts", `if (typeof Deno === "undefined") stop();`],
  ["sim/a.ts", `export * from "node:path";`],
  ["sim/a.ts", `const path = await import("node:path");`],
  ["sim/a.ts", `type Stats = import("node:fs").Stats;`],
  ["sim/a.ts", `const fs = require("node:fs");`],
  ["tensor/runtime/web.ts", `import { createRequire } from "node:module";`],
  ["tensor/a.ts", `import ort from "onnxruntime-node";`],
  ["islands/a.tsx", `import esbuild from "esbuild";`],
]);

allows("deno-only-in-server", [
  ["server/a.ts", `import { join } from "node:path"; const pid = Deno.pid;`],
  ["main.ts", `Deno.exit(1);`],
  ["tests/sim/a_test.ts", `import assert from "node:assert/strict"; Deno.test("a", () => {});`],
  ["bench/sim.ts", `const pid = Deno.pid;`],
  ["tools/a.ts", `const pid = Deno.pid;`],
  [
    "tensor/runtime/node.ts",
    `import { createRequire } from "node:module"; import ort from "onnxruntime-node";`,
  ],
  ["sim/a.ts", `const runtimes = { Deno: 1 }; const d = runtimes.Deno; const url = "node:fs";`],
]);

refuses("function-constructor", [
  ["agents/a.ts", `const f = new Function("x", "return x");`],
  ["agents/a.ts", `const f = Function("return 1");`],
  ["server/a.ts", `const f = new globalThis.Function("return 1");`],
  ["server/a.ts", `const F = Function;`],
  ["server/a.ts", `const { Function: F } = globalThis;`],
  ["islands/a.tsx", `const y = eval("1");`],
  ["islands/a.tsx", `const y = (0, eval)("1");`],
  ["islands/a.tsx", `const y = globalThis["eval"]("1");`],
  ["islands/a.tsx", `setTimeout("go()", 10);`],
  ["sim/scenarios/a.ts", `const f = new Function("return 1");`],
  ["sim/engine/eval.ts", `const f = new Function("return 1");`],
  ["server/js.ts", `const f = new Function("return 1");`],
]);

allows("function-constructor", [
  ["sim/engine/js.ts", `const f = new Function("x", "return x");`],
  ["tests/sim/a_test.ts", `globalThis.Function = forbidden;`],
  ["agents/a.ts", `const ok = f instanceof Function; const call = Function.prototype.call;`],
  [
    "sim/a.ts",
    `const backends = { eval: run, js: compile }; backends.eval(); type Run = typeof backends.eval;`,
  ],
  ["islands/a.tsx", `setTimeout(() => go(), 10);`],
]);

Deno.test("layers tells the path to write instead", () => {
  const [found] = reports("layers", ["agents/algorithms/a.ts", `import { exp } from "../../core/math.ts";`]);
  assert.equal(found?.message, "core/math.ts is inside core/");
  assert.match(found?.hint ?? "", /^import "\.\.\/\.\.\/core\/mod\.ts"/);
});

Deno.test("exact-math names the function of core", () => {
  const [found] = reports("exact-math", ["sim/a.ts", "Math.tanh(x);"]);
  assert.equal(found?.message, "Math.tanh differs between JavaScript engines");
  assert.match(found?.hint ?? "", /use tanh of core/);
});
