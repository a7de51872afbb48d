/**
 * One hash file for every engine: what a scenario does on Deno it does on Node, Chromium and Firefox, to the bit. The
 * browsers run under the policy of our pages, which forbids making code out of text.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type BackendName, backends, domainOf } from "../../sim/mod.ts";
import { parting } from "../conformance/golden.ts";
import { readGolden } from "../conformance/golden_file.ts";
import { golden as core } from "../core/golden.ts";
import type { Outcome } from "./bits.ts";
import { bundle, type Engine, engines } from "./engines.ts";
import { required } from "./programs.ts";

Deno.test({
  name:
    "every scenario gives the bits of the golden file on every engine and every backend that may run there",
  // the driver keeps sockets and timers of its own
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    const program = await bundle();
    const outcomes: Outcome[] = [];
    for (const engine of engines) {
      const { name, missing } = engine;
      await t.step({
        name: missing === undefined ? name : `${name} (${required ? "" : "ignored: "}${missing})`,
        ignore: missing !== undefined && !required,
        sanitizeOps: false,
        sanitizeResources: false,
        fn: async () => {
          if (missing !== undefined) throw new Error(missing);
          const outcome = await engine.run(program, backendsOf(engine));
          outcomes.push(outcome);
          assert.deepEqual(outcome.core, core, `core's math on ${name}`);
          assert.deepEqual(outcome.code, outcomes[0]!.code, `the traced code on ${name}`);
          const wrong = differences(outcome, outcomes[0]!);
          assert.ok(wrong.length === 0, `${name}:\n${wrong.join("\n")}`);
        },
      });
    }
  },
});

/** Every backend that may run there: pages of ours make no code out of text. */
function backendsOf({ evaluates }: Engine): BackendName[] {
  return backends.filter((backend) => backend === "js" ? evaluates : backend === "eval" ? !evaluates : true);
}

/** A line for each play that is not the golden file's, or, on f32, not that of the first engine. */
function differences({ plays }: Outcome, first: Outcome): string[] {
  const file = readGolden();
  return Object.entries(plays).flatMap(([backend, found]) => {
    const reference = domainOf(backend as BackendName) === "f64" ? file : first.plays[backend]!;
    return Object.keys({ ...reference, ...found }).flatMap((name) => {
      const [expected, play] = [reference[name], found[name]];
      if (expected === undefined) return [`${backend}: ${name} is not in the golden file`];
      if (play === undefined || typeof play === "string" || typeof expected === "string") {
        return [`${backend}: ${name}: ${play ?? "not played"}`];
      }
      const parts = parting(expected, play);
      return parts === undefined ? [] : [`${backend}: ${name} ${parts}`];
    });
  });
}
