/** PettingZoo's connect four, move by move: what `last()` told before each step, dead steps included. */
import assert from "node:assert/strict";
import { findScenario, makeWorld, type Policy, randomPolicy, runner, scriptedPolicy } from "../../sim/mod.ts";
import { testRecordedGames } from "./board_game.ts";

const connectFour = findScenario("classic/connect_four_v3");

await testRecordedGames("connect_four_v3");

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
