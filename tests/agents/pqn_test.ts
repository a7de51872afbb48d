/** PQN: what it is told, what it takes in, what it learns. */
import assert from "node:assert/strict";
import { seed } from "../../core/mod.ts";
import { pqn, pqnVdn } from "../../agents/algorithms/mod.ts";
import { chooses, decisionReturns } from "../../agents/turns.ts";
import { findScenario, makeWorld } from "../../sim/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { practise, waiting } from "./fixtures.ts";

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

Deno.test("chooses() tells who waits from who may move and from who is dead", () => {
  const mask = Float32Array.of(0, 1, 0, 0, 0, 0);
  assert.deepEqual([...chooses(mask, Float32Array.of(1, 1, 0))], [1, 0, 1]);
});

Deno.test("decisionReturns() is hand-computed: a wait, an end while waiting, a decision whose next is not seen", () => {
  // Row 0 decides at 0, 2, 4 and the episode goes on; row 1 decides at 1 and 3, and an episode ends after step 2.
  const signal = {
    reward: Float32Array.of(1, 9, 2, 8, 4, 16, 1, 1, 6, 5),
    value: Float32Array.of(10, 99, 99, 20, 40, 99, 99, 30, 50, 99),
    done: Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 0, 0, 0),
    final: Float32Array.of(0, 0, 0, 0, 0, 2, 0, 0, 0, 0),
    last: Float32Array.of(99, 60),
  };
  const now = Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 1, 1, 0);
  const found = (next: Uint8Array) => {
    const target = new Float32Array(10);
    const weight = new Float32Array(10).fill(1);
    decisionReturns(signal, { now, next }, { gamma: 0.5, lambda: 0.5 }, { target, weight });
    return { learned: [...weight], target: [...target].map((x, i) => weight[i] === 0 ? 0 : x) };
  };
  // Row 0: G_2 = 4 + 1/2 + 50/4, as the value of step 4 stands for its return; G_0 = 1 + 2/2 + (40 + G_2)/2/4.
  // Row 1: G_3 = 1 + 5/2 + 60/4; G_1 = 8 + 16/2 + 2/4, up to the end.
  assert.deepEqual(found(Uint8Array.of(0, 1)), {
    learned: [1, 0, 0, 1, 1, 0, 0, 1, 0, 0],
    target: [2 + (40 + 17) / 8, 0, 0, 16.5, 17, 0, 0, 18.5, 0, 0],
  });
  // Row 0 to move next: G_4 = 6 + 99/2; row 1 not: the decision at 3 is left out, the end of the first episode is not.
  const G = 4.5 + (50 + 55.5) / 8;
  assert.deepEqual(found(Uint8Array.of(1, 0)), {
    learned: [1, 0, 0, 1, 1, 0, 0, 0, 1, 0],
    target: [2 + (40 + G) / 8, 0, 0, 16.5, G, 0, 0, 0, 55.5, 0],
  });
});

Deno.test("pqn learns what a move is worth, though who waits sees what it saw when it was to move", () => {
  const world = waiting(32);
  const set = { hidden: [8], horizon: 5, gamma: 0.5, epsilonStart: 0.5, epsilonEnd: 0.5, rate: 0.01 };
  const { spec } = world;
  const learner = pqn.make({ ...set, anneal: false, minibatches: 1 }).start({
    ...{ spec, group: spec.groups[0]!, runtime, pricing: undefined, stream: seed(3), peers: () => ({}) },
  });
  const metrics = practise(learner, world, { horizon: set.horizon, updates: 150 });
  // Q(a) = a − 4/2, exactly; half of the actions are random, so that the better one is taken three times in four.
  assert.ok(metrics["loss/value"]! < 1e-3, `loss ${metrics["loss/value"]}`);
  assert.ok(Math.abs(metrics["value/mean"]! + 1.25) < 0.15, `value ${metrics["value/mean"]}`);
  learner.dispose();
});
