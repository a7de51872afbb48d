import assert from "node:assert/strict";
import { readReplay, type Replay, reviewSteps, timeline, verify } from "../../sim/mod.ts";
import { finish } from "../../sim/replay/steps.ts";
import { crossing } from "../../sim/scenarios/safe/crossing.ts";
import { changed, recorded } from "./recorded.ts";

const replay = readReplay(recorded(crossing, 130));
const review = (of: Replay) => finish(reviewSteps(of, crossing, "wasm64"));

Deno.test("a review is the timeline and the verdict, in one pass that pauses after each step", () => {
  assert.deepEqual(review(replay), { timeline: timeline(replay), verdict: verify(replay) });
  assert.deepEqual([...reviewSteps(replay)], Array.from({ length: 130 }, (_, t) => t + 1));
});

Deno.test("a review of a replay that was changed has its first difference, and the whole timeline", () => {
  for (const [part, at] of [["checks", 4 * 60 + 2], ["checks", 4 * 60], ["actions", 90]] as const) {
    const damaged = changed(replay, part, at, 1);
    const { timeline: seen, verdict } = review(damaged);
    assert.deepEqual(verdict, verify(damaged));
    assert.deepEqual(seen, timeline(damaged));
    assert.equal(verdict.ok, false);
  }
});

Deno.test("a review ends at an action that the scenario does not have", () => {
  // four robots, three bits each: byte 90 begins with robot 0 of step 60
  const damaged = changed(replay, "actions", 90, 0);
  damaged.actions[90]! |= 7;
  const { timeline: seen, verdict } = review(damaged);
  assert.ok(!verdict.ok);
  assert.deepEqual([verdict.step, verdict.field], [60, "actions"]);
  assert.equal(seen.channelCost.length, timeline(replay).channelCost.length);
  assert.deepEqual(seen.episodes[0], timeline(replay).episodes[0]);
  assert.ok(seen.channelCost.subarray(2 * 60).every((cost) => cost === 0));
});
