/** PettingZoo's tic-tac-toe, move by move: what `last()` told before each step, dead steps included. */
import assert from "node:assert/strict";
import { findScenario, makeWorld } from "../../sim/mod.ts";
import { testRecordedGames } from "./board_game.ts";

const ticTacToe = findScenario("classic/tictactoe_v3");

await testRecordedGames("tictactoe_v3");

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
