/** When patience ends a training: after evaluations without a better one, and never where none can be better. */
import assert from "node:assert/strict";
import { findAlgorithm, noImprovement, train } from "../../agents/mod.ts";
import { findScenario } from "../../sim/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";

/** Ten updates of 20 steps, that learn nothing, each evaluated, with patience 2: the steps made, and `since`. */
async function patient(scenario: string): Promise<{ step: number; since: number[] }> {
  const since: number[] = [];
  const { state } = await train({
    scenario: findScenario(scenario),
    algorithm: findAlgorithm("ippo").make({ horizon: 5, hidden: [4], actorRate: 0 }),
    ...{ steps: 200, envs: 4, seed: 1, runtime: nodeRuntime() },
    ...{ checkpointEvery: 10, evaluateEvery: 1, evaluateEpisodes: 4 },
    callbacks: [
      (event) => void (event.kind === "evaluation" && since.push(event.since)),
      noImprovement(2),
    ],
  });
  return { step: state.step, since };
}

Deno.test("a policy that stands still ends a training by patience", async () => {
  assert.deepEqual(await patient("mpe/simple_v3"), { step: 60, since: [0, 1, 2] });
});

Deno.test("where returns sum to zero, patience does not end a training: no return can be better", async () => {
  assert.deepEqual(await patient("classic/rps_v2"), { step: 200, since: new Array(10).fill(0) });
});
