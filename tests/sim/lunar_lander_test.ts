/**
 * LunarLander beyond what the recordings show: constants, draws, ends, params, and planck's bits.
 *
 * @module
 */
import assert from "node:assert/strict";
import { cos, sin, tanh } from "../../core/mod.ts";
import { addCraft } from "../../sim/lunar_lander/craft.ts";
import { continuousThrust, discreteThrust, gust } from "../../sim/lunar_lander/engines.ts";
import { requireExact, RevoluteJoint, World } from "../../sim/lunar_lander/exact_planck.ts";
import { advance, begin, type Flight, flight } from "../../sim/lunar_lander/flight.ts";
import { surface } from "../../sim/lunar_lander/terrain.ts";
import { findScenario, frame, makeWorld, runner, scriptedPolicy } from "../../sim/mod.ts";
import { lander, listedDraws } from "../parity/lunar_lander_world.ts";

const ID = "control/lunar_lander_v3";
const scenario = findScenario(ID);
const CALM = {
  gravity: -10,
  enableWind: false,
  windPower: 15,
  turbulencePower: 1.5,
  fidelity: "gym",
  hinge: "gymnasium",
} as const;
const FLAT = { terrain: new Array(12).fill(10 / 3), force: [0, 0], wind: [0, 0] };

Deno.test("the hull weighs 4.81667 kg, its inertia is 0.83331 kg m², a leg weighs 0.0711 kg", () => {
  const { hull, legs } = addCraft(new World(), { x: 0, y: 0 }, "gymnasium");
  assert.equal(hull.getMass().toFixed(5), "4.81667");
  assert.equal(hull.getInertia().toFixed(5), "0.83331");
  assert.equal(hull.getLocalCenter().y.toFixed(5), "0.10131");
  for (const leg of legs) assert.equal(leg.getMass().toFixed(4), "0.0711");
});

Deno.test("the pad is flat and about 3.3 m high; the height before the first is the last", () => {
  const heights = surface([1, 2, 3, 9, 9, 9, 9, 9, 4, 5, 6, 7]);
  assert.deepEqual(heights[0], 0.33 * (7 + 1 + 2));
  for (const i of [4, 5, 6]) assert.ok(Math.abs(heights[i]! - 3.3) < 1e-12);
  assert.deepEqual(heights[10], 0.33 * (5 + 6 + 7));
});

Deno.test("planck computes with core's functions, and the engine has its own back", () => {
  requireExact();
  for (const name of ["sin", "cos", "atan2"] as const) {
    assert.match(Function.prototype.toString.call(Math[name]), /native code/);
    assert.equal(Object.getOwnPropertyDescriptor(Math, name)!.enumerable, false);
  }
});

/** Observations and rewards of some steps under changing actions. */
function flown(fidelity: "gym" | "fast", steps: number): number[] {
  const it: Flight = flight({ ...CALM, fidelity });
  const thrust = { main: 0, side: 0 };
  const all: number[] = [];
  for (let t = 0; t < steps; t++) {
    const [a, b] = [sin(7 * t), cos(11 * t * t)];
    if (t === 0 || it.ended) begin(it, { ...FLAT, force: [500 * a, 300 * b] }, a, b);
    discreteThrust(Math.floor(2 + 2 * sin(5 * t * t)), thrust);
    advance(it, thrust, a, b);
    all.push(...it.obs, it.reward);
  }
  return all;
}

/** Lets planck's own methods show again under those that a flight gave its joints, bodies and solver. */
function bare(world: World): void {
  const covered = (it: object, names: string[]) => names.forEach((name) => Reflect.deleteProperty(it, name));
  covered(Reflect.get(world, "m_solver"), ["solveIsland", "solveIslandTOI", "solveWorldTOI"]);
  for (let body = world.getBodyList(); body; body = body.getNext()) {
    covered(body, ["synchronizeTransform", "synchronizeFixtures"]);
  }
  for (let joint = world.getJointList(); joint; joint = joint.getNext()) {
    Object.setPrototypeOf(joint, RevoluteJoint.prototype);
  }
}

Deno.test("our own joints, bodies and solver give the bits of planck's", () => {
  const { step } = World.prototype;
  for (const [fidelity, steps] of [["gym", 3000], ["fast", 6000]] as const) {
    const ours = flown(fidelity, steps);
    try {
      World.prototype.step = function (...times) {
        bare(this);
        step.apply(this, times);
      };
      assert.deepEqual(ours, flown(fidelity, steps));
    } finally {
      World.prototype.step = step;
    }
  }
});

Deno.test("engines: 0 nothing, 1 left, 2 main, 3 right; continuous from half power on, clipped", () => {
  const of = (write: (into: { main: number; side: number }) => void) => {
    const into = { main: NaN, side: NaN };
    write(into);
    return [into.main, into.side];
  };
  const discrete = [[0, 0], [0, -1], [1, 0], [0, 1]];
  discrete.forEach((expected, action) =>
    assert.deepEqual(of((into) => discreteThrust(action, into)), expected)
  );
  const continuous = [
    [-1, 0, 0, 0],
    [0, 0.5, 0, 0],
    [0.2, 0.6, 0.6, 0.6],
    [1, -1, 1, -1],
    [3, -0.51, 1, -0.51],
    [-3, 3, 0, 1],
  ];
  for (const [main, side, ...expected] of continuous) {
    assert.deepEqual(of((into) => continuousThrust(main!, side!, into)), expected);
  }
});

Deno.test("two dispersions are drawn in every step, idle or not", () => {
  for (const continuous of [false, true]) {
    const draws = [...FLAT.terrain, 0, 0, ...Array.from({ length: 12 }, (_, i) => i / 100)];
    const it = lander({}, continuous, listedDraws(draws));
    it.reset();
    for (let t = 0; t < 5; t++) it.step(continuous ? [-1, 0] : 0);
    const { log, taken } = it.columns;
    assert.equal(taken![0], 6);
    const drawn = Array.from({ length: 6 }, (_, t) => [...log!.subarray(4 * t + 2, 4 * t + 4)]).flat();
    assert.deepEqual(drawn, draws.slice(14));
  }
});

Deno.test("wind: a pattern of its own for force and torque, drawn at the start, while no leg touches", () => {
  assert.equal(gust(100), tanh(sin(0.02 * 100) + sin(Math.PI * 0.01 * 100)));
  const calm = flight(CALM);
  const windy = flight({ ...CALM, enableWind: true });
  for (const it of [calm, windy]) begin(it, { ...FLAT, wind: [30, 50] }, 0, 0);
  assert.deepEqual([windy.wind, windy.torque], [31, 51]);
  // one step of 15 N on the whole craft, whose legs follow
  const pushed = (windy.obs[2]! - calm.obs[2]!) * 5;
  const expected = gust(30) * 15 / (4.81667 + 2 * 0.0711) / 50;
  assert.ok(Math.abs(pushed - expected) < 0.05 * Math.abs(expected), `${pushed} for ${expected}`);
  assert.ok(Math.sign(windy.obs[5]! - calm.obs[5]!) === Math.sign(gust(50)));
  windy.touch[0] = true;
  advance(windy, { main: 0, side: 0 }, 0, 0);
  assert.equal(windy.wind, 31);
  const columns = (enableWind: boolean) => {
    const world = makeWorld(scenario, { params: { enableWind } });
    world.reset(3);
    return [...world.columns["wind"]!.data];
  };
  assert.deepEqual(columns(false), [0, 0]);
  assert.ok(columns(true).every((index) => Number.isInteger(index) && index >= -9999 && index < 9999));
});

Deno.test("landed and asleep: +100, even if the last step also left the picture", () => {
  const world = makeWorld(scenario, { envs: 8 });
  world.reset(0);
  const run = runner(world, { lander: scriptedPolicy(scenario, world.spec, "lander")! }, 0);
  const last = new Map<number, number>();
  while (last.size < 8) {
    run.step();
    for (let e = 0; e < 8; e++) if (world.done[e] === 1 && !last.has(e)) last.set(e, world.reward[e]!);
  }
  assert.ok([...last.values()].filter((reward) => reward === 100).length >= 5, `${[...last.values()]}`);

  const it = flight(CALM);
  begin(it, FLAT, 0, 0);
  for (const body of [it.craft.hull, ...it.craft.legs]) body.setAwake(false);
  it.crashed = true;
  advance(it, { main: 0, side: 0 }, 0, 0);
  assert.deepEqual([it.ended, it.reward], [true, 100]);
});

Deno.test("a craft that leaves the picture sideways has crashed", () => {
  const it = flight({ ...CALM, gravity: -0.01 });
  begin(it, { ...FLAT, force: [1000, 0] }, 0, 0);
  while (!it.ended) advance(it, { main: 0, side: 0 }, 0, 0);
  assert.ok(it.obs[0]! >= 1);
  assert.equal(it.reward, -100);
});

Deno.test("fuel is the power of the engines", () => {
  const world = makeWorld(scenario);
  const costs = [0, 1, 2, 3].map((action) => {
    world.actions[0] = action;
    world.step();
    return world.channelCost[0];
  });
  assert.deepEqual(costs, [0, 0.1, 1, 0.1]);
});

Deno.test("params out of range are refused by name", () => {
  const wrong = [
    { gravity: 0 },
    { gravity: -12 },
    { gravity: 1 },
    { windPower: 21 },
    { turbulencePower: -1 },
    { fidelity: "best" },
  ];
  for (const params of wrong) {
    assert.throws(() => makeWorld(scenario, { params }), new RegExp(`${ID}.${Object.keys(params)[0]}`));
  }
});

Deno.test("an episode longer than its log is refused", () => {
  const world = makeWorld(scenario, { maxCycles: 5000, params: { gravity: -0.001 } });
  world.columns["taken"]!.data[0] = 1001;
  assert.throws(() => world.step(), /keeps 1000 steps: set maxCycles to 1000 at most/);
});

Deno.test("a picture shows moon, flags, legs, hull and, while one burns, a flame", () => {
  const world = makeWorld(scenario);
  world.reset(1);
  const idle = frame(scenario, world, 0);
  world.actions[0] = 2;
  world.step();
  const burning = frame(scenario, world, 0);
  assert.equal(burning.shapes.length, idle.shapes.length + 1);
  assert.deepEqual(idle.camera, [0, 20, 0, 400 / 30]);
  assert.equal(idle.shapes.filter(({ agent }) => agent === 0).length, 1);
  assert.match(burning.caption, /^\d+\.\d m\/s$/);
});
