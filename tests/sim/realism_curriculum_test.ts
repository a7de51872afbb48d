/** Curricula: when stages change, and what a world draws in each. */
import assert from "node:assert/strict";
import { type BackendName, curriculum, findScenario, makeWorld } from "../../sim/mod.ts";

const stages = [{ mass: 0.5 }, { mass: { uniform: [1, 2] as [number, number] } }, { mass: 3 }];
const won = (n: number) => new Array(n).fill({ return: 1 });
const lost = (n: number) => new Array(n).fill({ return: -1 });

Deno.test("a full window of successes promotes, of failures demotes, and each stage begins a new window", () => {
  const plan = curriculum({ stages, promote: 0.75, demote: 0.5, window: 4, above: 0 });
  const state = plan.begin();
  assert.deepEqual(plan.observe(state, won(3)), []);
  assert.deepEqual(plan.observe(state, lost(1)), [{ from: 0, to: 1, share: 0.75 }]);
  assert.deepEqual(plan.observe(state, won(3)), []);
  assert.deepEqual(plan.observe(state, won(1)), [{ from: 1, to: 2, share: 1 }]);
  assert.deepEqual(plan.observe(state, won(9)), [], "the last stage stays");
  assert.deepEqual(plan.observe(state, lost(2)), [], "half of the last four");
  assert.deepEqual(plan.observe(state, lost(1)), [{ from: 2, to: 1, share: 0.25 }]);
  assert.deepEqual(plan.observe(state, lost(9)), [{ from: 1, to: 0, share: 0 }]);
  assert.deepEqual(plan.observe(state, lost(9)), [], "the first stage stays");
});

Deno.test("an episode beyond its budget is no success; without demote no stage is left", () => {
  const plan = curriculum({ stages, promote: 1, window: 2 });
  const state = plan.begin();
  plan.observe(state, [{ return: 5, withinBudget: false }, { return: 5, withinBudget: true }]);
  assert.equal(state.at[0], 0);
  plan.observe(state, [{ return: 5, withinBudget: true }]);
  assert.equal(state.at[0], 1);
  plan.observe(state, new Array(9).fill({ return: 5, withinBudget: false }));
  assert.equal(state.at[0], 1);
});

Deno.test("a state that was saved goes on the same", () => {
  const plan = curriculum({ stages, promote: 0.7, demote: 0.3, window: 5, above: 0 });
  const episodes = Array.from({ length: 60 }, (_, i) => ({ return: Math.sin(i * i) }));
  const whole = plan.begin();
  const moves = plan.observe(whole, episodes);
  const first = plan.begin();
  const early = plan.observe(first, episodes.slice(0, 23));
  const second = { at: first.at.slice(), ring: first.ring.slice() };
  assert.deepEqual([...early, ...plan.observe(second, episodes.slice(23))], moves);
  assert.deepEqual(second, whole);
});

Deno.test("an environment draws from the stage that is written, at its next reset", () => {
  const { params } = curriculum({ stages });
  for (const backend of ["js", "eval", "wasm64"] as BackendName[]) {
    const world = makeWorld(findScenario("control/pendulum_v1"), { envs: 3, params, backend });
    const mass = world.columns["param_mass"]!.data;
    assert.deepEqual([...mass], [0.5, 0.5, 0.5]);
    world.stage!.set([0, 1, 2]);
    const saved = world.snapshot();
    for (let t = 0; t < 200; t++) {
      assert.deepEqual([...mass], [0.5, 0.5, 0.5]);
      world.step();
    }
    assert.equal(mass[0], 0.5);
    assert.ok(mass[1]! >= 1 && mass[1]! < 2);
    assert.equal(mass[2], 3);
    const hash = world.hash(1);
    world.stage!.fill(0);
    world.restore(saved);
    for (let t = 0; t < 200; t++) world.step();
    assert.equal(world.hash(1), hash);
  }
});

Deno.test("a stage alone draws what the curriculum draws in it", () => {
  const plan = curriculum({ stages });
  const pendulum = findScenario("control/pendulum_v1");
  const [whole, alone] = [
    makeWorld(pendulum, { envs: 4, params: plan.params }),
    makeWorld(pendulum, { envs: 4, params: plan.stage(1) }),
  ];
  whole.stage!.fill(1);
  for (const world of [whole, alone]) world.reset(8);
  assert.deepEqual(whole.columns["param_mass"]!.data, alone.columns["param_mass"]!.data);
  assert.equal(makeWorld(pendulum, { params: plan.stage(0) }).spec.params["mass"], 0.5);
});

Deno.test("what makes no curriculum is refused, with the cure", () => {
  assert.throws(() => curriculum({ stages: [] }), /at least one stage/);
  assert.throws(
    () => curriculum({ stages: [{ mass: 1 }, { length: 1 }] }),
    /differ in "mass": give it in every stage/,
  );
  assert.throws(() => curriculum({ stages, promote: 0.4, demote: 0.5 }), /demote < promote/);
  assert.throws(() => curriculum({ stages, window: 0 }), /window to be a whole number/);
});
