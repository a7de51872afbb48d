import assert from "node:assert/strict";
import { evaluate, findAlgorithm, trainer } from "../../agents/mod.ts";
import { findScenario, type Policy, randomPolicy, scriptedPolicy, type WorldSpec } from "../../sim/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";

const scenario = findScenario("mpe/simple_spread_v3");

/** Whether a report on the team's policy says that it draws. */
function draws(policyOf: (spec: WorldSpec) => Policy): boolean {
  const policies = (spec: WorldSpec) => ({ agent: policyOf(spec) });
  return evaluate({ scenario, policies, episodes: 3, seed: 1, algorithm: "any" }).report.stochastic;
}

Deno.test("a report says stochastic where a policy draws random numbers, and only there", () => {
  assert.equal(draws((spec) => randomPolicy(spec, "agent")), true);
  assert.equal(draws((spec) => scriptedPolicy(scenario, spec, spec.groups[0]!)!), false);
  for (const [name, own, mode] of [["ippo", true, false], ["qmix", false, false]] as const) {
    const algorithm = findAlgorithm(name).make({ hidden: [8], ...name === "qmix" && { teamReward: "mean" } });
    const run = trainer({ scenario, algorithm, steps: 100, envs: 2, seed: 1, runtime: nodeRuntime() });
    assert.deepEqual([false, true].map((most) => draws(() => run.policies(most).agent!)), [own, mode], name);
    run.dispose();
  }
});
