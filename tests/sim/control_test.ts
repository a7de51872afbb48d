/**
 * Classic control beyond what the recordings show: returns of the heuristics, ends, params, the danger zone, pictures.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  findScenario,
  frame,
  makeWorld,
  randomPolicy,
  runner,
  scriptedPolicy,
  type World,
} from "../../sim/mod.ts";

interface Outcome {
  readonly mean: number;
  readonly deviation: number;
  /** Mean cost of the first channel, where there is one. */
  readonly cost: number;
  readonly worstCost: number;
}

/** The first episode of each environment. */
function outcome(id: string, policy: string, episodes: number, seed: number): Outcome {
  const scenario = findScenario(id);
  const world = makeWorld(scenario, { envs: episodes });
  world.reset(seed);
  const { groups: [group], C, maxCycles } = world.spec;
  const chosen = policy === "random"
    ? randomPolicy(world.spec, group!)
    : scriptedPolicy(scenario, world.spec, group!, policy)!;
  const run = runner(world, { [group!.name]: chosen }, seed);
  const returns = new Float64Array(episodes);
  const costs = new Float64Array(episodes);
  const over = new Uint8Array(episodes);
  for (let t = 0; t < maxCycles && over.includes(0); t++) {
    run.step();
    for (let e = 0; e < episodes; e++) {
      if (over[e] === 1) continue;
      returns[e]! += world.reward[e]!;
      if (C > 0) costs[e]! += world.channelCost[e * C]!;
      over[e] = world.done[e]!;
    }
  }
  const mean = average(returns);
  const deviation = Math.sqrt(average(returns.map((x) => (x - mean) * (x - mean))));
  return { mean, deviation, cost: average(costs), worstCost: Math.max(...costs) };
}

function average(values: Float64Array): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** Mean and deviation over 200 episodes of Gymnasium, by scenario and policy. */
const REFERENCE: readonly (readonly [id: string, policy: string, mean: number, deviation: number])[] = [
  ["control/cartpole_v1", "scripted", 500, 0],
  ["control/cartpole_v1", "random", 21.6, 10.8],
  ["control/cartpole_danger", "scripted", 500, 0],
  ["control/pendulum_v1", "scripted", -141.1, 93.6],
  ["control/pendulum_v1", "random", -1183.5, 274.5],
  ["control/acrobot_v1", "scripted", -83.7, 15.1],
  ["control/acrobot_v1", "random", -498, 16],
  ["control/mountain_car_v0", "scripted", -119.5, 3.8],
  ["control/mountain_car_v0", "random", -200, 0],
  ["control/mountain_car_continuous_v0", "scripted", 89.35, 0.15],
];

for (const [id, policy, mean, deviation] of REFERENCE) {
  Deno.test(`${id}: the return of ${policy} over 200 episodes agrees with Gymnasium's`, () => {
    const found = outcome(id, policy, 200, 1);
    // 99 % interval of the difference of two means of 200
    const half = 2.58 * Math.sqrt((deviation * deviation + found.deviation * found.deviation) / 200);
    assert.ok(Math.abs(found.mean - mean) <= half + 0.005, `expected ${mean} ± ${half}, found ${found.mean}`);
  });
}

Deno.test("cartpole_danger: balancing at the start breaks the budget, careful keeps it at no loss", () => {
  const { budgets: [budget] } = makeWorld(findScenario("control/cartpole_danger")).spec;
  const scripted = outcome("control/cartpole_danger", "scripted", 200, 1);
  const careful = outcome("control/cartpole_danger", "careful", 200, 1);
  assert.deepEqual(budget, { channel: "danger", kind: "episode", limit: 50 });
  assert.ok(scripted.cost > 4 * 50, `${scripted.cost}`);
  assert.equal(careful.mean, 500);
  assert.ok(careful.worstCost <= 50, `${careful.worstCost}`);
});

/** A world of one environment in that state. */
function stateful(id: string, state: Readonly<Record<string, number>>, params = {}): World {
  const world = makeWorld(findScenario(id), { params });
  for (const [name, value] of Object.entries(state)) world.columns[name]!.data[0] = value;
  world.refresh();
  return world;
}

Deno.test("cartpole_danger charges a step that ends in the zone, and only that", () => {
  for (const [x, expected] of [[0, 1], [0.2, 1], [0.201, 0], [-0.2, 1], [-1, 0]] as const) {
    const world = stateful("control/cartpole_danger", { x, xDot: 0, theta: 0, thetaDot: 0 });
    world.step();
    assert.deepEqual([...world.channelCost], [expected], `at ${x}`);
  }
});

Deno.test("cartpole: the last step pays 1, or −1 in the manner of Sutton and Barto", () => {
  for (const [suttonBartoReward, on, last] of [[false, 1, 1], [true, 0, -1]] as const) {
    const world = makeWorld(findScenario("control/cartpole_v1"), { params: { suttonBartoReward } });
    const rewards: number[] = [];
    while (world.episode[0] === 0) {
      world.step();
      rewards.push(world.reward[0]!);
    }
    assert.ok(rewards.length > 5 && world.terminated[0] === 1);
    assert.deepEqual(rewards, [...rewards.slice(1).fill(on), last]);
    assert.ok(Math.abs(world.finalObs[2]!) > 12 * Math.PI / 180);
  }
});

Deno.test("cartpole: full length is truncated, not terminated", () => {
  const scenario = findScenario("control/cartpole_v1");
  const world = makeWorld(scenario);
  const run = runner(world, { cart: scriptedPolicy(scenario, world.spec, "cart")! }, 0);
  for (let t = 0; t < 500; t++) run.step();
  assert.deepEqual([world.done[0], world.truncated[0], world.terminated[0]], [1, 1, 0]);
});

Deno.test("mountain cars: a faster goal velocity keeps the episode going", () => {
  for (const id of ["control/mountain_car_v0", "control/mountain_car_continuous_v0"]) {
    for (const [goalVelocity, ends] of [[0, 1], [0.07, 0]] as const) {
      const world = stateful(id, { position: 0.48, velocity: 0.03 }, { goalVelocity });
      world.actions.fill(1);
      world.step();
      assert.equal(world.terminated[0], ends);
    }
  }
});

Deno.test("mountain cars stop at the left end", () => {
  for (const id of ["control/mountain_car_v0", "control/mountain_car_continuous_v0"]) {
    const world = stateful(id, { position: -1.19, velocity: -0.06 });
    world.step();
    assert.deepEqual([...world.obs], [
      id.endsWith("v0") && id.includes("continuous") ? Math.fround(-1.2) : -1.2,
      0,
    ]);
  }
});

Deno.test("continuous actions beyond the box are clipped as Gymnasium does, and what is no number is refused", () => {
  for (const id of ["control/pendulum_v1", "control/mountain_car_continuous_v0"]) {
    const [wide, bound] = [makeWorld(findScenario(id)), makeWorld(findScenario(id))];
    wide.actions[0] = 7;
    bound.actions[0] = id.includes("pendulum") ? 2 : 1;
    wide.step();
    bound.step();
    assert.deepEqual([...wide.obs], [...bound.obs]);
    for (const wrong of [NaN, Infinity, -Infinity]) {
      wide.actions[0] = wrong;
      assert.throws(() => wide.step(), /expected a finite number, found/);
    }
  }
});

Deno.test("acrobot: the paper's equations differ from the book's once the first link moves", () => {
  const state = { theta1: 0.3, theta2: 0.5, omega1: 1, omega2: 0 };
  const [book, nips] = (["book", "nips"] as const).map((dynamics) => {
    const world = stateful("control/acrobot_v1", state, { dynamics });
    world.step();
    return [...world.obs];
  });
  assert.notDeepEqual(book, nips);
});

Deno.test("params of another unit are refused by name", () => {
  const make = (params: Record<string, unknown>) => () =>
    makeWorld(findScenario("control/cartpole_v1"), { params });
  assert.throws(make({ lenght: 1 }), /Did you mean "length"/);
  assert.throws(make({ massPole: 0 }), /massPole/);
});

Deno.test("pictures follow the state", () => {
  const cart = findScenario("control/cartpole_v1");
  const leaning = stateful("control/cartpole_v1", { x: 0.5, theta: 0.2 });
  const pole = frame(cart, leaning, 0).shapes.find(({ color }) => color === "#e8590c")!;
  assert.deepEqual([pole.x, pole.y], [0.5, 0]);
  assert.ok(pole.x2! > 0.5 && pole.y2! > 0.9);
  const hanging = stateful("control/acrobot_v1", { theta1: 0, theta2: 0 });
  const tip = frame(findScenario("control/acrobot_v1"), hanging, 0).shapes.at(-1)!;
  assert.deepEqual([tip.x, tip.y], [0, -2]);
  const upright = stateful("control/pendulum_v1", { theta: 0 });
  const end = frame(findScenario("control/pendulum_v1"), upright, 0).shapes.at(-1)!;
  assert.ok(Math.abs(end.x) === 0 && end.y === 1);
});
