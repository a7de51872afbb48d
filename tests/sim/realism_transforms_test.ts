/** Noise and delays between world and policies, checked against a plain world that plays along. */
import assert from "node:assert/strict";
import {
  actuationDelay,
  type BackendName,
  findScenario,
  makeWorld,
  observationDelay,
  readReplay,
  record,
  sensorNoise,
  type Transform,
  verify,
  type World,
} from "../../sim/mod.ts";
import { parallelWorld } from "../../sim/parallel/mod.ts";

const pendulum = findScenario("control/pendulum_v1");
const crossing = findScenario("safe/crossing");
const foraging = findScenario("grid/foraging");

/** A legal action of each agent, another one at each step. */
function act(world: World, t: number): void {
  const { actionKind, A } = world.spec;
  world.actions.forEach((_, row) => {
    let action = Math.fround(Math.sin(t + row));
    if (actionKind === "discrete") {
      action = (t * 7 + row * 3) % A;
      while (world.mask[row * A + action] === 0) action = (action + 1) % A;
    }
    world.actions[row] = action;
  });
}

function play(world: World, steps: number, from = 0): void {
  for (let t = from; t < from + steps; t++) {
    act(world, t);
    world.step();
  }
}

Deno.test("an observation is the one of k steps earlier, the first one until then; the last one too", () => {
  const [plain, late] = [
    makeWorld(crossing, { maxCycles: 7 }),
    makeWorld(crossing, { maxCycles: 7, realism: [observationDelay({ steps: 2 })] }),
  ];
  let seen: number[][] = [];
  for (const world of [plain, late]) world.reset(3);
  seen.push([...plain.obs]);
  for (let t = 0; t < 20; t++) {
    for (const world of [plain, late]) {
      act(world, t);
      world.step();
    }
    const now = plain.done[0] ? plain.finalObs : plain.obs;
    seen.push([...now]);
    const expected = seen[Math.max(0, seen.length - 3)];
    assert.deepEqual([...(late.done[0] ? late.finalObs : late.obs)], expected, `step ${t}`);
    assert.deepEqual(late.reward, plain.reward);
    if (!plain.done[0]) continue;
    seen = [[...plain.obs]];
    assert.deepEqual(late.obs, plain.obs);
  }
});

Deno.test("an action is the one of k steps earlier, none until then; the world's array stays as it was written", () => {
  const k = 3;
  const [plain, late] = [
    makeWorld(pendulum),
    makeWorld(pendulum, { realism: [actuationDelay({ steps: k })] }),
  ];
  for (const world of [plain, late]) world.reset(3);
  for (let t = 0; t < 150; t++) {
    act(late, t);
    const asked = late.actions[0];
    if (t < k) plain.actions[0] = 0;
    else act(plain, t - k);
    late.step();
    plain.step();
    assert.deepEqual(late.obs, plain.obs);
    assert.equal(late.actions[0], asked);
  }
});

Deno.test("random delays are drawn at each reset, from 0 to k, evenly", () => {
  const realism = [observationDelay({ steps: 3, random: true })];
  const world = makeWorld(pendulum, { envs: 2000, realism });
  const plain = makeWorld(pendulum, { envs: 2000 });
  const history = [plain, world].map((each) => (each.reset(1), [[...each.obs]]));
  for (let t = 0; t < 5; t++) {
    [plain, world].forEach((each, i) => (play(each, 1, t), history[i]!.push([...each.obs])));
  }
  const counts = [0, 0, 0, 0];
  for (let env = 0; env < 2000; env++) {
    const shown = history[1]![5]![3 * env + 2];
    counts[[0, 1, 2, 3].find((delay) => history[0]![5 - delay]![3 * env + 2] === shown)!]!++;
  }
  const chi2 = counts.reduce((sum, count) => sum + (count - 500) * (count - 500) / 500, 0);
  assert.ok(chi2 < 16.27, `${counts}`);
});

Deno.test("noise has its moments and touches nothing but what is seen", () => {
  const E = 2000;
  for (const [kind, spread] of [["normal", 0.1], ["uniform", 0.1 / Math.sqrt(3)]] as const) {
    const [plain, noisy] = [
      makeWorld(pendulum, { envs: E }),
      makeWorld(pendulum, { envs: E, realism: [sensorNoise({ deviation: [0.1, 0, 0.1], kind })] }),
    ];
    for (const world of [plain, noisy]) play(world, 5);
    assert.deepEqual(noisy.columns["theta"]!.data, plain.columns["theta"]!.data);
    assert.deepEqual(noisy.reward, plain.reward);
    const off = (i: number) =>
      Array.from({ length: E }, (_, env) => noisy.obs[3 * env + i]! - plain.obs[3 * env + i]!);
    assert.ok(off(1).every((x) => x === 0));
    for (const errors of [off(0), off(2)]) {
      const mean = errors.reduce((sum, x) => sum + x, 0) / E;
      const deviation = Math.sqrt(errors.reduce((sum, x) => sum + x * x, 0) / E);
      assert.ok(Math.abs(mean) < 3.3 * spread / Math.sqrt(E));
      assert.ok(Math.abs(deviation / spread - 1) < 3.3 / Math.sqrt(2 * E));
    }
    const product = off(0).reduce((sum, x, env) => sum + x * off(2)[env]!, 0) / (E * spread * spread);
    assert.ok(Math.abs(product) < 3.3 / Math.sqrt(E));
  }
});

Deno.test("noise and delay of zero are the plain world, hash and all", () => {
  const realism = [
    sensorNoise({ deviation: 0 }),
    observationDelay({ steps: 0 }),
    actuationDelay({ steps: 0 }),
  ];
  const [plain, zero] = [makeWorld(crossing), makeWorld(crossing, { realism })];
  for (const world of [plain, zero]) play(world, 60);
  assert.equal(zero.spec.codeHash, plain.spec.codeHash);
  assert.equal(zero.hash(0), plain.hash(0));
  assert.deepEqual(zero.snapshot(), plain.snapshot());
});

Deno.test("observations pass the transforms in the order given", () => {
  const see = (realism: readonly Transform[]) => {
    const world = makeWorld(pendulum, { realism });
    world.reset(1);
    const shown = [[...world.obs]];
    for (let t = 0; t < 6; t++) (play(world, 1, t), shown.push([...world.obs]));
    return shown;
  };
  const [noise, delay] = [sensorNoise({ deviation: 0.1 }), observationDelay({ steps: 2 })];
  const [plain, noisy] = [see([]), see([noise])];
  const noisyThenLate = see([noise, delay]);
  assert.deepEqual(noisyThenLate[6], noisy[4]);
  assert.deepEqual(noisyThenLate[1], noisy[0]);
  const lateThenNoisy = see([delay, noise]);
  lateThenNoisy[6]!.forEach((x, i) => {
    assert.ok(Math.abs(x - (plain[4]![i]! + noisy[6]![i]! - plain[6]![i]!)) < 1e-12);
  });
});

const all = [sensorNoise({ deviation: 0.05 }), observationDelay({ steps: 2, random: true })];
for (
  const [scenario, realism] of [[pendulum, [...all, actuationDelay({ steps: 1 })]], [foraging, all]] as const
) {
  Deno.test(`${scenario.id}: the same on every backend, in any batch, over threads, after a snapshot, in a replay`, async () => {
    const hashes = (["js", "eval", "wasm64"] as BackendName[]).map((backend) => {
      const world = makeWorld(scenario, { envs: 4, realism, backend });
      play(world, 230);
      return [0, 1, 2, 3].map((env) => world.hash(env)).concat(`${world.obs}`);
    });
    assert.deepEqual(hashes[1], hashes[0]);
    assert.deepEqual(hashes[2], hashes[0]);

    const threads = await parallelWorld({ scenario: scenario.id, envs: 4, realism, workers: 2 });
    play(threads, 230);
    assert.deepEqual([0, 1, 2, 3].map((env) => threads.hash(env)).concat(`${threads.obs}`), hashes[0]);
    threads.close();

    const world = makeWorld(scenario, { envs: 4, realism });
    play(world, 100);
    const saved = world.snapshot();
    play(world, 30, 100);
    const other = makeWorld(scenario, { envs: 4, realism });
    other.restore(saved);
    play(other, 30, 100);
    assert.deepEqual(other.obs, world.obs);
    assert.equal(other.hash(2), world.hash(2));

    const recorder = record(scenario, { params: { realism }, seed: 9 });
    for (let t = 0; t < 230; t++) {
      act(recorder.world, t);
      recorder.step();
    }
    const replay = readReplay(recorder.finish({ policy: "any" }));
    assert.deepEqual(replay.header.params["realism"], recorder.world.spec.realism!.transforms);
    assert.ok(verify(replay).ok);
  });
}

Deno.test("an episode looks the same whenever the next one begins", () => {
  const realism = [
    sensorNoise({ deviation: 0.05 }),
    observationDelay({ steps: 2 }),
    actuationDelay({ steps: 1 }),
  ];
  const shown = (["same-step", "next-step", "disabled"] as const).map((autoreset) => {
    const world = makeWorld(crossing, { realism, autoreset, maxCycles: 9 });
    world.reset(2);
    const seen = [[...world.obs]];
    for (let episode = 0; episode < 3; episode++) {
      for (let t = 0; t < 9; t++) {
        play(world, 1, t);
        seen.push([...(world.done[0] ? world.finalObs : world.obs)]);
      }
      if (autoreset === "next-step") play(world, 1);
      if (autoreset === "disabled") world.restart(world.done.slice());
      seen.push([...world.obs]);
    }
    return seen;
  });
  assert.deepEqual(shown[1], shown[0]);
  assert.deepEqual(shown[2], shown[0]);
});

Deno.test("what cannot be is refused, with the cure", () => {
  const late = [actuationDelay({ steps: 1 })];
  assert.throws(
    () => makeWorld(findScenario("classic/tictactoe_v3"), { realism: late }),
    /out of turn: leave it out/,
  );
  const unknown = [{ lag: { steps: 1 } }];
  assert.throws(
    () => makeWorld(pendulum, { params: { realism: unknown } }),
    /expected a list of \{ sensorNoise/,
  );
  const wrong: [unknown, RegExp][] = [
    [
      { sensorNoise: { deviation: -1 } },
      /realism: sensorNoise\.deviation: expected a number of at least 0.*found -1$/,
    ],
    [
      { observationDelay: { steps: 1.5 } },
      /realism: observationDelay\.steps: expected a whole number from 0 to 1000, found 1\.5$/,
    ],
    [{ actuationDelay: { steps: 1001 } }, /actuationDelay\.steps: .* from 0 to 1000, found 1001$/],
    [
      { actuationDelay: { steps: 1, randm: true } },
      /actuationDelay has no setting "randm"\. Did you mean "random"/,
    ],
    [{ sensorNois: { deviation: 1 } }, /Did you mean "sensorNoise"\?$/],
    [{ sensorNoise: { deviation: 1 }, observationDelay: { steps: 1 } }, /expected a list of/],
    [null, /expected a list of/],
  ];
  for (const [one, message] of wrong) {
    assert.throws(() => makeWorld(pendulum, { params: { realism: [one] } }), message);
  }
  assert.throws(() => makeWorld(pendulum, { params: { realism: late }, realism: late }), /leave out one/);
});
