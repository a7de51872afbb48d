/** Params as distributions: what is drawn, for whom, and what is refused. */
import assert from "node:assert/strict";
import {
  type BackendName,
  drawable,
  findScenario,
  makeWorld,
  paramsOf,
  randomPolicy,
  readReplay,
  record,
  runner,
  verify,
  type World,
} from "../../sim/mod.ts";
import { parallel } from "../../sim/pettingzoo/mod.ts";

const pendulum = findScenario("control/pendulum_v1");
const uniform = { mass: { uniform: [0.7, 1.3] } };
const mixed = {
  mass: { uniform: [0.7, 1.3] },
  length: { normal: [1, 0.1] },
  gravity: { logUniform: [5, 20] },
};

/** What `envs` environments draw of one param of the pendulum. */
function drawn(name: string, distribution: unknown, envs = 4000): number[] {
  const world = makeWorld(pendulum, { envs, params: { [name]: distribution } });
  world.reset(11);
  return [...world.columns[`param_${name}`]!.data];
}

function moments(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const square = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / values.length;
  return { mean, deviation: Math.sqrt(square) };
}

/** χ² of counts in equal bins of [0, 1). */
function chi2(units: readonly number[], bins: number): number {
  const counts = new Array<number>(bins).fill(0);
  for (const unit of units) counts[Math.min(bins - 1, Math.floor(unit * bins))]!++;
  const expected = units.length / bins;
  return counts.reduce((sum, count) => sum + (count - expected) * (count - expected) / expected, 0);
}

function play(world: World, steps: number): void {
  for (let t = 0; t < steps; t++) {
    world.actions.forEach((_, i) => world.actions[i] = 2 * Math.sin(t + i));
    world.step();
  }
}

Deno.test("uniform, logUniform and choice fill their ranges evenly", () => {
  // The 99.9 % points of χ² with 19 and with 2 degrees of freedom.
  const flat = drawn("mass", { uniform: [0.7, 1.3] });
  assert.ok(flat.every((x) => x >= 0.7 && x < 1.3));
  assert.ok(chi2(flat.map((x) => (x - 0.7) / 0.6), 20) < 43.82);
  const logs = drawn("gravity", { logUniform: [1, 100] });
  assert.ok(logs.every((x) => x >= 1 && x <= 100));
  assert.ok(chi2(logs.map((x) => Math.log10(x) / 2), 20) < 43.82);
  const chosen = drawn("mass", { choice: [1, 2, 4] });
  assert.deepEqual(new Set(chosen), new Set([1, 2, 4]));
  assert.ok(chi2(chosen.map((x) => Math.log2(x) / 3), 3) < 13.82);
});

Deno.test("normal has its moments, and is clipped to what the param allows", () => {
  const { mean, deviation } = moments(drawn("gravity", { normal: [10, 2] }));
  assert.ok(Math.abs(mean - 10) < 3.3 * 2 / Math.sqrt(4000));
  assert.ok(Math.abs(deviation - 2) < 3.3 * 2 / Math.sqrt(8000));
  const masses = drawn("mass", { normal: [1, 2] });
  assert.equal(Math.min(...masses), 0.001);
});

Deno.test("each environment draws its own at each reset, whatever the batch and whatever else is drawn", () => {
  const eight = makeWorld(pendulum, { envs: 8, params: mixed });
  eight.reset(5);
  const first = [...eight.columns["param_mass"]!.data];
  assert.equal(new Set(first).size, 8);
  const late = makeWorld(pendulum, { envs: 3, firstEnv: 5, params: mixed });
  late.reset(5);
  assert.deepEqual([...late.columns["param_mass"]!.data], first.slice(5));
  const alone = makeWorld(pendulum, { envs: 8, params: uniform });
  alone.reset(5);
  assert.deepEqual([...alone.columns["param_mass"]!.data], first);
  const plain = makeWorld(pendulum, { envs: 8 });
  plain.reset(5);
  assert.deepEqual(eight.columns["theta"]!.data, plain.columns["theta"]!.data);
  play(eight, 200);
  assert.ok([...eight.columns["param_mass"]!.data].every((mass, env) => mass !== first[env]));
});

Deno.test("a distribution of one value is that value, bit for bit", () => {
  for (
    const id of ["control/pendulum_v1", "control/cartpole_v1", "control/mountain_car_v0", "safe/hazard_grid"]
  ) {
    const scenario = findScenario(id);
    const names = drawable(scenario);
    const { spec } = makeWorld(scenario);
    const params = Object.fromEntries(names.map((name) => [name, { choice: [spec.params[name] as number] }]));
    const [plain, other] = [makeWorld(scenario, { envs: 4 }), makeWorld(scenario, { envs: 4, params })];
    for (const world of [plain, other]) {
      world.reset(2);
      for (let t = 0; t < 100; t++) {
        world.actions.forEach((_, i) => world.actions[i] = (t + i) % 2);
        world.step();
      }
    }
    assert.deepEqual(other.obs, plain.obs, id);
    assert.deepEqual(other.reward, plain.reward, id);
  }
});

/** Rewards and observations of random play, added up with weights. */
function digest(id: string, params: Record<string, unknown>, backend: BackendName): number {
  const world = makeWorld(findScenario(id), { envs: 3, params, backend });
  world.reset(2);
  const { spec } = world;
  const players = runner(
    world,
    Object.fromEntries(spec.groups.map((it) => [it.name, randomPolicy(spec, it)])),
    3,
  );
  let [sum, place] = [0, 0];
  for (let t = 0; t < 70; t++) {
    players.step();
    for (const numbers of [world.reward, world.obs]) numbers.forEach((x) => sum += x * (1 + place++ % 11));
  }
  return sum;
}

for (
  const [id, drawn] of Object.entries({
    "battle/skirmish": { sight: { uniform: [6, 20] } },
    "grid/foraging": { penalty: { uniform: [0, 1] }, maxLevel: { choice: [1, 3] } },
    "grid/warehouse": { battery: { choice: [60, 100] } },
    "matrix/penalty": { k: { uniform: [-100, -10] } },
    "mpe/simple_reference_v3": { localRatio: { uniform: [0, 1] } },
    "mpe/simple_spread_v3": { localRatio: { uniform: [0, 1] } },
    "safe/cooling_zones": { leak: { uniform: [0.1, 0.3] } },
    "text/preference": { match: { normal: [0.6, 0.1] }, clash: { choice: [-1, 0] } },
  })
) {
  Deno.test(`${id} draws ${Object.keys(drawn).join(" and ")}, the same on every backend`, () => {
    const { params } = makeWorld(findScenario(id)).spec;
    const one = Object.fromEntries(Object.keys(drawn).map((name) => [name, { choice: [params[name]] }]));
    const plain = digest(id, {}, "js");
    assert.equal(digest(id, one, "js"), plain);
    const drawing = digest(id, drawn, "js");
    assert.notEqual(drawing, plain);
    assert.equal(digest(id, drawn, "eval"), drawing);
    assert.equal(digest(id, drawn, "wasm64"), drawing);
  });
}

Deno.test("every backend draws the same", () => {
  const hashes = (["js", "eval", "wasm64"] as BackendName[]).map((backend) => {
    const world = makeWorld(pendulum, { envs: 5, params: mixed, backend });
    world.reset(3);
    play(world, 250);
    return [0, 1, 2, 3, 4].map((env) => world.hash(env));
  });
  assert.deepEqual(hashes[1], hashes[0]);
  assert.deepEqual(hashes[2], hashes[0]);
});

Deno.test("numpy's resets stay numpy's", () => {
  const [plain, other] = [
    makeWorld(pendulum, { reset: "numpy" }),
    makeWorld(pendulum, { reset: "numpy", params: uniform }),
  ];
  for (const world of [plain, other]) world.reset(4);
  assert.deepEqual(other.columns["theta"]!.data, plain.columns["theta"]!.data);
});

Deno.test("snapshots hold what was drawn, and replays verify", () => {
  const world = makeWorld(pendulum, { envs: 3, params: mixed });
  play(world, 150);
  const saved = world.snapshot();
  play(world, 100);
  const hash = world.hash(1);
  world.restore(saved);
  for (let t = 150; t < 250; t++) {
    world.actions.forEach((_, i) => world.actions[i] = 2 * Math.sin(t - 150 + i));
    world.step();
  }
  assert.equal(world.hash(1), hash);

  const recorder = record(pendulum, { params: mixed, seed: 9 });
  for (let t = 0; t < 250; t++) {
    recorder.world.actions[0] = Math.sin(t);
    recorder.step();
  }
  const replay = readReplay(recorder.finish({ policy: "sine" }));
  assert.deepEqual(replay.header.params, { numpy: 1, ...mixed });
  assert.ok(verify(replay).ok);
  assert.ok(verify(replay, pendulum, "wasm64").ok);
});

Deno.test("a spec tells the numbers that stand for what is drawn, and what was given", () => {
  const { spec } = makeWorld(pendulum, { params: mixed });
  assert.deepEqual([spec.params["mass"], spec.params["length"]], [1, 1]);
  assert.ok(Math.abs(spec.params["gravity"] as number - 10) < 1e-12);
  assert.deepEqual(spec.realism!.params, mixed);
  assert.deepEqual(paramsOf(spec), { numpy: 1, ...mixed });
  assert.equal(makeWorld(pendulum).spec.realism, undefined);
});

Deno.test("PettingZoo's interface takes distributions", () => {
  const env = parallel(pendulum, { params: uniform });
  assert.equal(env.reset({ seed: 1 }).observations["pendulum_0"]!.length, 3);
});

Deno.test("class worlds draw too: a lander of gravity, wind and turbulence of its own", () => {
  const lander = findScenario("control/lunar_lander_v3");
  const params = {
    enableWind: true,
    gravity: { uniform: [-11.9, -4] },
    windPower: { uniform: [0, 20] },
    turbulencePower: { normal: [1, 0.3] },
  };
  const world = makeWorld(lander, { envs: 4, params });
  world.reset(1);
  const gravity = world.columns["param_gravity"]!;
  assert.equal(new Set(gravity.data).size, 4);
  const alone = makeWorld(lander, { firstEnv: 2, params: { enableWind: true, gravity: params.gravity } });
  alone.reset(1);
  assert.equal(alone.columns["param_gravity"]!.data[0], gravity.data[2]);
  for (let t = 0; t < 5; t++) world.step();
  const fixed = makeWorld(lander, {
    firstEnv: 2,
    params: {
      enableWind: true,
      gravity: gravity.data[2]!,
      windPower: world.columns["param_windPower"]!.data[2]!,
      turbulencePower: world.columns["param_turbulencePower"]!.data[2]!,
    },
  });
  fixed.reset(1);
  for (let t = 0; t < 5; t++) fixed.step();
  const { O } = world.spec;
  assert.deepEqual([...world.obs.slice(2 * O, 3 * O)], [...fixed.obs]);

  const recorder = record(lander, { params, seed: 3 });
  for (let t = 0; t < 150; t++) recorder.step();
  assert.ok(verify(readReplay(recorder.finish({ policy: "none" }))).ok);
});

const refused: [string, string, unknown, RegExp][] = [
  [
    "what does not go with another param",
    "grid/warehouse",
    { battery: { choice: [100, 20] } },
    /give 20.*raise battery to 60/,
  ],
  ["a size", "safe/crossing", { N: { choice: [2, 3] } }, /crossing\.N cannot be drawn: .*give it a number/],
  [
    "what is read as a plain number",
    "control/pendulum_v1",
    { numpy: { choice: [1, 2] } },
    /numpy cannot be drawn: .*What can be drawn: gravity, mass, length/,
  ],
  ["values out of range", "control/pendulum_v1", { mass: { uniform: [-1, 1] } }, /can give -1, .*keep the/],
  [
    "a shape that is none",
    "control/pendulum_v1",
    { mass: { uniform: 3 } },
    /expected \{ uniform: \[low, high\]/,
  ],
  ["ends in the wrong order", "control/pendulum_v1", { mass: { uniform: [2, 1] } }, /expected \[low, high\]/],
  [
    "fractions of a whole number that cannot be drawn",
    "safe/crossing",
    { N: { uniform: [2, 3] } },
    /can give 2\.38\d*, which is no whole number: give it a number$/,
  ],
  [
    "fractions of a whole number that a choice draws",
    "grid/foraging",
    { maxLevel: { uniform: [1, 3] } },
    /maxLevel: .* no whole number; only \{ choice: \[1, 2, 3\] \} draws whole numbers$/,
  ],
  [
    "a distribution whose name is misspelt",
    "control/pendulum_v1",
    { mass: { unifrm: [1, 2] } },
    /pendulum_v1\.mass: expected a number, or \{ uniform: .*Did you mean "uniform"\?$/,
  ],
  ["a logarithm of 0", "control/pendulum_v1", { gravity: { logUniform: [0, 1] } }, /a low above 0/],
];
for (const [what, id, params, message] of refused) {
  Deno.test(`${what} is refused, with the cure`, () => {
    assert.throws(() => makeWorld(findScenario(id), { params: params as Record<string, unknown> }), message);
  });
}
