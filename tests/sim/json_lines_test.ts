import assert from "node:assert/strict";
import { play, readReplay, record, toJsonLines } from "../../sim/mod.ts";
import { crossing } from "../../sim/scenarios/safe/crossing.ts";
import { everything } from "./everything.ts";
import { recorded } from "./recorded.ts";

for (const actions of ["discrete", "continuous"] as const) {
  Deno.test(`each line holds what the world held at its step, ${actions}`, () => {
    const replay = readReplay(recorded(everything, 40, { actions }));
    const [head, ...lines] = [...toJsonLines(replay, everything)].map((line) => JSON.parse(line));
    assert.equal(head.format, "paddock-replay");
    assert.equal(head.hash, replay.hash);
    assert.equal(head.scenario, "test/everything");
    assert.equal(head.columns.pos, 22);
    assert.equal(lines.length, 40);
    const player = play(replay, everything, "eval");
    const { world } = player;
    const { N, A, C, actionSizes } = world.spec;
    const cost = (c: number) => Array.from({ length: N }, (_, n) => world.cost[n * C + c]);
    const names = world.spec.channels.map(({ name }) => name);
    lines.forEach((line, t) => {
      const state = Object.entries(world.columns).map(([name, { data }]) => [name, [...data]]);
      assert.deepEqual(line.state, Object.fromEntries(state));
      assert.deepEqual([line.t, line.episode, line.cycle], [t, world.episode[0], world.cycle[0]]);
      player.step();
      const acted = actionSizes.map((size, n) => [...world.actions.subarray(n * A, n * A + size)]);
      assert.deepEqual(line.actions, actions === "discrete" ? [...world.actions] : acted);
      assert.deepEqual(line.reward, [...world.reward]);
      assert.deepEqual(line.cost, Object.fromEntries(names.map((name, c) => [name, cost(c)])));
      assert.deepEqual(
        line.channelCost,
        Object.fromEntries(names.map((name, c) => [name, world.channelCost[c]])),
      );
      for (const flags of ["terminated", "truncated", "alive"] as const) {
        assert.deepEqual(line[flags], [...world[flags]]);
      }
      assert.equal(line.done, world.done[0]);
      assert.deepEqual(line.finalState, line.done === 1 ? [...world.finalState] : undefined);
    });
    assert.ok(lines.some(({ done }) => done === 1));
  });
}

Deno.test("the lines read back to the same bits", () => {
  const recorder = record(crossing, { seed: 3 });
  const before = [...recorder.world.columns.pos!.data];
  recorder.step();
  const [, line] = [...toJsonLines(readReplay(recorder.finish({ policy: "still" })))];
  const { state } = JSON.parse(line!);
  assert.ok(before.every((x, i) => Object.is(x, state.pos[i])));
});
