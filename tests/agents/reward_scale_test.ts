import assert from "node:assert/strict";
import { rewardScale } from "../../agents/reward_scale.ts";
import type { World } from "../../sim/mod.ts";
import { specOf } from "../constraints/fixtures.ts";
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

/** Flags of a step of two agents in one environment; what is not told is 0. */
interface Step {
  reward: [number, number];
  alive: [number, number];
  terminated?: [number, number];
  truncated?: [number, number];
  done?: number;
}

const spec = specOf(1, 2, []);
const [pair] = spec.groups;

function step({ reward, alive, terminated = [0, 0], truncated = [0, 0], done = 0 }: Step): World {
  return {
    spec,
    reward: Float64Array.from(reward),
    alive: Uint8Array.from(alive),
    terminated: Uint8Array.from(terminated),
    truncated: Uint8Array.from(truncated),
    done: Uint8Array.of(done),
  } as unknown as World;
}

function near(found: number, expected: number): void {
  assert.ok(Math.abs(found - expected) < 1e-6, `${found}, not ${expected}`);
}

function deviation(samples: number[]): number {
  const mean = samples.reduce((sum, x) => sum + x, 0) / samples.length;
  return Math.sqrt(samples.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / samples.length);
}

/** What a reward of 1 becomes after these steps, with half of a return kept at each. */
function scaled(steps: Step[], way?: "sum" | "mean", of = spec): number {
  const scale = rewardScale(of, pair!, 0.5, true, way);
  for (const it of steps) scale.observe(step(it));
  const rewards = Float32Array.of(1);
  scale.apply(rewards);
  return rewards[0]!;
}

Deno.test("a reward made of the members' is scaled by the team's return, not by a member's", () => {
  const alive: [number, number] = [1, 1];
  const steps: Step[] = [{ reward: [5, -3], alive }, { reward: [-4, 7], alive }, { reward: [6, -6], alive }];
  // Sums 2, 3, 0: returns 2, 4, 2. A member's own would be 5, -1.5, 5.25 and -3, 5.5, -3.25.
  near(scaled(steps, "sum"), 1 / deviation([2, 4, 2]));
  near(scaled(steps, "mean"), 2 / deviation([2, 4, 2]));
});

Deno.test("the return of a member that has ended is no sample where its reward is its own", () => {
  const steps: Step[] = [
    { reward: [4, 2], alive: [0, 1], terminated: [1, 0] },
    { reward: [0, 1], alive: [0, 1] },
    { reward: [0, 3], alive: [1, 1], truncated: [0, 1], done: 1 },
    { reward: [1, 1], alive: [1, 1] },
  ];
  near(scaled(steps), 1 / deviation([4, 2, 2, 4, 1, 1]));
  const shared = { ...spec, sharedReward: true };
  near(scaled(steps, undefined, shared), 1 / deviation([4, 2, 2, 2, 1, 4, 1, 1]));
  near(scaled(steps, "sum"), 1 / deviation([6, 4, 5, 2]));
});
