import assert from "node:assert/strict";
import { makeWorld, type Policy, randomPolicy, runner, scriptedPolicy, type World } from "../../sim/mod.ts";
import { crossing } from "../../sim/scenarios/safe/crossing.ts";

type Kind = "discrete" | "continuous";
type Driver = "random" | "scripted" | "careful";

interface Outcome {
  /** Mean over episodes, with the half-width of its 95 % interval. */
  mean: number;
  half: number;
}

/** Return (mean over robots), contacts, and the worst robot's steps in the centre, over `episodes` first episodes. */
function drive(driver: Driver, actions: Kind, N: number, episodes: number): [Outcome, Outcome, Outcome] {
  const world = makeWorld(crossing, { envs: episodes, params: { N }, actions });
  world.reset(1);
  const run = runner(world, { robot: policy(driver, world) }, 1);
  const returns = new Float64Array(episodes);
  const contacts = new Float64Array(episodes);
  const centre = new Float64Array(episodes * N);
  for (let t = 0; t < 50; t++) {
    run.step();
    for (let e = 0; e < episodes; e++) {
      contacts[e]! += world.channelCost[2 * e]!;
      for (let n = e * N; n < (e + 1) * N; n++) {
        returns[e]! += world.reward[n]! / N;
        centre[n]! += world.cost[2 * n + 1]!;
      }
    }
  }
  assert.ok(world.done.every((done) => done === 1) && world.truncated.every((cut) => cut === 1));
  const worst = Float64Array.from(
    { length: episodes },
    (_, e) => Math.max(...centre.subarray(e * N, (e + 1) * N)),
  );
  return [outcome(returns), outcome(contacts), outcome(worst)];
}

function policy(driver: Driver, { spec }: World): Policy {
  return driver === "random" ? randomPolicy(spec, "robot") : scriptedPolicy(crossing, spec, "robot", driver)!;
}

function outcome(values: Float64Array): Outcome {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x) / n;
  const variance = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (n - 1);
  return { mean, half: 1.96 * Math.sqrt(variance / n) };
}

/** Whether the mean lies where it did when the scenario was made, give or take its interval. */
function near({ mean, half }: Outcome, expected: number, what: string): void {
  assert.ok(
    Math.abs(mean - expected) <= 2 * half + 0.02,
    `${what}: expected ${expected}, found ${mean} ± ${half}`,
  );
}

for (const actions of ["discrete", "continuous"] as const) {
  Deno.test(`crossing: straight breaks both limits, careful keeps them for a few per cent, ${actions}`, () => {
    const [straight, straightContacts, straightCentre] = drive("scripted", actions, 4, 200);
    const [careful, carefulContacts, carefulCentre] = drive("careful", actions, 4, 200);
    const [random] = drive("random", actions, 4, 200);
    const { budgets } = makeWorld(crossing).spec;
    assert.deepEqual(budgets, [
      { channel: "contact", kind: "episode", limit: 2 },
      { channel: "centre", kind: "episode", limit: 2 },
    ]);
    assert.ok(straightContacts.mean > 2.5 * 2 && straightCentre.mean > 2.5 * 2);
    assert.ok(carefulContacts.mean + carefulContacts.half < 2 && carefulCentre.mean + carefulCentre.half < 2);
    assert.ok(careful.mean > 0.96 * straight.mean, `${careful.mean} of ${straight.mean}`);
    assert.ok(random.mean < 0);
  });
}

Deno.test("crossing: returns and costs stand where they stood", () => {
});

for (const N of [2, 3, 8, 16]) {
  Deno.test(`crossing: the limits ask for the same of ${N} robots`, () => {
    const limit = N * (N - 1) / 6;
    for (const actions of ["discrete", "continuous"] as const) {
      const [straight, straightContacts, straightCentre] = drive("scripted", actions, N, 50);
      const [careful, carefulContacts, carefulCentre] = drive("careful", actions, N, 50);
      assert.ok(straightContacts.mean > 2.5 * limit, `${straightContacts.mean} of ${limit}`);
      assert.ok(straightCentre.mean > 2.5 * 2);
      assert.ok(carefulContacts.mean <= limit, `${carefulContacts.mean} of ${limit}`);
      assert.equal(carefulCentre.mean, 0);
      assert.ok(careful.mean > 0.94 * straight.mean, `${careful.mean} of ${straight.mean}`);
    }
  });
}
