/** What an environment shows once its episode is over, and how the next one begins. */
import assert from "node:assert/strict";
import { findScenario, type Frame, makeWorld } from "../../sim/mod.ts";
import { aec, overWorld, parallel } from "../../sim/pettingzoo/mod.ts";

const spread = findScenario("mpe/simple_spread_v3");
const crossing = findScenario("safe/crossing");
const BACKENDS = ["js", "eval", "wasm64"] as const;

/** Everybody does `action`. */
function all(agents: readonly string[], action: number): Record<string, number> {
  return Object.fromEntries(agents.map((agent) => [agent, action]));
}

Deno.test("an episode that is over shows its end, agents and all", () => {
  for (const backend of BACKENDS) {
    const env = parallel(spread, { maxCycles: 3, backend, renderMode: "frame" });
    env.reset({ seed: 1 });
    const { data, width } = env.world.columns["pos"]!;
    for (let t = 0; t < 3; t++) env.step(all(env.agents, 1));
    assert.deepEqual(env.agents, []);
    // Of an agent's observation, numbers 2 and 3 are its own place.
    const places = [0, 1, 2].flatMap((n) => [...env.world.finalObs.subarray(18 * n + 2, 18 * n + 4)]);
    assert.deepEqual([...data.subarray(0, 6)], places);
    const { shapes } = env.render() as Frame;
    assert.equal(shapes.filter(({ agent }) => agent !== undefined).length, 3);
    assert.equal(shapes.length, width / 2);
    assert.deepEqual([env.world.cycle[0], env.world.episode[0]], [3, 0]);
  }
});

Deno.test("agents that ended before the others are not in the last picture", () => {
  const env = parallel(crossing, { params: { N: 3 }, renderMode: "frame" });
  let seen = 0;
  for (let seed = 0; seed < 20; seed++) {
    env.reset({ seed });
    while (env.agents.length > 0) {
      const acting = env.agents.length;
      env.step(all(env.agents, seed % 5));
      if (env.agents.length > 0) continue;
      const drawn = (env.render() as Frame).shapes.filter(({ kind, agent }) =>
        kind === "disc" && agent !== undefined
      );
      assert.equal(drawn.length, acting);
      seen++;
    }
  }
  assert.equal(seen, 20);
});

for (const reset of ["streams", "numpy"] as const) {
  Deno.test(`reset() after an end begins the episode that would have begun by itself: ${reset}`, () => {
    for (const backend of BACKENDS) {
      const options = { maxCycles: 2, backend, reset };
      const env = parallel(spread, options);
      const turns = aec(spread, options);
      const world = makeWorld(spread, options);
      world.reset(9);
      turns.reset({ seed: 9 });
      let { observations } = env.reset({ seed: 9 });
      for (let episode = 0; episode < 4; episode++) {
        const expected = Float32Array.from(world.obs.subarray(0, 18));
        assert.deepEqual(observations["agent_0"], expected, `episode ${episode} on ${backend}`);
        assert.deepEqual(turns.observe("agent_0"), expected);
        for (let t = 0; t < 2; t++) {
          world.actions.fill(2);
          world.step();
          env.step(all(env.agents, 2));
        }
        for (const agent of turns.agentIter()) turns.step(turns.truncations[agent] ? null : 2);
        assert.deepEqual(env.state(), Float32Array.from(world.finalState));
        ({ observations } = env.reset());
        turns.reset();
      }
    }
  });
}

Deno.test("a snapshot of the end can be put back, and goes on with the next episode", () => {
  const make = () => parallel(spread, { maxCycles: 2, renderMode: "ansi" });
  const env = make();
  env.reset({ seed: 4 });
  for (let t = 0; t < 2; t++) env.step(all(env.agents, 3));
  const [saved, picture, hash] = [env.snapshot(), env.render(), env.hash()];
  const { observations } = env.reset();
  const other = make();
  other.restore(saved);
  assert.deepEqual([other.render(), other.hash(), other.agents], [picture, hash, []]);
  assert.deepEqual(other.reset().observations, observations);
});

Deno.test("over a world that begins episodes by itself, the next start shows", () => {
  const world = makeWorld(spread, { maxCycles: 1 });
  const env = overWorld(world, { scenario: spread, options: { renderMode: "frame" } });
  env.reset({ seed: 2 });
  env.step(all(env.agents, 0));
  assert.deepEqual([world.episode[0], world.cycle[0]], [1, 0]);
  const [{ shapes }, before] = [env.render() as Frame, world.obs.slice()];
  assert.equal(shapes.filter(({ agent }) => agent !== undefined).length, 3);
  env.reset();
  assert.deepEqual(world.obs, before);
});
