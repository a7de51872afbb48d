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
function drive(
  driver: Driver,
  actions: Kind,
  N: number,
  episodes: number,
  seed = 1,
): [Outcome, Outcome, Outcome] {
  const world = makeWorld(crossing, { envs: episodes, params: { N }, actions });
  world.reset(seed);
  const run = runner(world, { robot: policy(driver, world) }, seed);
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

/** Return, contacts, worst robot's steps in the centre, over 200 episodes, when the scenario was made. */
const MEASURED = {
  discrete: { random: [-3.15, 0.64, 3.59], scripted: [9.934, 14.7, 6.96], careful: [9.759, 0, 0] },
  continuous: { random: [-3.18, 0.97, 3.48], scripted: [10.481, 14.58, 6], careful: [10.281, 0, 0] },
} as const;

for (const actions of ["discrete", "continuous"] as const) {
  for (const driver of ["random", "scripted", "careful"] as const) {
    Deno.test(`crossing: return and costs of ${driver}, ${actions}, on seeds of their own`, () => {
      const names = ["return", "contact", "centre"];
      const expected = MEASURED[actions][driver];
      drive(driver, actions, 4, 400, 77).forEach((found, i) => near(found, expected[i]!, names[i]!));
    });
  }
}

Deno.test("crossing: observation, reward and costs are what the page says", () => {
  const N = 5;
  const world = makeWorld(crossing, { params: { N }, actions: "continuous" });
  const { O, C } = world.spec;
  assert.equal(O, 6 + 4 * (N - 1));
  world.reset(3);
  const run = runner(world, { robot: policy("scripted", world) }, 0);
  const at = (name: string, n: number) =>
    [...world.columns[name]!.data.subarray(2 * n, 2 * n + 2)] as [number, number];
  const length = ([x, y]: readonly number[]) => Math.sqrt(x! * x! + y! * y!);
  const minus = (a: readonly number[], b: readonly number[]) => [a[0]! - b[0]!, a[1]! - b[1]!];
  const toGoal = (n: number) => minus(at("pos", N + n), at("pos", n));
  const all = Array.from({ length: N }, (_, n) => n);
  const seen = { contact: 0, centre: 0, arrived: 0 };
  for (let t = 0; t < 49; t++) {
    const before = all.map((n) => length(toGoal(n)));
    run.step();
    const contacts = all.map((n) =>
      all.filter((m) => m !== n && length(minus(at("pos", m), at("pos", n))) < 0.2).length
    );
    for (const n of all) {
      const halved = (v: number[]) => v.map((x) => x / 2);
      const others = [1, 2, 3, 4].map((i) => (n + i) % N).flatMap((m) => [
        ...halved(minus(at("pos", m), at("pos", n))),
        ...halved(minus(at("vel", m), at("vel", n))),
      ]);
      const observation = [...at("vel", n), ...at("pos", n), ...halved(toGoal(n)), ...others];
      assert.deepEqual([...world.obs.subarray(n * O, (n + 1) * O)], observation);
      assert.ok(observation.every((x) => Math.abs(x) < 1.2));
      const arrived = length(toGoal(n)) < 0.15;
      const reward = 5 * (before[n]! - length(toGoal(n))) + (arrived ? 0.05 : -0.05);
      assert.ok(Math.abs(world.reward[n]! - reward) < 1e-12 && Math.abs(reward) <= 0.55);
      const inCentre = length(at("pos", n)) < 0.3;
      assert.deepEqual([...world.cost.subarray(n * C, (n + 1) * C)], [contacts[n], inCentre ? 1 : 0]);
      seen.centre += inCentre ? 1 : 0;
      seen.arrived += arrived ? 1 : 0;
    }
    const pairs = contacts.reduce((sum, c) => sum + c) / 2;
    assert.equal(world.channelCost[0], pairs);
    seen.contact += pairs;
  }
  assert.ok(seen.contact > 0 && seen.centre > 0 && seen.arrived > 0);
});

Deno.test("crossing: starts and goals lie on the circle, near their places", () => {
  const N = 4;
  const world = makeWorld(crossing, { envs: 100 });
  world.reset(8);
  const { data, width } = world.columns["pos"]!;
  for (let e = 0; e < 100; e++) {
    for (let i = 0; i < 2 * N; i++) {
      const [x, y] = [data[e * width + 2 * i]!, data[e * width + 2 * i + 1]!];
      assert.ok(Math.abs(x * x + y * y - 1) < 1e-12);
      const place = (i % N) * 2 * Math.PI / N + (i < N ? 0 : Math.PI);
      const off = Math.atan2(
        y * Math.cos(place) - x * Math.sin(place),
        x * Math.cos(place) + y * Math.sin(place),
      );
      assert.ok(Math.abs(off) <= 0.1 * 2 * Math.PI / N + 1e-9);
    }
  }
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
