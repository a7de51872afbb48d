/**
 * simple_spread_v3 against MPE2: states, observations and rewards over 25 free-running steps, to 1e-12.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type BackendName, findScenario } from "../../sim/mod.ts";
import { crowded, recorded, type RecordedEpisode, replayed } from "./trace.ts";

const spread = findScenario("mpe/simple_spread_v3");
const episodes = [
  ...await recorded("simple_spread_v3_discrete.json"),
  ...await recorded("simple_spread_v3_continuous.json"),
  ...await crowded("simple_spread"),
];

function near(found: ArrayLike<number>, expected: readonly number[], what: string): void {
  assert.equal(found.length, expected.length, what);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(found[i]! - value) <= 1e-12, `${what}[${i}]: expected ${value}, found ${found[i]}`);
  });
}

function follow(episode: RecordedEpisode, backend: BackendName): number {
  const world = replayed(spread, episode, { backend, maxCycles: episode.steps.length + 1 });
  if (episode.obs0 !== undefined) near(world.obs, episode.obs0.flat(), "first observation");
  let collisions = 0;
  episode.steps.forEach((step, t) => {
    world.actions.set(step.actions.flat());
    world.step();
    near(
      world.columns["pos"]!.data.subarray(0, 2 * step.pos.length),
      step.pos.flat(),
      `positions at step ${t}`,
    );
    near(world.columns["vel"]!.data, step.vel.slice(0, 3).flat(), `velocities at step ${t}`);
    near(world.reward, step.rewards, `rewards at step ${t}`);
    if (step.obs !== undefined) near(world.obs, step.obs.flat(), `observations at step ${t}`);
    collisions += world.channelCost[0]!;
  });
  return collisions;
}

for (const episode of episodes) {
  for (const backend of ["js", "eval"] as const) {
    Deno.test(`simple_spread_v3 (${backend}) follows MPE2: ${episode.name}`, () => {
      follow(episode, backend);
    });
  }

  Deno.test(`simple_spread_v3 truncates where MPE2 does: ${episode.name}`, () => {
    const world = replayed(spread, episode, {});
    episode.steps.forEach((step, t) => {
      world.actions.set(step.actions.flat());
      world.step();
      const last = t === 24;
      assert.deepEqual([...world.truncated], (step.truncations ?? [last, last, last]).map(Number));
      assert.deepEqual([...world.terminated], [0, 0, 0]);
      if (step.obs !== undefined) {
        near(last ? world.finalObs : world.obs, step.obs.flat(), `observations at ${t}`);
      }
    });
    assert.equal(world.done[0], 1);
  });
}

Deno.test("simple_spread_v3 counts the collisions of a crowded episode", () => {
  const [first] = episodes.filter(({ name }) => name.startsWith("crowded"));
  assert.ok(follow(first!, "js") > 0);
});
