/** Replays of episodes, and whose future counts in them: a team's, or each member's own. */
import assert from "node:assert/strict";
import { seed } from "../../core/mod.ts";
import { iql, vdn } from "../../agents/algorithms/mod.ts";
import { episodes } from "../../agents/episodes.ts";
import { findScenario, makeWorld, type World, type WorldSpec } from "../../sim/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { specOf } from "../constraints/fixtures.ts";
import { pair } from "./fixtures.ts";

const runtime = nodeRuntime();

Deno.test("episodes() keeps whole episodes, the newest over the oldest", () => {
  const world = makeWorld(findScenario("matrix/two_step"), { envs: 2 });
  const replay = episodes(world.spec, world.spec.groups[0]!, 3, world.spec.sharedReward);
  world.reset(1);
  for (let episode = 0; episode < 2; episode++) {
    for (let t = 0; t < 2; t++) {
      world.actions.set(episode === 0 ? [1, 0, 1, 1] : [0, 0, 1, 0]);
      replay.before(world);
      world.step();
      replay.after(world);
    }
    assert.equal(replay.count(), episode === 0 ? 2 : 3);
  }
  const batch = replay.batch(32);
  replay.sample(seed(1), 32, batch);
  const rewards = new Set<string>();
  for (let i = 0; i < 32; i++) {
    const own = batch.reward.subarray(i * 4, i * 4 + 4);
    rewards.add([...own].join());
    assert.deepEqual([...batch.goesOn.subarray(2 * i, 2 * i + 2)], [1, 0]);
    assert.deepEqual([...batch.filled.subarray(2 * i, 2 * i + 2)], [1, 1]);
    assert.deepEqual([...batch.obs.subarray(18 * i, 18 * i + 3)], [1, 0, 0]);
    // What is seen after the last step is still the second state of this episode.
    assert.deepEqual(batch.obs.slice(18 * i + 6, 18 * i + 9), batch.obs.slice(18 * i + 12, 18 * i + 15));
  }
  // Environment 0's first episode was overwritten; (1, 1) in 2B, 2A, and environment 1's (1, 0) in 2B remain.
  assert.deepEqual([...rewards].sort(), ["0,0,1,1", "0,0,7,7", "0,0,8,8"]);
});

/** A step of two agents in one environment: who acts before it, and what it brings. What is not told is 0. */
interface Step {
  acts: number[];
  reward?: number[];
  terminated?: number[];
  truncated?: number[];
  done?: number;
}

/** One environment of two agents, its columns those of a step. */
function pairWorld(spec: WorldSpec) {
  const world = pair(spec);
  return {
    world: world as unknown as World,
    before: ({ acts }: Step) => world.alive.set(acts),
    after({ reward = [0, 0], terminated = [0, 0], truncated = [0, 0], done = 0 }: Step) {
      world.reward.set(reward);
      world.terminated.set(terminated);
      world.truncated.set(truncated);
      world.done[0] = done;
      world.cycle[0] = done ? 0 : world.cycle[0]! + 1;
    },
  };
}

const own = { ...specOf(1, 2, []), maxCycles: 3 };
const shared = { ...own, sharedReward: true };

/** The columns `goesOn` and `filled` of an episode of these steps. */
function kept(spec: WorldSpec, steps: Step[], team = spec.sharedReward) {
  const replay = episodes(spec, spec.groups[0]!, 1, team);
  const { world, before, after } = pairWorld(spec);
  for (const step of steps) {
    before(step);
    replay.before(world);
    after(step);
    replay.after(world);
  }
  assert.equal(replay.count(), 1);
  return { goesOn: [...replay.state["ring.goesOn"]!], filled: [...replay.state["ring.filled"]!] };
}

Deno.test("episodes() of rewards of one's own: a member ends with its own termination, whatever the others do", () => {
  const one = [
    { acts: [1, 1], terminated: [1, 0] },
    { acts: [0, 1] },
    { acts: [0, 1], truncated: [0, 1], done: 1 },
  ];
  assert.deepEqual(kept(own, one), { goesOn: [0, 1, 1, 1, 0, 1], filled: [1, 1, 0, 1, 0, 1] });
  // The last falls as the time is up for the other.
  const both = [{ acts: [1, 1], terminated: [1, 0], truncated: [0, 1], done: 1 }];
  assert.deepEqual(kept(own, both), { goesOn: [0, 1, 0, 0, 0, 0], filled: [1, 1, 0, 0, 0, 0] });
  // Who pauses has not ended: its steps count.
  const pause = [{ acts: [1, 1] }, { acts: [0, 1] }, { acts: [1, 1], terminated: [1, 1], done: 1 }];
  assert.deepEqual(kept(own, pause), { goesOn: [1, 1, 1, 1, 0, 0], filled: [1, 1, 1, 1, 1, 1] });
});

Deno.test("episodes() of a team: its future counts while the episode goes on, with its dead", () => {
  const steps = [{ acts: [1, 1], terminated: [1, 0] }, { acts: [0, 1], truncated: [0, 1], done: 1 }];
  const expected = { goesOn: [1, 1, 0], filled: [1, 1, 0] };
  assert.deepEqual(kept(shared, steps), expected);
  assert.deepEqual(kept(own, steps, true), expected);
  const lost = [{ acts: [1, 1], terminated: [1, 0] }, { acts: [0, 1], terminated: [0, 1], done: 1 }];
  assert.deepEqual(kept(own, lost, true), { goesOn: [1, 0, 0], filled: [1, 1, 0] });
});

Deno.test("episodes() of duels: each unit's steps end as it falls", () => {
  const world = makeWorld(findScenario("battle/duel"), { params: { N: 3 }, envs: 2 });
  const { spec } = world;
  const group = spec.groups[1]!;
  const { E, N, A, maxCycles: L } = spec;
  const M = group.members.length;
  const replay = episodes(spec, group, 1, spec.sharedReward);
  const ends = new Int32Array(E * M).fill(-1);
  let early = 0;
  world.reset(2);
  for (let t = 0; t < 20 * L; t++) {
    for (let row = 0; row < E * N; row++) {
      const legal = world.mask.subarray(row * A, (row + 1) * A);
      // Red attacks the first foe in its reach; blue walks on, or does nothing once it has fallen.
      const attack = group.members.includes(row % N) ? -1 : legal.indexOf(1, 6);
      world.actions[row] = attack > 0 ? attack : legal[4] ? 4 : legal.indexOf(1);
    }
    const steps = [...world.cycle];
    replay.before(world);
    world.step();
    replay.after(world);
    for (let e = 0; e < E; e++) {
      group.members.forEach((n, m) => {
        if (world.terminated[e * N + n] !== 0) ends[e * M + m] = steps[e]!;
      });
    }
    const over = world.done.lastIndexOf(1);
    if (over < 0) continue;
    for (let m = 0; m < M; m++) {
      const end = ends[over * M + m]!;
      for (let step = 0; step < L; step++) {
        const there = step <= (end < 0 ? steps[over]! : end);
        assert.equal(replay.state["ring.filled"]![step * M + m], there ? 1 : 0);
        if (there) assert.equal(replay.state["ring.goesOn"]![step * M + m], step === end ? 0 : 1);
      }
      if (end >= 0 && end < steps[over]!) early++;
    }
    for (let e = 0; e < E; e++) if (world.done[e] !== 0) ends.fill(-1, e * M, (e + 1) * M);
  }
  assert.ok(early > 0, "no unit fell before its team");
});

/** The metrics of an update on one episode of these steps, by networks that give all actions a value of 4; γ = ½. */
function learned(spec: WorldSpec, entry: typeof iql, set: Record<string, unknown>, steps: Step[]) {
  const small = {
    hidden: [2],
    horizon: steps.length,
    batch: 1,
    updates: 1,
    capacity: 1,
    gamma: 0.5,
    rate: 0,
  };
  const learner = entry.make({ ...small, ...set }).start({
    ...{ spec, group: spec.groups[0]!, runtime, pricing: undefined, stream: seed(2), peers: () => ({}) },
  });
  for (const name of ["q.theta", "target"]) {
    const theta = learner.state[name]!;
    theta.fill(0).set([4, 4], theta.length - 2); // the biases of both actions
  }
  const { world, before, after } = pairWorld(spec);
  for (const step of steps) {
    before(step);
    learner.act(world);
    after(step);
    learner.observe(world);
  }
  const metrics = learner.learn(world, { progress: 0, prices: [] });
  learner.dispose();
  return metrics;
}

Deno.test("IQL with rewards of one's own: no future beyond a death, and nothing learned of the steps after", () => {
  const steps = [
    { acts: [1, 1], reward: [1, 2], terminated: [1, 0] },
    { acts: [0, 1], reward: [100, 5], truncated: [0, 1], done: 1 },
  ];
  // Targets 1; 2 + ½·4 = 4 and 5 + ½·4 = 7, against values of 4.
  const found = learned(own, iql, {}, steps);
  assert.ok(Math.abs(found["loss/value"]! - (9 + 0 + 9) / 3) < 1e-5, `${found["loss/value"]}`);
  assert.ok(Math.abs(found["value/mean"]! - 4) < 1e-5);
  // A shared reward: 3, 4, and 102 and 7 with the dead, who earn on.
  const all = learned(shared, iql, {}, steps);
  assert.ok(Math.abs(all["loss/value"]! - (1 + 0 + 98 * 98 + 9) / 4) < 1e-2, `${all["loss/value"]}`);
});

Deno.test("VDN with the sum of rewards: the team's future goes on after a death", () => {
  const steps = [
    { acts: [1, 1], reward: [1, 2], terminated: [1, 0] },
    { acts: [0, 1], reward: [0, 5], terminated: [0, 1], done: 1 },
  ];
  // Targets 3 + ½·8 = 7 and 5, against values of 4 + 4.
  const found = learned(own, vdn, { teamReward: "sum" }, steps);
  assert.ok(Math.abs(found["loss/value"]! - (1 + 9) / 2) < 1e-5, `${found["loss/value"]}`);
});

Deno.test("VDN scales the sum of rewards by the deviation of the team's return", () => {
  const steps = [
    { acts: [1, 1], reward: [9, -7] },
    { acts: [1, 1], reward: [-2, 7], terminated: [1, 1], done: 1 },
  ];
  // Returns of the team 2 and 6, whose deviation is 2: rewards 1 and 2.5. Targets 1 + ½·8 and 2.5, against 8.
  const found = learned(own, vdn, { teamReward: "sum", scaleReward: true }, steps);
  assert.ok(Math.abs(found["loss/value"]! - (9 + 5.5 * 5.5) / 2) < 1e-5, `${found["loss/value"]}`);
});
