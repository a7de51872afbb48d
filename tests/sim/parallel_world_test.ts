/** Worlds over several threads: the bits of one. */
import assert from "node:assert/strict";
import {
  type Autoreset,
  findScenario,
  makeWorld,
  randomPolicy,
  runner,
  scriptedPolicy,
} from "../../sim/mod.ts";
import { type ParallelOptions, type ParallelWorld, parallelWorld } from "../../sim/parallel/mod.ts";
import { split } from "../../sim/parallel/world.ts";
import { play, report, same, streams } from "../conformance/worlds.ts";

const everything = { url: new URL("everything.ts", import.meta.url), name: "everything" };
const own = { "test/everything": everything } as Record<string, ParallelOptions["scenario"]>;

async function scenarioOf(id: string) {
  return id === "test/everything" ? (await import("./everything.ts")).everything : findScenario(id);
}

/** A test with a parallel world that is closed whatever happens. */
function withWorld(
  name: string,
  options: ParallelOptions,
  body: (world: ParallelWorld) => void | Promise<void>,
): void {
  Deno.test(name, async () => {
    using world = await parallelWorld(options);
    await body(world);
  });
}

const E = 7;
const subjects = [
  ["mpe/simple_spread_v3", { maxCycles: 6 }],
  ["test/everything", { params: { noise: 0.1 } }],
  ["classic/tictactoe_v3", {}],
  ["particles/swarm", { params: { N: 60 }, maxCycles: 8 }],
] as const;

for (const [id, options] of subjects) {
  for (const workers of [1, 2, 3]) {
    const whole = { ...options, envs: E, firstEnv: 4 };
    withWorld(`${id}: ${workers} workers give the bits of one world`, {
      ...whole,
      scenario: own[id] ?? id,
      workers,
    }, async (world) => {
      assert.equal(world.workers, workers);
      const one = makeWorld(await scenarioOf(id), whole);
      for (const it of [world, one]) it.reset(5, 1);
      const [a, b] = [streams(E), streams(E)];
      for (let t = 0; t < 20; t++) {
        same(report(world), report(one), `step ${t}`);
        play(world, a);
        play(one, b);
        world.step();
        one.step();
      }
      assert.deepEqual(world.snapshot(), one.snapshot());
      assert.equal(world.hash(3), one.hash(3));
    });
  }
}

for (const backend of ["eval", "wasm64", "wasm32"] as const) {
  const whole = { envs: E, backend, maxCycles: 6 };
  withWorld(
    `backend ${backend} over 3 workers`,
    { ...whole, scenario: "mpe/simple_spread_v3", workers: 3 },
    (world) => {
      const one = makeWorld(findScenario("mpe/simple_spread_v3"), whole);
      for (const it of [world, one]) it.reset(5);
      const [a, b] = [streams(E), streams(E)];
      for (let t = 0; t < 20; t++) {
        play(world, a);
        play(one, b);
        world.step();
        one.step();
        same(report(world), report(one), `step ${t}`);
      }
      const saved = world.snapshot();
      world.actions.fill(2);
      world.step();
      const after = report(world);
      world.restore(saved);
      world.actions.fill(2);
      world.step();
      same(report(world), after, "after a restore");
    },
  );
}

for (const autoreset of ["next-step", "disabled"] as const satisfies readonly Autoreset[]) {
  const whole = { envs: E, autoreset, params: { noise: 0.1 } };
  withWorld(`autoreset ${autoreset} over 2 workers`, { ...whole, scenario: everything }, async (world) => {
    const one = makeWorld((await import("./everything.ts")).everything, whole);
    const seeds = [3, 1, 4, 1, 5, 9, 2];
    for (const it of [world, one]) it.reset(seeds);
    const [a, b] = [streams(E), streams(E)];
    for (let t = 0; t < 30; t++) {
      if (autoreset === "disabled" && one.done.includes(1)) {
        assert.throws(() => world.step(), /is over: call restart/);
        for (const it of [world, one]) it.restart(it.done);
      }
      play(world, a);
      play(one, b);
      world.step();
      one.step();
      same(report(world), report(one), `step ${t}`);
    }
  });
}

withWorld("snapshots go from one number of workers to another, and forks between slices", {
  scenario: everything,
  envs: E,
  workers: 2,
}, async (two) => {
  using three = await parallelWorld({ scenario: everything, envs: E, workers: 3 });
  const one = makeWorld((await import("./everything.ts")).everything, { envs: E });
  one.reset(8);
  const before = streams(E);
  for (let t = 0; t < 7; t++) (play(one, before), one.step());
  for (const it of [two, three]) it.restore(one.snapshot());
  for (const it of [one, two, three]) it.fork(0, 6);
  for (const it of [one, two, three]) it.columns["energy"]!.data.fill(0.7);
  for (const it of [one, two, three]) it.refresh();
  const after = [one, two, three].map(() => streams(E));
  for (let t = 0; t < 12; t++) {
    [one, two, three].forEach((it, i) => (play(it, after[i]!), it.step()));
    for (const it of [two, three]) same(report(it), report(one), `step ${t}`);
  }
});

withWorld("run() takes the runner's steps, and adds them up", {
  scenario: "safe/crossing",
  envs: E,
  workers: 3,
  firstEnv: 2,
}, (world) => {
  const scenario = findScenario("safe/crossing");
  const one = makeWorld(scenario, { envs: E, firstEnv: 2 });
  for (const policy of ["random", "scripted"]) {
    for (const it of [world, one]) it.reset(1);
    world.run({ steps: 60, policies: { robot: policy }, seed: 9 });
    const { spec } = one;
    const chosen = policy === "random"
      ? randomPolicy(spec, "robot")
      : scriptedPolicy(scenario, spec, "robot")!;
    const run = runner(one, { robot: chosen }, 9, { firstEnv: 2 });
    const [reward, cost] = [new Float64Array(one.reward.length), new Float64Array(one.channelCost.length)];
    let episodes = 0;
    for (let t = 0; t < 60; t++) {
      run.step();
      one.reward.forEach((x, i) => reward[i]! += x);
      one.channelCost.forEach((x, i) => cost[i]! += x);
      episodes += one.done.reduce((sum, x) => sum + x, 0);
    }
    same(report(world), report(one), policy);
    assert.deepEqual(world.totals.reward, reward);
    assert.deepEqual(world.totals.channelCost, cost);
    assert.equal([...world.totals.episodes].reduce((sum, x) => sum + x, 0), episodes);
  }
  assert.throws(
    () => world.run({ steps: 1, policies: { robot: "scriptd" }, seed: 1 }),
    /no policy "scriptd". It has: random, scripted, careful/,
  );
});

withWorld("what is wrong is said on the calling thread, before anyone steps", {
  scenario: "mpe/simple_spread_v3",
  envs: 4,
}, (world) => {
  world.reset(1);
  const before = report(world);
  world.actions[11] = 7;
  assert.throws(() => world.step(), /agent_2 of environment 3: expected a whole number from 0 to 4, found 7/);
  same(report(world), { ...before, actions: [] }, "nothing happened");
  world.actions[11] = 0;
  world.step();
  assert.throws(() => world.reset([1]), /a seed for each of 4 environments, found 1/);
  assert.throws(() => world.reset(-1), /seed/);
});

Deno.test("options and sources that are wrong are refused with their cure", async () => {
  const refused = (options: ParallelOptions, message: RegExp) =>
    assert.rejects(parallelWorld(options), message);
  await refused({ scenario: "mpe/simple_spred_v3" }, /Did you mean "mpe\/simple_spread_v3"/);
  await refused(
    { scenario: "mpe/simple_spread_v3", workers: 0 },
    /workers to be a whole number of at least 1/,
  );
  await refused({ scenario: "mpe/simple_spread_v3", envs: 4, params: { M: 3 } }, /no setting "M"/);
  await refused(
    { scenario: { url: new URL("everything.ts", import.meta.url), name: "nothing" } },
    /by name: everything/,
  );
  await refused({ scenario: { url: new URL("../../sim/types.ts", import.meta.url) } }, /exports no scenario/);
  const world = await parallelWorld({ scenario: "mpe/simple_v3", envs: 1, workers: 4 });
  assert.equal(world.workers, 1);
  world.close();
  world.close();
  assert.throws(() => world.step(), /closed: make a new one/);
});

Deno.test("split() shares environments evenly, all of them, in order", () => {
  for (const [envs, workers] of [[7, 3], [8, 2], [5, 5], [1000, 7]] as const) {
    const parts = split(envs, workers);
    assert.equal(parts.length, workers);
    assert.equal(
      parts.reduce((next, { first, count }) => (assert.equal(first, next), next + count), 0),
      envs,
    );
    const counts = parts.map(({ count }) => count);
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 1 && Math.min(...counts) >= 1);
  }
});

withWorld("an error in one thread reaches the caller, and the world stays failed", {
  scenario: { url: new URL("failing.ts", import.meta.url) },
  envs: 6,
  workers: 3,
}, (world) => {
  world.actions[5] = 1; // the last thread's
  world.step();
  world.step();
  assert.throws(() => world.step(), /UserError: test\/failing: counted too far/);
  assert.throws(() => world.step(), /counted too far/);
});
