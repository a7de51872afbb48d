/** Every scenario on the shelf, as a PettingZoo user meets it. */
import assert from "node:assert/strict";
import { makeWorld, type Scenario, scenarios } from "../../sim/mod.ts";
import {
  bombardmentTest,
  copy,
  maxCyclesTest,
  parallel,
  parallelApiTest,
  type ParallelOptions,
  parallelSeedTest,
  sampleActions,
  stateTest,
} from "../../sim/pettingzoo/mod.ts";

/** The action kinds that a scenario offers. */
function kindsOf(scenario: Scenario): ("discrete" | "continuous")[] {
  return (["discrete", "continuous"] as const).filter((actions) => {
    try {
      makeWorld(scenario, { actions });
      return true;
    } catch {
      return false;
    }
  });
}

for (const scenario of scenarios) {
  for (const actions of kindsOf(scenario)) {
    const make = (options: ParallelOptions = {}) => parallel(scenario, { actions, ...options });
    const test = (what: string, body: () => void) => Deno.test(`${scenario.id}, ${actions}: ${what}`, body);

    test("parallelApiTest()", () => parallelApiTest(make(), 300));
    test("parallelSeedTest()", () => parallelSeedTest(make));
    test("stateTest()", () => stateTest(make()));
    test("maxCyclesTest()", () => maxCyclesTest((maxCycles) => make({ maxCycles })));
    test("bombardmentTest()", () => bombardmentTest(make(), 200));

    test("js and eval show the same", () => {
      const envs = [make({ backend: "js" }), make({ backend: "eval" })];
      let shown = envs.map((env) => env.reset({ seed: 3 }));
      assert.deepEqual(shown[0], shown[1]);
      for (let t = 0; t < 60; t++) {
        const sampled = sampleActions(envs[0]!, shown[0]!);
        shown = envs.map((env) => env.step(sampled));
        assert.deepEqual(shown[0], shown[1]);
        if (envs[0]!.numAgents === 0) shown = envs.map((env) => env.reset());
      }
    });

    test("the API shows what the world says", () => {
      const env = make({ seed: 9 });
      const world = makeWorld(scenario, { actions });
      world.reset(9);
      let shown = env.reset();
      const { N, O, A, C, agents, channels, observationSizes, actionKind } = world.spec;
      const rowOf = (obs: Float64Array, n: number) =>
        Float32Array.from(obs.subarray(n * O, n * O + observationSizes[n]!));
      for (let t = 0; t < 60; t++) {
        assert.deepEqual(
          shown.observations,
          Object.fromEntries(env.agents.map((agent) => [agent, rowOf(world.obs, agents.indexOf(agent))])),
        );
        const acting = [...env.agents];
        const sampled = sampleActions(env, shown);
        for (let n = 0; n < N; n++) {
          const action = sampled[agents[n]!];
          if (typeof action === "number") world.actions[n] = action;
          else if (action !== undefined) {
            world.actions.set(Array.from(action), n * (actionKind === "discrete" ? 1 : A));
          }
        }
        const result = copy(env.step(sampled));
        world.step();
        for (const agent of acting) {
          const n = agents.indexOf(agent);
          assert.equal(result.rewards[agent], world.reward[n]);
          assert.equal(result.terminations[agent], world.terminated[n] === 1);
          assert.equal(result.truncations[agent], world.truncated[n] === 1);
          channels.forEach(({ name }, c) => assert.equal(result.costs[agent]![name], world.cost[n * C + c]));
          if (world.done[0] === 1) assert.deepEqual(result.observations[agent], rowOf(world.finalObs, n));
        }
        shown = world.done[0] === 1 ? env.reset() : result;
      }
    });
  }
}
