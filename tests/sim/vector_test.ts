/** The vector API: seeds of environments, and when episodes begin. */
import assert from "node:assert/strict";
import {
  type Autoreset,
  episodeSums,
  findScenario,
  makeWorld,
  type Policy,
  runner,
  type Scenario,
  type World,
} from "../../sim/mod.ts";
import { everything } from "./everything.ts";
import { play, report, same, streams } from "../conformance/worlds.ts";

const worlds: readonly (readonly [Scenario, Parameters<typeof makeWorld>[1]])[] = [
  [findScenario("mpe/simple_spread_v3"), { maxCycles: 5 }],
  [everything, { params: { noise: 0.1 } }],
  [findScenario("classic/tictactoe_v3"), {}],
  [findScenario("mpe/simple_v3"), { maxCycles: 1 }],
];
const backends = ["js", "eval", "wasm64"] as const;

/** One row of every output and column. */
function rowOf(world: World, env: number): Record<string, readonly number[]> {
  return report(world, env, 1);
}

Deno.test("reset() of a list of seeds: each environment is what it is alone in a world", () => {
  for (const [scenario, options] of worlds) {
    const seeds = [7, 3, 7];
    const world = makeWorld(scenario, { ...options, envs: 3, firstEnv: 5 });
    world.reset(seeds, 2);
    const alone = seeds.map((seed) => {
      const single = makeWorld(scenario, options);
      single.reset(seed, 2);
      return single;
    });
    const own = streams(3);
    const theirs = streams(3);
    for (let t = 0; t < 15; t++) {
      alone.forEach((single, env) =>
        same(rowOf(world, env), rowOf(single, 0), `environment ${env}, step ${t}`)
      );
      play(world, own);
      world.step();
      alone.forEach((single, env) => (play(single, [theirs[env]!]), single.step()));
    }
  }
  const world = makeWorld(worlds[0]![0], { envs: 3 });
  assert.throws(() => world.reset([1, 2]), /a seed for each of 3 environments, found 2/);
  assert.throws(() => world.reset([1, -2, 3]), /seed/);
});

Deno.test("a list of seeds gives numpy's initial states environment by environment", () => {
  const scenario = findScenario("mpe/simple_spread_v3");
  const world = makeWorld(scenario, { envs: 2, reset: "numpy" });
  world.reset([123, 9]);
  [123, 9].forEach((seed, env) => {
    const alone = makeWorld(scenario, { reset: "numpy" });
    alone.reset(seed);
    same(rowOf(world, env), rowOf(alone, 0), `seed ${seed}`);
  });
});

/** What a learner sees of an environment over time, whichever way episodes begin. */
interface Seen {
  readonly obs: readonly number[];
  readonly reward: readonly number[];
  readonly ends: readonly number[];
}

/** Steps until each environment has made `steps` steps of its own, under actions that depend on those alone. */
function watch(scenario: Scenario, options: Parameters<typeof makeWorld>[1], autoreset: Autoreset): Seen[][] {
  const E = 3;
  const steps = 14;
  const world = makeWorld(scenario, { ...options, envs: E, autoreset });
  world.reset(4);
  const own = streams(E);
  const seen: Seen[][] = Array.from({ length: E }, () => []);
  const view = (env: number, final: boolean): Seen => {
    const { obs, reward, terminated, truncated, done, finalObs } = rowOf(world, env);
    return {
      obs: final ? finalObs! : obs!,
      reward: reward!,
      ends: [...terminated!, ...truncated!, ...done!],
    };
  };
  while (seen.some((log) => log.length < steps)) {
    const over = [...world.done];
    if (autoreset === "disabled") world.restart(Uint8Array.from(over));
    const acting = Array.from({ length: E }, (_, env) => autoreset !== "next-step" || over[env] === 0);
    const saved = own.map((stream) => ({ ...stream }));
    play(world, own);
    acting.forEach((acts, env) => acts || Object.assign(own[env]!, saved[env]));
    world.step();
    for (let env = 0; env < E; env++) {
      if (!acting[env]) {
        const row = rowOf(world, env);
        assert.ok([...row["reward"]!, ...row["cost"]!, ...row["done"]!].every((x) => x === 0));
        assert.equal(row["cycle"]![0], 0);
        continue;
      }
      const ended = world.done[env] === 1;
      if (ended && autoreset !== "same-step") {
        assert.deepEqual(rowOf(world, env)["obs"], rowOf(world, env)["finalObs"]);
      }
      seen[env]!.push(view(env, ended));
    }
  }
  return seen.map((log) => log.slice(0, steps));
}

for (const [scenario, options] of worlds) {
  for (const backend of backends) {
    Deno.test(`${scenario.id} on ${backend}: an episode is the same whenever the next one begins`, () => {
      const [same, ...others] = (["same-step", "next-step", "disabled"] as const)
        .map((mode) => watch(scenario, { ...options, backend }, mode));
      for (const other of others) assert.deepEqual(other, same);
    });
  }
}

Deno.test("next-step: the step after an end shows the next episode's start, whatever the actions", () => {
  const at = makeWorld(findScenario("mpe/simple_spread_v3"), { maxCycles: 2, autoreset: "next-step" });
  const twin = makeWorld(findScenario("mpe/simple_spread_v3"), { maxCycles: 2 });
  for (const world of [at, twin]) {
    world.reset(1);
    world.actions.fill(1);
    world.step();
    world.step();
    assert.deepEqual([...world.truncated, ...world.done], [1, 1, 1, 1]);
  }
  assert.deepEqual(at.obs, twin.finalObs);
  assert.deepEqual([...at.alive], [0, 0, 0]);
  const snapshot = at.snapshot();
  at.actions.fill(3);
  at.step();
  assert.deepEqual(at.obs, twin.obs);
  assert.deepEqual([...at.alive, ...at.truncated, ...at.done, ...at.cycle, ...at.episode], [
    1,
    1,
    1,
    0,
    0,
    0,
    0,
    0,
    1,
  ]);
  at.restore(snapshot);
  assert.deepEqual(at.obs, twin.finalObs);
  at.step();
  assert.deepEqual(at.obs, twin.obs);
});

Deno.test("disabled: a step past an end is refused, and restart() begins the episodes it is told to", () => {
  const world = makeWorld(findScenario("mpe/simple_spread_v3"), {
    envs: 3,
    maxCycles: 2,
    autoreset: "disabled",
  });
  const twin = makeWorld(findScenario("mpe/simple_spread_v3"), { envs: 3, maxCycles: 2 });
  for (const it of [world, twin]) {
    it.reset(1);
    it.step();
    it.step();
  }
  assert.throws(() => world.step(), /the episode of environment 0 is over: call restart\(world\.done\)/);
  world.restart(Uint8Array.of(1, 0, 0));
  assert.throws(() => world.step(), /environment 1 is over/);
  world.restart(world.done);
  for (let env = 0; env < 3; env++) assert.deepEqual(rowOf(world, env)["obs"], rowOf(twin, env)["obs"]);
  assert.ok([...world.reward, ...world.done, ...world.truncated].every((x) => x === 0));
  world.step();
  assert.throws(() => world.restart(Uint8Array.of(1)), /an entry for each of 3 environments, found 1/);
});

for (const [scenario, options] of worlds) {
  Deno.test(`disabled: ${scenario.id} stays at its end until restart(), on every backend`, () => {
    const ends = backends.map((backend) => {
      const world = makeWorld(scenario, { ...options, backend, envs: 5, autoreset: "disabled" });
      const next = makeWorld(scenario, { ...options, backend, envs: 5 });
      world.reset(2);
      next.reset(2);
      const [own, other] = [streams(5), streams(5)];
      while (!world.done.includes(1)) {
        for (const [it, draws] of [[world, own], [next, other]] as const) {
          play(it, draws);
          it.step();
        }
      }
      const end = rowOf(world, world.done.indexOf(1));
      assert.deepEqual(end["obs"], end["finalObs"]);
      assert.ok(end["cycle"]![0]! > 0);
      assert.deepEqual([end["episode"], end["alive"]], [[0], new Array(world.spec.N).fill(0)]);
      const [saved, hash] = [world.snapshot(), world.hash(0)];
      world.refresh();
      same(rowOf(world, world.done.indexOf(1)), end, "after a refresh");
      world.restart(world.done);
      for (let env = 0; env < 5; env++) assert.equal(world.hash(env), next.hash(env), `environment ${env}`);
      world.restore(saved);
      assert.equal(world.hash(0), hash);
      same(rowOf(world, world.done.indexOf(1)), end, "after a restore");
      return { end, hash };
    });
    for (const other of ends) assert.deepEqual(other, ends[0]);
  });
}

Deno.test("restart() cuts a running episode short and leaves the others alone", () => {
  const world = makeWorld(everything, { envs: 2 });
  const next = makeWorld(everything, { envs: 2 });
  world.reset(6);
  next.reset(6, 1);
  const own = streams(2);
  play(world, own);
  world.step();
  const before = rowOf(world, 1);
  world.restart(Uint8Array.of(1, 0));
  same(before, rowOf(world, 1), "environment 1");
  assert.equal(world.hash(0), next.hash(0));
  assert.deepEqual(rowOf(world, 0)["obs"], rowOf(next, 0)["obs"]);
});

Deno.test("a policy's memory begins anew with the episode, in next-step as in same-step", () => {
  const memories = (["same-step", "next-step"] as const).map((autoreset) => {
    const world = makeWorld(findScenario("mpe/simple_v3"), { maxCycles: 3, autoreset });
    world.reset(1);
    const counts: number[] = [];
    const counter: Policy = {
      name: "counter",
      hiddenSize: 1,
      act({ hidden }, into) {
        counts.push(hidden[0]!++);
        into.fill(0);
      },
    };
    const run = runner(world, { [world.spec.groups[0]!.name]: counter }, 1);
    for (let t = 0; t < 9; t++) run.step();
    return counts;
  });
  assert.deepEqual(memories[0], [0, 1, 2, 0, 1, 2, 0, 1, 2]);
  assert.deepEqual(memories[1], [0, 1, 2, 0, 0, 1, 2, 0, 0]);
});

Deno.test("a mode that does not exist is refused", () => {
  const wrong = { autoreset: "later" as Autoreset };
  assert.throws(() => makeWorld(everything, wrong), /same-step or next-step or disabled, found later/);
});

Deno.test("episodeSums() adds up each episode by agent and channel, whenever the next one begins", () => {
  for (const autoreset of ["same-step", "next-step"] as const) {
    const world = makeWorld(everything, { envs: 2, autoreset });
    world.reset(3);
    const sums = episodeSums(world);
    const own = streams(2);
    const { N, C } = world.spec;
    let [reward, cost, total, length, ended] = [0, 0, 0, 0, 0];
    for (let t = 0; t < 60; t++) {
      const begins = autoreset === "next-step" && world.done[1] === 1;
      play(world, own);
      world.step();
      sums.add();
      reward += world.reward[N]!;
      cost += world.cost[N * C + 1]!;
      total += world.channelCost[C + 1]!;
      if (!begins) length++;
      const { done } = world;
      const now = done[1] === 1 ? sums.final : sums;
      assert.deepEqual(
        [now.reward[N], now.cost[N * C + 1], now.channelCost[C + 1], now.length[1]],
        [reward, cost, total, length],
      );
      if (done[1] === 0) continue;
      ended++;
      [reward, cost, total, length] = [0, 0, 0, 0];
      assert.deepEqual([sums.reward[N], sums.length[1]], [0, 0]);
    }
    assert.ok(ended >= 3);
    sums.clear();
    assert.ok([...sums.reward, ...sums.final.cost].every((x) => x === 0));
  }
});
