/** PettingZoo's tic-tac-toe, move by move: what `last()` told before each step, dead steps included. */
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

const file = new URL("traces/classic/tictactoe_v3.json", import.meta.url);
const { episodes } = JSON.parse(await Deno.readTextFile(file)) as { episodes: { trace: Told[] }[] };
const ticTacToe = findScenario("classic/tictactoe_v3");

Deno.test("tictactoe_v3: the recorded games, through the AEC API", () => {
  const env = aec(ticTacToe);
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
      // Once the game is over PettingZoo still shows the squares that were free; here nothing is legal any more.
      if (told.action !== null) assert.deepEqual([...info.actionMask!], told.obs.action_mask, when);
      env.step(told.action);
    }
    assert.equal(env.agents.length, 0);
  }
});

Deno.test("tictactoe_v3: the recorded games, through the world", () => {
  for (const backend of ["js", "eval"] as const) {
    const world = makeWorld(ticTacToe, { backend });
    for (const { trace } of episodes) {
      const live = trace.filter(({ action }) => action !== null);
      for (const [t, { agent, obs, action }] of live.entries()) {
        const n = world.spec.agents.indexOf(agent);
        assert.equal(world.turn[0], n);
        assert.deepEqual([...world.obs.subarray(18 * n, 18 * n + 18)], obs.observation.flat(2));
        assert.deepEqual([...world.mask.subarray(9 * n, 9 * n + 9)], obs.action_mask);
        assert.deepEqual([...world.mask.subarray(9 * (1 - n), 9 * (1 - n) + 9)], new Array(9).fill(0));
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

Deno.test("tictactoe_v3: an illegal move loses, as PettingZoo's wrapper has it, or is refused", () => {
  const loses = makeWorld(ticTacToe);
  loses.actions[0] = 4;
  loses.step();
  loses.actions[1] = 4;
  loses.step();
  assert.deepEqual([...loses.reward], [0, -1]);
  assert.deepEqual([...loses.terminated], [1, 1]);
  assert.equal(loses.done[0], 1);
  assert.equal(loses.finalObs[18 * 0 + 2 * 4], 1, "the board is as it was");

  const refuses = makeWorld(ticTacToe, { params: { illegal: "refuse" } });
  refuses.actions[0] = 4;
  refuses.step();
  refuses.actions[1] = 4;
  assert.throws(
    () => refuses.step(),
    /player_2: action 4 is forbidden by its mask: choose one where mask is 1/,
  );
});
