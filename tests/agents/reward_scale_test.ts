import assert from "node:assert/strict";
import { rewardScale } from "../../agents/reward_scale.ts";
import { bandit } from "./fixtures.ts";

Deno.test("rewardScale() divides by the deviation of the discounted returns, and shifts nothing", () => {
  const world = bandit(2);
  const [group] = world.spec.groups;
  const scale = rewardScale(world.spec, group!, 0.5, true);
  for (const [first, second, ends] of [[1, 4, 0], [2, -2, 1], [3, 0, 0]] as const) {
    world.reward.set([first, second]);
    world.done.fill(ends);
    scale.observe(world);
  }
  // Discounted by ½ and forgotten at an end: 1, 4, then 2.5, 0, then 3, 0.
  const seen = [1, 4, 2.5, 0, 3, 0];
  const mean = seen.reduce((sum, x) => sum + x, 0) / 6;
  const deviation = Math.sqrt(seen.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / 6);
  const rewards = Float32Array.of(3, -6, 0);
  scale.apply(rewards);
  [3, -6, 0].forEach((x, i) => assert.ok(Math.abs(rewards[i]! - x / deviation) < 1e-6));
});
