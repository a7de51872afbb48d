/** Self-play: who learns when, what the pool keeps, and what it refuses. */
import assert from "node:assert/strict";
import {
  findAlgorithm,
  type Learner,
  type SelfPlay,
  stateHash,
  train,
  type Trainer,
  trainer,
} from "../../agents/mod.ts";
import { checkFinite } from "../../agents/diverged.ts";
import { findScenario } from "../../sim/mod.ts";
import type { Runtime } from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";

const runtime = nodeRuntime();
const push = findScenario("mpe/simple_push_v3");

function start(
  algorithm: string,
  set: Record<string, unknown>,
  share = 1,
  on = runtime,
  past: Partial<SelfPlay> = {},
): Trainer {
  return trainer({
    scenario: push,
    algorithm: findAlgorithm(algorithm).make({ horizon: 5, hidden: [8], ...set }),
    selfPlay: { every: 1, pool: 3, share, untrained: 0, ...past },
    steps: 2000,
    envs: 4,
    seed: 2,
    runtime: on,
  });
}

const mappo = () => start("mappo", { minibatches: 2, epochs: 1, memory: 4, chunk: 5 });

/** The parameters of each group's actor. */
const actors = (run: Trainer) =>
  Object.values(run.learners).map(({ policyState }) => policyState["actor.theta"]!.slice());

Deno.test("while a group meets the past, it alone learns; which one varies", () => {
  const run = mappo();
  run.advance(); // the pool is empty: both learn
  const learned = new Set<number>();
  for (let update = 0; update < 12; update++) {
    const before = actors(run);
    run.advance();
    const moved = actors(run).map((theta, g) => theta.some((x, i) => x !== before[g]![i]));
    assert.equal(moved.filter(Boolean).length, 1);
    learned.add(moved.indexOf(true));
  }
  assert.equal(learned.size, 2);
  run.dispose();
});

Deno.test("a group that sat out an update remembers nothing of the episodes that others played", () => {
  const run = mappo();
  run.advance();
  const memories = () =>
    Object.values(run.learners).map(({ state }) =>
      [state.memory!, state["critic.memory"]!].map((it) => it.some((x) => x !== 0))
    );
  for (let update = 0; update < 6; update++) {
    const before = actors(run);
    run.advance();
    const learned = actors(run).map((theta, g) => theta.some((x, i) => x !== before[g]![i]));
    assert.deepEqual(memories(), learned.map((it) => [it, it]));
  }
  run.dispose();
});

Deno.test("those who play the past are compiled once", () => {
  let loads = 0;
  const counting = { ...runtime, load: (model: Uint8Array) => (loads++, runtime.load(model)) };
  const run = start("ippo", { minibatches: 2, epochs: 1 }, 1, counting);
  for (let update = 0; update < 8; update++) run.advance();
  const before = loads;
  for (let update = 0; update < 8; update++) run.advance();
  assert.equal(loads, before);
  run.dispose();
});

Deno.test("those who play the past are no learners: no update is compiled for them", () => {
  let updates = 0;
  const counting: Runtime = {
    ...runtime,
    load: (model, heavy) => (updates += heavy ? 1 : 0, runtime.load(model, heavy)),
  };
  const set = { batch: 4, start: 4, updates: 1, capacity: 64 };
  const run = start("maddpg", set, 1, counting, { untrained: 0.5 });
  const learning = updates;
  for (let update = 0; update < 8; update++) run.advance();
  assert.ok(learning > 0);
  assert.equal(updates, learning);
  run.dispose();
});

Deno.test("the pool holds the newest policies, oldest out first", () => {
  const run = mappo();
  const seen: (readonly number[])[] = [];
  for (let update = 0; update < 5; update++) {
    run.advance();
    seen.push([...actors(run)[0]!]);
  }
  const [group] = run.spec.groups;
  const kept = run.save().tensors[`pool.${group!.name}.actor.theta`]!;
  const size = seen[0]!.length;
  [3, 4, 2].forEach((update, k) => {
    assert.deepEqual([...kept.subarray(k * size, (k + 1) * size)], seen[update]);
  });
  run.dispose();
});

Deno.test("who meets untrained policies alone learns the same whatever the pool holds", () => {
  const learned = (untrained: number, pool: number) => {
    const run = start("ippo", { minibatches: 2, epochs: 1, actorRate: 0.1 }, 1, runtime, { untrained, pool });
    for (let update = 0; update < 8; update++) run.advance();
    const found = actors(run);
    run.dispose();
    return found;
  };
  assert.deepEqual(learned(1, 2), learned(1, 5));
  assert.notDeepEqual(learned(0, 2), learned(0, 5));
  assert.notDeepEqual(learned(1, 5), learned(0, 5));
});

Deno.test("a run that meets the past goes on bit for bit after save and restore", () => {
  for (
    const make of [
      mappo,
      () =>
        start("maddpg", { batch: 4, start: 4, updates: 1, capacity: 64 }, 0.5, runtime, { untrained: 0.5 }),
    ]
  ) {
    const straight = make();
    for (let i = 0; i < 4; i++) straight.advance();
    const saved = straight.save();
    for (let i = 0; i < 3; i++) straight.advance();
    const resumed = make();
    resumed.restore(saved);
    for (let i = 0; i < 3; i++) resumed.advance();
    assert.equal(stateHash(resumed.save().tensors), stateHash(straight.save().tensors));
    straight.dispose();
    resumed.dispose();
  }
});

Deno.test("self-play is refused where there is one side", () => {
  const options = {
    scenario: findScenario("mpe/simple_spread_v3"),
    algorithm: findAlgorithm("ippo").make({}),
    selfPlay: { every: 1, pool: 1, share: 1, untrained: 0 },
    steps: 10,
    envs: 1,
    seed: 1,
    runtime,
  };
  assert.throws(
    () => trainer(options),
    /self-play needs two sides, and mpe\/simple_spread_v3 has one: "agent"/,
  );
});

Deno.test("a training that diverges stops at that update and names what was lost", () => {
  const run = trainer({
    scenario: findScenario("mpe/simple_v3"),
    algorithm: findAlgorithm("ippo").make({ horizon: 5, hidden: [8], actorRate: 1e30, maxNorm: 1e30 }),
    steps: 2000,
    envs: 4,
    seed: 2,
    runtime,
  });
  assert.throws(() => {
    for (let i = 0; i < 5; i++) run.advance();
  }, /the training diverged at update \d+, step \d+: .*actor\.theta holds .*smaller step size/);
  run.dispose();
});

Deno.test("sums of squares and losses may be large; a parameter, and what is no number, may not", () => {
  const learner = (theta: number, sum: number) => {
    const policyState = { "actor.theta": Float32Array.of(1, theta), scale: Float64Array.of(0, sum) };
    return { policyState, state: policyState } as unknown as Learner;
  };
  const at = { name: "agent", update: 1, step: 2 };
  checkFinite(learner(1, 1e15), { "loss/value": 1e13 }, at);
  assert.throws(() => checkFinite(learner(-1e13, 1), {}, at), /actor\.theta holds -/);
  assert.throws(() => checkFinite(learner(1, NaN), {}, at), /scale holds NaN/);
  assert.throws(() => checkFinite(learner(1, 1), { "loss/value": Infinity }, at), /loss\/value is Infinity/);
});

for (const scenario of ["battle/duel", "classic/rps_v2"]) {
  Deno.test(`${scenario}: where one side makes what the other loses, the newest policy is kept`, async () => {
    const told: boolean[] = [];
    const { state } = await train({
      scenario: findScenario(scenario),
      algorithm: findAlgorithm("ippo").make({ horizon: 10, hidden: [8] }),
      ...scenario === "battle/duel" && { selfPlay: { every: 1, pool: 2, share: 0.5, untrained: 0 } },
      ...{ steps: 120, envs: 4, seed: 2, runtime },
      ...{ checkpointEvery: 10, evaluateEvery: 1, evaluateEpisodes: 8 },
      callbacks: [(event) => {
        if (event.kind === "evaluation") told.push(event.best);
      }],
    });
    assert.deepEqual(told, [true, true, true]);
    assert.equal(state.tensors.rank![2], 120);
  });
}
