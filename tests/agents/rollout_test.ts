/** What a rollout records: ends of the living and the dead, and the memory that its sequences begin with. */
import assert from "node:assert/strict";
import { seed } from "../../core/mod.ts";
import { trainer } from "../../agents/mod.ts";
import { critics } from "../../agents/critic.ts";
import { findAlgorithm } from "../../agents/registry.ts";
import { normaliser } from "../../agents/normaliser.ts";
import {
  forgetAtFirst,
  inSequences,
  recordAlive,
  recordFirst,
  recordStep,
  rollout,
} from "../../agents/rollout.ts";
import { episodes } from "../../agents/episodes.ts";
import { explore } from "../../agents/explore.ts";
import { transitions } from "../../agents/transitions.ts";
import { sight } from "../../agents/sight.ts";
import { findScenario, type Group, makeWorld, type World, type WorldSpec } from "../../sim/mod.ts";
import { compileForward } from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { specOf } from "../constraints/fixtures.ts";
import { pair } from "./fixtures.ts";

const runtime = nodeRuntime();

/** One environment of two agents, the first of them dead, after a step that brought these flags. */
function after(
  spec: WorldSpec,
  flags: { done?: number[]; terminated?: number[]; truncated?: number[]; alive?: number[] },
): World {
  const { done = [0], terminated = [0, 0], truncated = [0, 0], alive = [0, 1] } = flags;
  const world = pair(spec);
  world.reward.fill(1);
  world.cycle.fill(1);
  world.done.set(done);
  world.terminated.set(terminated);
  world.truncated.set(truncated);
  world.alive.set(alive);
  return world as unknown as World;
}

function recorded(spec: WorldSpec, group: Group, world: World, team?: boolean) {
  const roll = rollout({
    ...{ spec, group, sight: sight(spec, group, false), view: "own", horizon: 1, chunk: 1, memory: 0 },
    ...team !== undefined && { team },
  });
  group.members.forEach((n, m) => roll.alive[m] = world.alive[n]!);
  recordStep(roll, world);
  return { done: [...roll.done], cut: roll.truncations.map(({ index }) => index), earns: [...roll.earns] };
}

const own = specOf(1, 2, []);
const shared = { ...own, sharedReward: true };
const both = own.groups[0]!;
const first = { ...both, members: [0] };
/** Time is up: it says so of the living alone. */
const timeUp = { done: [1], truncated: [0, 1] };

Deno.test("rewards of one's own: a row ends with its agent, and has no future after it", () => {
  const death = after(own, { terminated: [1, 0], alive: [1, 1] });
  assert.deepEqual(recorded(own, both, death), { done: [1, 0], cut: [], earns: [1, 1] });
  assert.deepEqual(recorded(own, both, after(own, timeUp)), { done: [1, 1], cut: [1], earns: [0, 1] });
});

Deno.test("a shared reward: the dead earn on, and their future counts where the time is up, even alone in a group", () => {
  const death = after(shared, { terminated: [1, 0], alive: [1, 1] });
  assert.deepEqual(recorded(shared, both, death), { done: [0, 0], cut: [], earns: [1, 1] });
  assert.deepEqual(recorded(shared, both, after(shared, timeUp)), {
    done: [1, 1],
    cut: [0, 1],
    earns: [1, 1],
  });
  assert.deepEqual(recorded(shared, first, after(shared, timeUp)), { done: [1], cut: [0], earns: [1] });
  const over = after(shared, { done: [1], terminated: [0, 1] });
  assert.deepEqual(recorded(shared, both, over), { done: [1, 1], cut: [], earns: [1, 1] });
});

Deno.test("rewards of one's own that are learned as the team's: the team goes on without its dead", () => {
  const death = after(own, { terminated: [1, 0], alive: [1, 1] });
  assert.deepEqual(recorded(own, both, death, true), { done: [0, 0], cut: [], earns: [1, 1] });
  assert.deepEqual(recorded(own, both, after(own, timeUp), true).cut, [0, 1]);
});

Deno.test("replays: where the reward is shared, the dead have a future while the episode has", () => {
  for (const [spec, expected] of [[own, [0, 1]], [shared, [1, 1]]] as const) {
    const ring = transitions(spec, 2);
    ring.before(after(spec, { alive: [1, 1] }));
    ring.after(after(spec, { terminated: [1, 0], alive: [1, 1] }));
    ring.before(after(spec, {}));
    ring.after(after(spec, { done: [1], terminated: [0, 1] }));
    const goesOn = ring.state["ring.goesOn"]!;
    assert.deepEqual([...goesOn.subarray(0, 2)], expected);
    assert.equal(goesOn[3], 0);
    const replay = episodes(spec, first, 1, spec.sharedReward);
    replay.before(after(spec, {}));
    replay.after(after(spec, timeUp));
    assert.equal(replay.state["ring.goesOn"]![0], spec === shared ? 1 : 0);
  }
});

Deno.test("ppo with a memory: sequences that episodes begin within have the probabilities of acting", () => {
  for (const scenario of ["matrix/two_step", "battle/skirmish"]) {
    const run = trainer({
      scenario: findScenario(scenario),
      algorithm: findAlgorithm("mappo").make({
        ...{ memory: 6, chunk: 5, horizon: 15, hidden: [8], minibatches: 2, epochs: 2 },
        ...{ actorRate: 0, targetKl: 1e9, agentIds: true },
      }),
      ...{ steps: 1000, envs: 4, seed: 3, runtime },
    });
    for (let update = 0; update < 3; update++) {
      const { metrics } = run.advance();
      assert.ok(Math.abs(metrics["policy/kl"]!) < 1e-6, `${metrics["policy/kl"]}`);
      assert.equal(metrics["policy/clip_fraction"], 0);
    }
    run.dispose();
  }
});

Deno.test("critics with a memory value sequences as they did step by step", () => {
  const world = makeWorld(findScenario("matrix/two_step"), { envs: 3 });
  const { spec } = world;
  const group = spec.groups[0]!;
  const [L, H] = [3, 4];
  const roll = rollout({
    ...{ spec, group, sight: sight(spec, group, true), view: "joint", horizon: 2 * L, chunk: L, memory: H },
  });
  const { U, B, O_critic, T } = roll;
  const options = {
    pricing: undefined,
    runtime,
    scale: normaliser(roll.O),
    hidden: [8],
    memory: H,
    gamma: 0.9,
    lambda: 0.8,
    valueBeta: 0.9,
  };
  const critic = critics(options, roll);
  const theta = critic.layout.init(seed(2)).map((x) => 2 * x);
  const along = compileForward({
    runtime,
    inputs: {
      theta: { shape: [critic.layout.size] },
      criticObs: { shape: [U, L, O_critic] },
      hidden: { shape: [U, H] },
      first: { shape: [U, L] },
    },
    fn: ({ theta, criticObs, hidden, first }) => ({
      value: critic.values(critic.layout.unpack(theta!), criticObs!, hidden, first),
    }),
  });
  world.reset(1);
  for (let update = 0; update < 2; update++) {
    for (let t = 0; t < T; t++) {
      recordFirst(roll, world);
      for (let i = 0; i < B * O_critic; i++) {
        roll.criticObs[t * B * O_critic + i] = Math.sin(i * (t + 1) + update);
      }
      world.actions.fill(t % 2);
      world.step();
      recordStep(roll, world);
    }
    const { advantage, target } = critic.estimate(roll, world, theta);
    const stepwise = target[0]!.map((x, i) => x - advantage[0]![i]!);
    const { value } = along.run({
      theta,
      criticObs: inSequences(roll, roll.criticObs),
      hidden: critic.hidden,
      first: inSequences(roll, roll.first),
    });
    inSequences(roll, stepwise).forEach((x, i) => assert.ok(Math.abs(x - value!.data[i]!) < 1e-5, `${i}`));
    assert.ok(update === 0 || critic.hidden.some((x) => x !== 0));
    roll.t = 0;
    roll.truncations.length = 0;
  }
  along.dispose();
  critic.dispose();
});

Deno.test("recordAlive(): where they take turns, one of the living acts", () => {
  const world = makeWorld(findScenario("classic/tictactoe_v3"), { envs: 2, groups: "role" });
  const { spec } = world;
  const group = spec.groups[0]!;
  const options = {
    spec,
    group,
    sight: sight(spec, group, false),
    view: "own",
    chunk: 1,
    memory: 0,
  } as const;
  const roll = rollout({ ...options, horizon: 2 });
  world.reset(1);
  recordAlive(roll, world);
  roll.t = 1;
  world.actions.fill(3);
  world.step();
  recordAlive(roll, world);
  const alive = group.members.length * 2;
  assert.deepEqual([...roll.alive], Array(2 * alive).fill(1));
  const acted = (t: number, e: number) =>
    group.members.map((_, m) => roll.acted[(t * 2 + e) * alive / 2 + m]);
  assert.deepEqual([acted(0, 0), acted(1, 0)], [[1, 0], [0, 1]]);
  assert.deepEqual([acted(0, 1), acted(1, 1)], [[1, 0], [0, 1]]);
});

Deno.test("forgetAtFirst() empties the rows whose episode begins, and no other", () => {
  const roll = { B: 3, first: Float32Array.of(0, 1, 0, 1, 0, 0) };
  const memory = new Float32Array(6).fill(1);
  forgetAtFirst(roll as unknown as Parameters<typeof forgetAtFirst>[0], 1, memory);
  assert.deepEqual([...memory], [0, 0, 1, 1, 1, 1]);
});

Deno.test("a horizon that is no whole number of chunks is refused with what would do", () => {
  const found = /ippo\.horizon: .* multiple of chunk, which is 10; found 25\. Say chunk=5, or horizon=30/;
  assert.throws(() => findAlgorithm("ippo").make({ memory: 4, horizon: 25 }), found);
  assert.throws(() => findAlgorithm("pqn").make({ memory: 4, horizon: 3 }), /Say chunk=3, or horizon=8/);
  findAlgorithm("ippo").make({ horizon: 25 });
});

Deno.test("explore() draws among the legal actions, each as often, and takes 0 where none is", () => {
  const rows = 3000;
  const mask = Float32Array.from({ length: rows * 4 }, (_, i) => [0, 1, 0, 1][i % 4]!);
  const actions = new Int32Array(rows).fill(1);
  explore(actions, mask, 1, seed(1));
  const count = (a: number) => actions.filter((it) => it === a).length;
  assert.equal(count(1) + count(3), rows);
  assert.ok(Math.abs(count(1) / rows - 0.5) < 0.04);
  explore(actions, mask.fill(0), 1, seed(1));
  assert.equal(count(0), rows);
});
