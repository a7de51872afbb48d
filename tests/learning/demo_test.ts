/**
 * The bars of `paddock demo`: safe/crossing with four robots, MAPPO with and without a Lagrangian, 300,000 environment
 * steps, seeds 1, 2 and 3, judged over 200 stochastic episodes on seeds that training never saw. Returns are about
 * −3 for random, 9.9 for the scripted controller that ignores costs.
 */
import assert from "node:assert/strict";
import type { EvaluationReport } from "../../islands/protocol.ts";
import { inFolder, paddock } from "../commands/command.ts";

interface Row {
  readonly name: "random" | "scripted" | "unconstrained" | "constrained";
  readonly report: EvaluationReport;
}

for (const seed of [1, 2, 3]) {
  Deno.test(`the demo keeps its limits and most of its return, seed ${seed}`, async () => {
    await inFolder(async (runs) => {
      const args = [
        "demo",
        "--no-open",
        "--exit",
        "--seed",
        String(seed),
        "--port",
        "0",
        "--runs",
        runs,
        "--json",
      ];
      const { code, out, err } = await paddock(args);
      assert.equal(code, 0, err);
      const { rows } = JSON.parse(out) as { rows: Row[] };
      const [random, scripted, free, safe] = rows.map(({ report }) => report);
      for (const [name, { ci, limit }] of Object.entries(safe!.costs)) {
        assert.ok(ci[1] < limit!, `${name}: ${ci[1]} reaches the limit ${limit}`);
        assert.ok(
          free!.costs[name]!.mean >= 1.5 * limit!,
          `${name} without a limit: ${free!.costs[name]!.mean}`,
        );
      }
      const scale = (report: EvaluationReport, one: EvaluationReport) =>
        (report.return.mean - random!.return.mean) / (one.return.mean - random!.return.mean);
      assert.ok(scale(free!, scripted!) >= 0.9);
      assert.ok(scale(safe!, free!) >= 0.8);
    });
  });
}
