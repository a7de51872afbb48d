/** For each thing that a world can do wrong where an episode ends, a world that `autoresetTest` must catch. */
import assert from "node:assert/strict";
import { findScenario, makeWorld, type World } from "../../sim/mod.ts";
import { autoresetTest } from "../../sim/pettingzoo/mod.ts";
import { brokenWorld } from "./pettingzoo_broken.ts";

const spread = findScenario("mpe/simple_spread_v3");

/** What a world does wrong where an episode ends. */
const BOUNDARIES: readonly (readonly [string, (world: World) => void, RegExp])[] = [
  [
    "a last observation that is lost",
    (world) => world.finalObs.set(world.obs),
    /finalObs: .* show its last observation in finalObs/,
  ],
  ["a last state that is lost", (world) => world.finalState.fill(0), /final(Obs|State): .* finalState/],
  [
    "a reward of the next episode",
    (world) => void (world.done[0] === 1 && world.reward.fill(0)),
    /reward of the last step: .* reward is of the ended episode/,
  ],
  [
    "a cost of the next episode",
    (world) => void (world.done[0] === 1 && world.cost.fill(9)),
    /cost of the last step/,
  ],
  [
    "an episode that has not begun",
    (world) => void (world.done[0] === 1 && world.obs.set(world.finalObs)),
    /after the end: .* reset in the same step/,
  ],
  ["time that runs on", (world) => void (world.done[0] === 1 && (world.cycle[0] = 6)), /after the end/],
  [
    "cycles that are not counted",
    (world) => void (world.cycle[0] = 0),
    /cycle is 0 after 1 steps: count them/,
  ],
  [
    "no end",
    (world) => void world.done.fill(0),
    /cycle is 0 after 6 steps|did not end an episode of at most 6/,
  ],
  [
    "an end that nobody is told of",
    (world) => void world.truncated.fill(0),
    /nobody is terminated or truncated: say which/,
  ],
  [
    "both ends at once",
    (world) => void (world.done[0] === 1 && world.terminated.fill(1)),
    /agent_0 is both terminated and truncated/,
  ],
  [
    "a truncation too soon",
    (world) => void world.truncated.fill(1),
    /truncated in step 0, and the episode goes on/,
  ],
  ["a next episode of another seed", (world) => {
    if (world.done[0] !== 1) return;
    world.reset(99, 1);
    world.done[0] = 1;
    world.truncated.fill(1);
  }, /finalObs|reward of the last step|after the end/],
];
Deno.test("autoresetTest() lets a healthy world pass", () =>
  autoresetTest((maxCycles) => makeWorld(spread, { maxCycles })));
for (const [what, change, message] of BOUNDARIES) {
  Deno.test(`autoresetTest() catches: ${what}`, () => {
    // only the world that is tested: the two that it is compared with are healthy
    let worlds = 0;
    const make = (maxCycles: number) => {
      const world = makeWorld(spread, { maxCycles });
      return worlds++ === 0 ? brokenWorld(world, change) : world;
    };
    assert.throws(() => autoresetTest(make, 6, 1), { message });
  });
}

Deno.test("autoresetTest() catches: what else can differ", () => {
  const against = (
    change: (world: World) => void,
    members: (world: World) => Partial<World> = () => ({}),
  ) => {
    let worlds = 0;
    return (maxCycles: number) => {
      const world = makeWorld(spread, { maxCycles });
      return worlds++ === 0 ? brokenWorld(world, change, members(world)) : world;
    };
  };
  const nothing = () => {};
  assert.throws(() => autoresetTest(against(nothing, () => ({ finalState: new Float64Array(54) }))), {
    message: /finalState: 0 is .* in one and 0 in the other: where an episode ends, show its last/,
  });
  assert.throws(() => autoresetTest(against(nothing, () => ({ finalMask: new Uint8Array(15) }))), {
    message: /finalMask.* is 1 in one and 0 in the other: .*say in finalMask what would be legal/,
  });
  assert.throws(() => autoresetTest(against(nothing, () => ({ hash: () => "0" }))), {
    message: /the hash after the end: .* reset in the same step/,
  });
  const later = ({ cycle, episode, obs }: World) => {
    if (cycle[0] === 2 && episode[0] === 1) obs[0] = 9;
  };
  assert.throws(() => autoresetTest(against(later)), {
    message: /step 1 of the next episode: obs\.0 is .* and 9/,
  });
  let worlds = 0;
  const endless = (maxCycles: number) => makeWorld(spread, { maxCycles: worlds++ === 0 ? 99 : maxCycles });
  assert.throws(() => autoresetTest(endless), {
    message: /7 steps did not end an episode of at most 6: set done/,
  });
});

Deno.test("autoresetTest() catches: a truncation before its time", () => {
  let worlds = 0;
  const make = (maxCycles: number) =>
    makeWorld(spread, { maxCycles: worlds++ === 0 ? maxCycles - 2 : maxCycles });
  assert.throws(() => autoresetTest(make, 6, 1), { message: /agent_0 is truncated before maxCycles/ });
});
