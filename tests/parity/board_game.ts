/** A board game of two players, as PettingZoo recorded it: what `last()` told before each step, dead steps included. */
import assert from "node:assert/strict";
import { findScenario, makeWorld } from "../../sim/mod.ts";
import { aec } from "../../sim/pettingzoo/mod.ts";

interface Told {
  readonly agent: string;
  readonly obs: { readonly observation: readonly number[][][]; readonly action_mask: readonly number[] };
  readonly reward: number;
  readonly termination: boolean;
  readonly truncation: boolean;
  readonly action: number | null;
  readonly rewards: Readonly<Record<string, number>>;
  readonly agents: readonly string[];
}

/** Tests that `classic/NAME` plays the games of `traces/classic/NAME.json`, through the AEC API and as a world. */
export async function testRecordedGames(name: string): Promise<void> {
  const file = new URL(`traces/classic/${name}.json`, import.meta.url);
  const { episodes } = JSON.parse(await Deno.readTextFile(file)) as { episodes: { trace: Told[] }[] };
  const scenario = findScenario(`classic/${name}`);

  Deno.test(`${name}: the recorded games, through the AEC API`, () => {
    const env = aec(scenario);
    for (const { trace } of episodes) {
      env.reset();
      for (const [t, told] of trace.entries()) {
        const { observation, reward, termination, truncation, info } = env.last();
        const when = `step ${t}`;
        assert.equal(env.agentSelection, told.agent, when);
        assert.deepEqual([...observation!], told.obs.observation.flat(2), when);
        assert.deepEqual({ reward, termination, truncation }, {
          reward: told.reward,
          termination: told.termination,
          truncation: told.truncation,
        }, when);
        assert.deepEqual({ ...env.rewards }, told.rewards, when);
        assert.deepEqual(env.agents, told.agents, when);
        assert.deepEqual([...info.actionMask!], told.obs.action_mask, when);
        env.step(told.action);
      }
      assert.equal(env.agents.length, 0);
    }
  });

  Deno.test(`${name}: the recorded games, through the world`, () => {
    for (const backend of ["js", "eval"] as const) {
      const world = makeWorld(scenario, { backend });
      const { O, A } = world.spec;
      for (const { trace } of episodes) {
        const live = trace.filter(({ action }) => action !== null);
        for (const [t, { agent, obs, action }] of live.entries()) {
          const n = world.spec.agents.indexOf(agent);
          assert.equal(world.turn[0], n);
          assert.deepEqual([...world.obs.subarray(O * n, O * (n + 1))], obs.observation.flat(2));
          assert.deepEqual([...world.mask.subarray(A * n, A * (n + 1))], obs.action_mask);
          assert.deepEqual([...world.mask.subarray(A * (1 - n), A * (2 - n))], new Array(A).fill(0));
          world.actions[n] = action!;
          world.step();
          const last = trace[live.length]!;
          const over = t === live.length - 1;
          assert.equal(world.done[0], over ? 1 : 0);
          if (over) assert.deepEqual([...world.reward], world.spec.agents.map((name) => last.rewards[name]));
        }
      }
    }
  });
}
