/** What a replay of transitions keeps of a step, beside who has a future (rollout_test.ts). */
import assert from "node:assert/strict";
import { seed } from "../../core/mod.ts";
import { transitions } from "../../agents/transitions.ts";
import type { World } from "../../sim/mod.ts";
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
  };
  const ring = transitions(spec, 3);
  ring.before(world as unknown as World);
  world.mask.set([0, 1, 1, 1, 1, 0, 0, 0]);
  world.done[1] = 1;
  ring.after(world as unknown as World);
  // The first environment went on; in the second the agent that died waits, and no action follows the end.
  assert.deepEqual([...ring.state["ring.mask"]!.subarray(0, 8)], [1, 0, 0, 1, 1, 1, 0, 0]);
  assert.deepEqual([...ring.state["ring.nextMask"]!.subarray(0, 8)], [0, 1, 1, 1, 1, 1, 1, 1]);
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
