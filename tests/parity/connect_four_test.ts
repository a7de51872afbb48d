/** PettingZoo's connect four, move by move: what `last()` told before each step, dead steps included. */
import assert from "node:assert/strict";
import { findScenario, makeWorld, type Policy, randomPolicy, runner, scriptedPolicy } from "../../sim/mod.ts";
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

const file = new URL("traces/classic/connect_four_v3.json", import.meta.url);
const { episodes } = JSON.parse(await Deno.readTextFile(file)) as { episodes: { trace: Told[] }[] };
const connectFour = findScenario("classic/connect_four_v3");

Deno.test("connect_four_v3: the recorded games, through the AEC API", () => {
  const env = aec(connectFour);
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
      // Once the game is over PettingZoo still shows the columns that were open; here nothing is legal any more.
      if (told.action !== null) assert.deepEqual([...info.actionMask!], told.obs.action_mask, when);
      env.step(told.action);
    }
    assert.equal(env.agents.length, 0);
  }
});

Deno.test("connect_four_v3: the recorded games, through the world", () => {
  for (const backend of ["js", "eval"] as const) {
    const world = makeWorld(connectFour, { backend });
    for (const { trace } of episodes) {
      const live = trace.filter(({ action }) => action !== null);
      for (const [t, { agent, obs, action }] of live.entries()) {
        const n = world.spec.agents.indexOf(agent);
        assert.equal(world.turn[0], n);
        assert.deepEqual([...world.obs.subarray(84 * n, 84 * n + 84)], obs.observation.flat(2));
        assert.deepEqual([...world.mask.subarray(7 * n, 7 * n + 7)], obs.action_mask);
        assert.deepEqual([...world.mask.subarray(7 * (1 - n), 7 * (1 - n) + 7)], new Array(7).fill(0));
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

/** Drops discs into these columns in turns, and gives the rewards and the end of the last move. */
function played(columns: readonly number[], params = {}) {
  const world = makeWorld(connectFour, { params });
  for (const [t, column] of columns.entries()) {
    assert.equal(world.done[0], 0, `the game is over before move ${t}`);
    world.actions[t % 2] = column;
    world.step();
  }
  return { reward: [...world.reward], terminated: [...world.terminated], truncated: [...world.truncated] };
}

Deno.test("connect_four_v3: four in a row of each direction win, and a row does not go round the edge", () => {
  const first = { reward: [1, -1], terminated: [1, 1], truncated: [0, 0] };
  const open = { reward: [0, 0], terminated: [0, 0], truncated: [0, 0] };
  assert.deepEqual(played([0, 6, 1, 6, 2, 6, 3]), first, "level");
  assert.deepEqual(played([3, 4, 3, 4, 3, 4, 3]), first, "upright");
  assert.deepEqual(played([0, 1, 1, 2, 2, 3, 2, 3, 3, 6, 3]), first, "rising");
  assert.deepEqual(played([6, 5, 5, 4, 4, 3, 4, 3, 3, 0, 3]), first, "falling");
  assert.deepEqual(played([4, 0, 5, 0, 6, 1, 1]), open, "three and one beyond the edge");
});

Deno.test("connect_four_v3: a full board is a draw", () => {
  // Columns fill in pairs of shifted stripes, in which no four meet.
  const stripes = [0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1];
  const columns = [...stripes, ...stripes.map((c) => c + 2), ...stripes.map((c) => c + 4), 6, 6, 6, 6, 6, 6];
  assert.deepEqual(played(columns), { reward: [0, 0], terminated: [1, 1], truncated: [0, 0] });
});

Deno.test("connect_four_v3: an illegal move loses, as PettingZoo's wrapper has it, or is refused", () => {
  const full = [0, 0, 0, 0, 0, 0];
  assert.deepEqual(played([...full, 0]), { reward: [-1, 0], terminated: [1, 1], truncated: [0, 0] });
  assert.throws(
    () => played([...full, 0], { illegal: "refuse" }),
    /player_0: action 0 is forbidden by its mask: choose one where mask is 1/,
  );
});

Deno.test("connect_four_v3: the scripted player beats a random one, on either side", () => {
  for (const side of [0, 1]) {
    const world = makeWorld(connectFour, { envs: 64 });
    world.reset(4);
    const group = world.spec.groups[0]!;
    const players = [randomPolicy(world.spec, group), randomPolicy(world.spec, group)];
    players[side] = scriptedPolicy(connectFour, world.spec, group)!;
    const match: Policy = {
      name: "match",
      hiddenSize: 0,
      act(input, into) {
        const chosen = players.map((player) => {
          const actions = new Int32Array(input.rows);
          player.act(input, actions);
          return actions;
        });
        for (let row = 0; row < input.rows; row++) into[row] = chosen[row % 2]![row]!;
      },
    };
    const { step } = runner(world, { player: match }, 1);
    let [won, over] = [0, 0];
    for (let t = 0; t < 200; t++) {
      step();
      for (let env = 0; env < 64; env++) {
        over += world.done[env]!;
        if (world.done[env] === 1 && world.reward[2 * env + side] === 1) won++;
      }
    }
    assert.ok(over > 400 && won / over > 0.97, `side ${side}: ${won} of ${over}`);
  }
});
