import assert from "node:assert/strict";
import { criticScale } from "../../agents/critic_scale.ts";
import { normaliser } from "../../agents/normaliser.ts";
import { criticRows, type CriticView, rollout } from "../../agents/rollout.ts";
import { sight } from "../../agents/sight.ts";
import { findScenario, makeWorld } from "../../sim/mod.ts";

/** A world of two groups, the rollout of the first, and the scales of what is seen there. */
function scene(view: CriticView) {
  const world = makeWorld(findScenario("mpe/simple_tag_v3"), { envs: 4 });
  const { spec } = world;
  const group = spec.groups[0]!;
  const sees = sight(spec, group, true);
  const roll = rollout({ spec, group, sight: sees, view, horizon: 3, chunk: 1, memory: 0 });
  const scale = normaliser(sees.O);
  const critic = criticScale(roll, scale);
  world.reset(1);
  /** What a learner does with the world before it acts in step `t`. */
  function look(t: number) {
    const raw = new Float32Array(roll.B * roll.O);
    roll.t = t;
    sees.rows(world.obs, raw);
    scale.update(raw);
    scale.apply(raw, roll.obs.subarray(t * raw.length, (t + 1) * raw.length));
    critic.observe(world);
  }
  return { world, roll, scale, critic, look };
}

Deno.test("what a joint critic sees in a rollout is its raw rows, scaled", () => {
  const { world, roll, scale, critic, look } = scene("joint");
  const raw = new Float32Array(roll.B * roll.O_critic);
  const scaled = new Float32Array(raw.length);
  for (let t = 0; t < 3; t++) {
    look(t);
    criticRows(roll, world.obs, world.state, raw);
    critic.apply(raw, scaled);
    assert.deepEqual(roll.criticObs.slice(t * raw.length, (t + 1) * raw.length), scaled);
    world.actions.fill(t + 1);
    world.step();
    scale.refresh();
    critic.refresh();
  }
  assert.notDeepEqual(scaled, raw);
});

Deno.test("the state's scale is its mean and deviation over the environments", () => {
  const { world, roll, critic, look } = scene("joint");
  const { E, S } = world.spec;
  look(0);
  const state = critic.state.input as Float64Array;
  const column = Array.from({ length: E }, (_, e) => Math.fround(world.state[e * S]!));
  const mean = column.reduce((sum, x) => sum + x) / E;
  const squares = column.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  assert.equal(state.length, 2 * S + 1);
  assert.ok(Math.abs(state[0]! - mean) < 1e-12);
  assert.ok(Math.abs(state[S]! - squares) < 1e-12);
  assert.equal(state[2 * S], E);
  assert.equal(roll.O_critic, S + roll.O);
});

Deno.test("a critic that sees its own observation reads the actor's column", () => {
  const { roll, critic, look } = scene("own");
  look(0);
  assert.equal(roll.criticObs, roll.obs);
  assert.deepEqual(critic.state, {});
});
