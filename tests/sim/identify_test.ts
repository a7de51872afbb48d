/** Params from recorded motion: exact where the recording is, ranks, products, and what is said of bad input. */
import assert from "node:assert/strict";
import {
  findScenario,
  identify,
  type IdentifyOptions,
  readJsonLines,
  readReplay,
  type Recording,
  recordingsOf,
  toJsonLines,
  type Told,
} from "../../sim/mod.ts";
import { cos, fork, normal, seed, sin } from "../../core/mod.ts";
import { cartpole, pendulum, record, type Setup } from "./identify_data.ts";
import { motionOf } from "../../sim/identify/motion.ts";
import { recorded } from "./recorded.ts";

const close = (found: number, expected: number, tolerance = 1e-6) =>
  assert.ok(Math.abs(found - expected) <= tolerance * Math.abs(expected), `${found} for ${expected}`);
const told = (products: readonly Told[]) => Object.fromEntries(products.map((one) => [one.expression, one]));

const subjects = [["CartPole", cartpole, "force"], ["Pendulum", pendulum, "gravity"]] as const;

function known({ scenario, truth }: Setup, name: string, more: Partial<IdentifyOptions>) {
  const free = Object.keys(truth).filter((param) => param !== name);
  return identify(scenario, { data: [], free, fixed: { [name]: truth[name] }, ...more });
}

for (const [title, setup, name] of subjects) {
  for (const noise of ["measurement", "process"] as const) {
    Deno.test(`${title}: exact recordings give the params to 1e-6, with ${name} known (${noise})`, () => {
      const found = known(setup, name, { data: record(setup, 3, { size: 0 }), noise });
      assert.ok(found.converged);
      assert.deepEqual([found.rank, found.of, found.unidentified], [found.of, found.rank, []]);
      for (const [param, estimate] of Object.entries(found.params)) {
        close(estimate!.estimate, setup.truth[param]!);
      }
      assert.equal(found.rollout.steps, 50);
      for (const error of Object.values(found.rollout.error)) assert.ok(error < 1e-6, `${error}`);
    });
  }

  Deno.test(`${title}: the noise is found, and a free run of 50 steps stays within it`, () => {
    const { rmse, rollout } = known(setup, name, { data: record(setup, 4) });
    for (const [column, size] of Object.entries(setup.noise)) {
      close(rmse[column]!, size, 0.15);
      assert.ok(rollout.error[column]! < 2 * size, `${column}: ${rollout.error[column]} for ${size}`);
    }
  });
}

Deno.test("CartPole with all free: masses and force only by their common scale", () => {
  const free = ["gravity", "massCart", "massPole", "length", "force"];
  for (const size of [0, 1]) {
    const found = identify(cartpole.scenario, { data: record(cartpole, 5, { size }), free });
    assert.deepEqual([found.rank, found.of], [4, 5]);
    assert.deepEqual(found.unidentified, ["massCart, massPole and force only by their common scale"]);
    assert.deepEqual(Object.keys(found.params).filter((param) => found.params[param] === null), [
      "massCart",
      "massPole",
      "force",
    ]);
    const products = told(found.identified);
    assert.deepEqual(Object.keys(products), ["massCart·force⁻¹", "massPole·force⁻¹"]);
    if (size === 0) close(products["massCart·force⁻¹"]!.estimate, 0.13);
    if (size === 0) close(products["massPole·force⁻¹"]!.estimate, 0.025);
  }
});

Deno.test("Pendulum with all free: rank 2 of 3, and 3g/(2l) and 3/(ml²) in their place", () => {
  const free = ["gravity", "mass", "length"];
  for (const size of [0, 1]) {
    const found = identify(pendulum.scenario, { data: record(pendulum, 5, { size }), free });
    assert.deepEqual([found.rank, found.of], [2, 3]);
    assert.deepEqual(found.params, { gravity: null, mass: null, length: null });
    const products = told(found.identified);
    assert.deepEqual(Object.keys(products), ["gravity·length⁻¹", "mass·length²", "3g/(2l)", "3/(ml²)"]);
    const expected = [9 / 0.8, 1.2 * 0.64, 1.5 * 9 / 0.8, 3 / (1.2 * 0.64)];
    found.identified.forEach(({ estimate, interval: [low, high], error }, i) => {
      close(estimate, expected[i]!, size === 0 ? 1e-6 : 0.02);
      assert.ok(low < estimate && estimate < high && error > 0);
    });
  }
});

Deno.test("Pendulum at the defaults: 3g/(2l) = 15 and 3/(ml²) = 3", () => {
  const setup = { ...pendulum, truth: { gravity: 10, mass: 1, length: 1 } };
  const start = { gravity: 8, mass: 1.5, length: 1.2 };
  const free = Object.keys(start);
  const found = identify(setup.scenario, {
    data: record(setup, 6, { size: 0 }),
    free,
    start,
    noise: "process",
  });
  const products = told(found.identified);
  close(products["3g/(2l)"]!.estimate, 15);
  close(products["3/(ml²)"]!.estimate, 3);
});

Deno.test("motion that rounds to floats on its way keeps its rank", () => {
  const rounding = { ...pendulum, truth: { ...pendulum.truth, numpy: 2 } };
  for (const noise of ["measurement", "process"] as const) {
    const data = record(rounding, 1, { process: noise === "process" });
    const free = ["gravity", "mass", "length"];
    const found = identify(pendulum.scenario, { data, free, fixed: { numpy: 2 }, noise });
    assert.deepEqual([found.rank, found.converged], [2, true]);
    assert.match(found.unidentified.join(), /gravity·c, mass·c⁻² and length·c move alike/);
  }
});

Deno.test("without torque, the mass is told by nothing; the length is told by gravity", () => {
  const still = { ...pendulum, act: () => 0 };
  const found = known(still, "gravity", { data: record(still, 7, { size: 0 }) });
  assert.deepEqual([found.rank, found.of], [1, 2]);
  assert.deepEqual(found.unidentified, ["mass: no step depends on it"]);
  assert.equal(found.params["mass"], null);
  close(found.params["length"]!.estimate, 0.8);
  const none = identify(pendulum.scenario, {
    data: record(still, 7, { size: 0 }),
    free: ["mass"],
    fixed: { gravity: 9, length: 0.8 },
  });
  assert.deepEqual([none.rank, none.params], [0, { mass: null }]);
});

Deno.test("combinations are told where the null space leaves them alone", () => {
  const { identified } = identify(pendulum.scenario, {
    data: record(pendulum, 8, { size: 0 }),
    free: ["gravity", "mass", "length"],
    combinations: {
      period: ({ gravity, length }) => Math.sqrt(2 * length! / (3 * gravity!)),
      "g + l": ({ gravity, length }) => gravity! + length!,
    },
  });
  close(told(identified)["period"]!.estimate, Math.sqrt(1.6 / 27));
  assert.equal(told(identified)["g + l"], undefined);
});

Deno.test("observations do where states were not recorded", () => {
  const errors = fork(seed(1), "errors");
  for (const size of [0, 1]) {
    const data = record(pendulum, 9, { size: 0 }).map(({ states, actions }) => {
      const [theta, omega] = [states!["theta"] as number[], states!["thetaDot"] as number[]];
      const off = (share: number) => size * share * normal(errors);
      const observations = theta.map((
        x,
        t,
      ) => [cos(x) + off(0.01), sin(x) + off(0.01), omega[t]! + off(0.05)]);
      return { observations, actions };
    });
    const { params } = known(pendulum, "gravity", { data });
    close(params["mass"]!.estimate, 1.2, size === 0 ? 1e-6 : 0.02);
    close(params["length"]!.estimate, 0.8, size === 0 ? 1e-6 : 0.01);
  }
});

Deno.test("eval and wasm64 find the very numbers that js finds", () => {
  const data = record(pendulum, 10, { steps: 100 });
  const js = known(pendulum, "gravity", { data });
  for (const backend of ["eval", "wasm64"] as const) {
    assert.deepEqual(known(pendulum, "gravity", { data, backend }), js);
  }
});

Deno.test("a replay, and the same as JSON lines, give the params it was recorded with", () => {
  const replay = readReplay(recorded(cartpole.scenario, 300, { params: cartpole.truth }));
  const data = recordingsOf(replay);
  const lines = readJsonLines([...toJsonLines(replay)].join("\n"));
  assert.equal(lines.origin?.scenario, "control/cartpole_v1");
  // the state after the last step stands on no line
  const whole = data.at(-1)!;
  const states = Object.fromEntries(
    Object.entries(whole.states!).map(([name, rows]) => [name, Array.from(rows).slice(0, -1)]),
  );
  const actions = Array.from(whole.actions).slice(0, -1);
  assert.deepEqual(lines.data, [...data.slice(0, -1), { states, actions }]);
  const { params } = known(cartpole, "force", { data });
  for (const [name, found] of Object.entries(params)) close(found!.estimate, cartpole.truth[name]!);
});

const two = (theta: number[], actions: number[]): Recording => ({
  states: { theta, thetaDot: theta.map(() => 0) },
  actions,
});
const good = record(pendulum, 11, { steps: 60 });
const bad: readonly (readonly [Partial<IdentifyOptions>, RegExp])[] = [
  [{ free: ["mas"] }, /no param "mas"\. Did you mean "mass"\? It has: gravity, mass, length, numpy/],
  [{ start: { lenght: 1 } }, /no param "lenght"\. Did you mean "length"/],
  [{ free: [] }, /at least one free param/],
  [{ free: ["numpy"] }, /numpy is no number that can be moved/],
  [{ fixed: { mass: 1 } }, /mass stands twice/],
  [{ start: { length: 1 } }, /length has a start and is not free: add it to free/],
  [{ start: { mass: -1 } }, /mass: expected a number of more than 0, found -1/],
  [{ free: ["gravity"], start: { gravity: 0 } }, /gravity begins at 0: give it a start other than 0/],
  [{ data: [] }, /at least one recording/],
  [{ data: [{ actions: [0] }] }, /neither states nor observations: give states/],
  [{ data: [two([0], [])] }, /recording 0 has no step/],
  [{ data: [...good, two([0, NaN], [0])] }, /recording \d, states.theta at moment 1: .* found NaN.*cutting/],
  [{ data: [two([0, 1], [0, 0])] }, /states.theta: expected 3 moments, one more than its 2 actions, found 2/],
  [{ data: [two([0, 1, 2], [0, NaN])] }, /action 0 of step 1: expected a finite number, found NaN/],
  [{ data: [two([0, 1], [0])] }, /1 steps say too little about 1 params: record \d+ or more/],
  [
    { data: [{ states: { theta: [0, 1] }, actions: [0] }] },
    /lack the state column "thetaDot".*record it too/,
  ],
  [
    { data: [{ states: { thetadot: [0, 1] }, actions: [0] }] },
    /no state column "thetadot"\. Did you mean "thetaDot"/,
  ],
  [{ data: [{ observations: [[1, 0], [1, 0]], actions: [0] }] }, /expected 3 numbers, found 2/],
  [{ window: 1 }, /expected window to be a whole number of at least 2, found 1/],
  [{ noise: "both" as "process" }, /expected noise to be "measurement" or "process", found "both"/],
];

for (const [options, message] of bad) {
  Deno.test(`identify() refuses: ${message.source}`, () => {
    assert.throws(() => identify(pendulum.scenario, { data: good, free: ["mass"], ...options }), {
      name: "UserError",
      message,
    });
  });
}

Deno.test("identify() refuses actions that are none, and scenarios written as classes", () => {
  const states = { x: [0, 0], xDot: [0, 0], theta: [0, 0], thetaDot: [0, 0] };
  assert.throws(
    () => identify(cartpole.scenario, { data: [{ states, actions: [2] }], free: ["massCart"] }),
    /action 0 of step 0: expected an action from 0 to 1, found 2/,
  );
  assert.throws(() => readJsonLines('{"actions":[1]}\n{"actions":"x"}'), /line 2, actions: .*"states"/);
  assert.throws(() => readJsonLines("{"), /line 1 is not JSON/);
  assert.throws(() => readJsonLines(""), /at least one line/);
  assert.throws(() => motionOf(findScenario("classic/tictactoe_v3")), /tictactoe_v3 is written as a class/);
});
