/** PQN: what it is told, what it takes in, what it learns. */
import assert from "node:assert/strict";
import { seed } from "../../core/mod.ts";
import { pqn, pqnVdn } from "../../agents/algorithms/mod.ts";
import { findScenario, makeWorld } from "../../sim/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";

const runtime = nodeRuntime();

Deno.test("pqn, whose agents learn from their own rewards, refuses a team's; pqn_vdn takes it", () => {
  assert.throws(
    () => pqn.make({ teamReward: "mean" }),
    /pqn has no setting "teamReward"\..* It has: scaleReward, horizon, /,
  );
  assert.equal("teamReward" in pqn.make({}).settings, false);
  assert.equal(pqnVdn.make({ teamReward: "mean" }).settings.teamReward, "mean");
});

Deno.test("pqn's scale of observations is that of the living", () => {
  const world = makeWorld(findScenario("battle/skirmish"), { params: { N: 3 }, envs: 6 });
  const { spec } = world;
  const group = spec.groups[0]!;
  const horizon = 150;
  const learner = pqn.make({ hidden: [8], horizon }).start({
    ...{ spec, group, runtime, pricing: undefined, stream: seed(2), peers: () => ({}) },
  });
  world.reset(1);
  const O = spec.observationSizes[group.members[0]!]!;
  const seen: number[][] = [];
  let dead = 0;
  for (let t = 0; t < horizon; t++) {
    for (let row = 0; row < spec.E * spec.N; row++) {
      const legal = world.mask.subarray(row * spec.A, (row + 1) * spec.A).lastIndexOf(1);
      world.actions[row] = Math.max(0, legal);
      if (!group.members.includes(row % spec.N)) continue;
      if (world.alive[row] === 0) dead++;
      else seen.push(Array.from(world.obs.subarray(row * spec.O, row * spec.O + O), Math.fround));
    }
    learner.act(world);
    world.step();
    learner.observe(world);
  }
  assert.ok(dead > 20, `${dead} rows of the dead`);
  const scale = learner.state.scale as Float64Array;
  assert.equal(scale[2 * O], seen.length);
  for (let o = 0; o < O; o++) {
    const mean = seen.reduce((sum, row) => sum + row[o]!, 0) / seen.length;
    const squares = seen.reduce((sum, row) => sum + (row[o]! - mean) ** 2, 0);
    assert.ok(Math.abs(scale[o]! - mean) < 1e-9 * (1 + Math.abs(mean)), `mean ${o}`);
    assert.ok(Math.abs(scale[O + o]! - squares) < 1e-9 * (1 + squares), `squares ${o}`);
  }
  learner.dispose();
});
