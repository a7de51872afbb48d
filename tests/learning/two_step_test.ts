/**
 * The point of QMIX (Rashid et al. 2018, section 5): of the two-step game's two branches, a sum of the agents' own
 * values cannot hold 2B's table, so VDN and independent learners settle for 7, and QMIX finds 8. Actions are uniformly
 * random in training (ε = 1), the evaluation is greedy. 40,000 steps, 10 seeds; a random policy gets 4.6.
 */
import assert from "node:assert/strict";
import { evaluate, findAlgorithm, trainer } from "../../agents/mod.ts";
import { findScenario } from "../../sim/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";

const runtime = nodeRuntime();
const settings = { horizon: 2, updates: 1, capacity: 500, hidden: [64], targetEvery: 100, epsilonEnd: 1 };

/** The greedy return after training with `seed`. */
function learn(algorithm: string, seed: number): number {
  const scenario = findScenario("matrix/two_step");
  const entry = findAlgorithm(algorithm);
  const run = trainer({ scenario, algorithm: entry.make(settings), steps: 40_000, envs: 8, seed, runtime });
  while (!run.finished) run.advance();
  const policies = run.policies();
  const { report } = evaluate({
    scenario,
    policies: () => policies,
    episodes: 10,
    seed,
    algorithm,
    stochastic: false,
  });
  run.dispose();
  return report.return.mean;
}

for (const [algorithm, value] of [["qmix", 8], ["vdn", 7], ["iql", 7]] as const) {
  Deno.test(`${algorithm} ends at ${value} on the two-step game in at least 9 of 10 seeds`, () => {
    const returns = Array.from({ length: 10 }, (_, seed) => learn(algorithm, seed));
    assert.ok(returns.filter((x) => x === value).length >= 9, `returns: ${returns.join(", ")}`);
  });
}
