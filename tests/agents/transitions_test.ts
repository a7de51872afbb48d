/** What replays keep of the legal actions; who has a future is in rollout_test.ts. */
import assert from "node:assert/strict";
import { seed } from "../../core/mod.ts";
import { episodes } from "../../agents/episodes.ts";
import { transitions } from "../../agents/transitions.ts";
import { findScenario, makeWorld, randomPolicy, runner, type World } from "../../sim/mod.ts";
import { specOf } from "../constraints/fixtures.ts";

Deno.test("a transition holds the legal actions that the agents chose from, and those that the step left them", () => {
  const spec = specOf(2, 2, []);
  const world = {
    spec,
    obs: new Float64Array(4),
    finalObs: new Float64Array(4),
    state: new Float64Array(2),
    finalState: new Float64Array(2),
    actions: new Int32Array(4),
    reward: new Float64Array(4),
    done: new Uint8Array(2),
    terminated: new Uint8Array(4),
    truncated: new Uint8Array(4),
    alive: Uint8Array.of(1, 1, 1, 0),
    mask: Uint8Array.of(1, 0, 0, 1, 1, 1, 0, 0),
    finalMask: Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 0),
  };
  const ring = transitions(spec, 3);
  ring.before(world as unknown as World);
  world.mask.set([0, 1, 1, 1, 1, 0, 0, 0]);
  world.done[1] = 1;
  ring.after(world as unknown as World);
  // The first environment went on; the second ended, and shows the next episode already.
  assert.deepEqual([...ring.state["ring.mask"]!.subarray(0, 8)], [1, 0, 0, 1, 1, 1, 0, 0]);
  assert.deepEqual([...ring.state["ring.nextMask"]!.subarray(0, 8)], [0, 1, 1, 1, 0, 1, 0, 0]);
  // The third overwrites nothing, the fourth the first.
  world.done.fill(0);
  ring.before(world as unknown as World);
  world.mask.fill(1);
  ring.after(world as unknown as World);
  assert.deepEqual([...ring.state["ring.mask"]!], [1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1]);
  const batch = ring.batch(50);
  ring.sample(seed(1), 50, batch);
  const stored = new Set(["1,0,0,0", "1,1,0,0", "0,1,1,1"]);
  const drawn = Array.from({ length: 50 }, (_, i) => batch.mask.subarray(4 * i, 4 * i + 4).join());
  assert.deepEqual(new Set(drawn), stored);
});

Deno.test("an episode's last entry holds what would be legal where it ended", () => {
  const world = makeWorld(findScenario("grid/foraging"), { envs: 1 });
  const { spec } = world;
  const [group] = spec.groups;
  const replay = episodes(spec, group!, 1, spec.sharedReward);
  const policy = randomPolicy(spec, group!);
  const play = runner(world, { [group!.name]: policy }, 3);
  world.reset(3);
  let steps = 0;
  do {
    replay.before(world);
    play.step();
    replay.after(world);
    steps++;
  } while (world.done[0] === 0);
  const size = spec.N * spec.A;
  const last = replay.state["ring.mask"]!.subarray(steps * size, (steps + 1) * size);
  assert.deepEqual([...last], [...world.finalMask]);
  assert.ok(last.includes(0) && last.includes(1), "this end allows all or nothing: take another seed");
});
