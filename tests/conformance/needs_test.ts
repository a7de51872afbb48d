/**
 * What algorithms refuse before step 0, and that what a refusal advises works.
 */
import assert from "node:assert/strict";
import {
  type AlgorithmEntry,
  algorithms,
  checkNeeds,
  maddpg,
  pqnVdn,
  qmix,
  stateHash,
  vdn,
} from "../../agents/mod.ts";
import { lagrangian } from "../../constraints/mod.ts";
import { findScenario, makeWorld } from "../../sim/mod.ts";
import { fitting, kinds, shelf, start } from "./trainings.ts";

for (const entry of algorithms.filter((entry) => !entry.make({}).obeys.includes("prices"))) {
  Deno.test(`${entry.name} refuses a multiplier, which it would ignore, and says what obeys one`, () => {
    const { spec } = makeWorld(shelf[0]!);
    const algorithm = entry.make(fitting(entry, { teamReward: "mean" }));
    assert.throws(
      () => checkNeeds(algorithm, spec, shelf[0]!, lagrangian()),
      /cannot obey lagrangian.* Use ippo or mappo/,
    );
  });
}

Deno.test("whatever a refusal names would work, with the setting that it names too", () => {
  let refusals = 0;
  const offered: Record<string, readonly (typeof kinds[number])[]> = {
    "mpe/simple_spread_v3": kinds,
    "matrix/two_step": ["discrete"],
    "mpe/simple_tag_v3": kinds,
    "battle/duel": ["discrete"],
    "control/pendulum_v1": ["continuous"],
  };
  for (const [id, own] of Object.entries(offered)) {
    for (const actions of own) {
      const scenario = findScenario(id);
      const { spec } = makeWorld(scenario, { actions });
      for (const { make } of algorithms) {
        const refused = refusalOf(() => checkNeeds(make({}), spec, scenario));
        if (refused === undefined) continue;
        refusals++;
        const other = /--actions (\w+)/.exec(refused)?.[1] as typeof kinds[number] | undefined;
        if (/needs \w+ actions/.test(refused)) assert.equal(other !== undefined, own.length === 2, refused);
        for (const name of /Use ([\w ]+)/.exec(refused)![1]!.trim().split(" or ")) {
          checkNeeds(algorithms.find((entry) => entry.name === name)!.make({}), spec, scenario);
        }
        const setting = /--set (\w+)=(\w+)/.exec(refused);
        const world = other ? makeWorld(scenario, { actions: other }).spec : spec;
        const set = setting ? { [setting[1]!]: setting[2] } : {};
        if (setting || other) checkNeeds(make(set), world, scenario);
        else assert.match(refused, /needs (discrete|continuous) actions/);
      }
    }
  }
  assert.ok(refusals > 10);
});

Deno.test("a group of one member shares its reward with itself; a team that does not say so is refused", () => {
  const duel = makeWorld(findScenario("battle/duel")).spec;
  const push = findScenario("mpe/simple_push_v3");
  assert.ok(!makeWorld(push).spec.sharedReward);
  for (const entry of [vdn, qmix, pqnVdn]) {
    assert.throws(
      () => checkNeeds(entry.make({}), duel, findScenario("battle/duel")),
      /battle\/duel does not say that its agents earn alike.*--set teamReward=mean/,
    );
    // The mean of one reward is that reward: both learn the same bits.
    const [one, mean] = [{}, { teamReward: "mean" }].map((set) => {
      const run = start(entry, "discrete", set, { scenario: push });
      for (let update = 0; update < 2; update++) run.advance();
      const hashes = Object.values(run.learners).map(({ policyState }) => stateHash(policyState));
      run.dispose();
      return hashes;
    });
    assert.equal(one!.length, 2);
    assert.deepEqual(mean, one);
  }
});

Deno.test("a replay that never holds what the first gradient step waits for is refused, with its fields", () => {
  const refused: [AlgorithmEntry, Record<string, number>, RegExp][] = [
    [
      maddpg,
      { start: 100, batch: 500, capacity: 50 },
      /maddpg\.capacity: .*batch, which is 500,.*capacity=500/,
    ],
    [maddpg, { start: 101, batch: 100, capacity: 100 }, /at least start, which is 101/],
    [qmix, { batch: 5001, capacity: 100 }, /qmix\.capacity: .*batch, which is 5001.* found 100/],
  ];
  for (const [entry, set, message] of refused) assert.throws(() => entry.make(set), message);
  maddpg.make({ start: 500, batch: 100, capacity: 500 });
  qmix.make({ batch: 100, capacity: 100 });
});

Deno.test("a training that ends before its first gradient step says so, at its start where that is certain", () => {
  // 4 environments of 25 steps between updates: 400 steps are 400 transitions, 401 are 500.
  const replay = { start: 401, batch: 8, capacity: 500 };
  assert.throws(
    () => start(maddpg, "discrete", replay),
    /maddpg .* after 401 steps \(start, batch\), and --steps 400 makes 400 steps.*set start and batch lower/,
  );
  start(maddpg, "discrete", replay, { steps: 401 }).dispose();
  assert.throws(
    () => start(qmix, "discrete", { batch: 401, capacity: 401 }),
    /after 401 episodes .*set batch lower/,
  );

  // Episodes of two steps: 400 steps are 200 of them.
  const scenario = findScenario("matrix/two_step");
  const ends = (batch: number, steps: number) => {
    const run = start(qmix, "discrete", { horizon: 2, batch, capacity: 201 }, { scenario, steps });
    let metrics = {};
    while (!run.finished) metrics = run.advance().metrics;
    run.dispose();
    return metrics;
  };
  assert.ok("loss/value" in ends(200, 400));
  assert.throws(
    () => ends(201, 400),
    /ended without a gradient step: qmix waits for 201 episodes \(batch\), and 200 were/,
  );
  assert.ok("loss/value" in ends(201, 408));
});

function refusalOf(work: () => void): string | undefined {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
}
