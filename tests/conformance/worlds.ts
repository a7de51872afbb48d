/**
 * Random play on worlds, and what must hold of any scenario's.
 *
 * @module
 */
import assert from "node:assert/strict";
import { seed } from "../../core/mod.ts";
import {
  type BackendName,
  backends,
  difference,
  domainOf,
  forkReplay,
  makeWorld,
  readReplay,
  record,
  type Scenario,
  toJsonLines,
  verify,
  type World,
  type WorldOptions,
} from "../../sim/mod.ts";
import { play, streams } from "./random_play.ts";

export { play, streams };

/** Outputs of a step that two equal worlds share, bit for bit. */
const OUTPUTS = [
  "obs",
  "finalObs",
  "state",
  "finalState",
  "reward",
  "cost",
  "channelCost",
  "terminated",
  "truncated",
  "alive",
  "mask",
  "finalMask",
  "turn",
  "done",
  "cycle",
  "episode",
] as const;

/** Which world to make of which scenario, in which kind of action. */
export interface Case {
  readonly name: string;
  readonly scenario: Scenario;
  readonly options: WorldOptions;
}

/** Every kind of action that a scenario offers. */
export function cases(scenario: Scenario, options: WorldOptions = {}): Case[] {
  return (["discrete", "continuous"] as const).flatMap((actions) => {
    try {
      makeWorld(scenario, { ...options, actions });
    } catch (error) {
      if (String(error).includes(`no ${actions} actions`)) return [];
      throw error;
    }
    const params = options.params === undefined ? "" : ` ${JSON.stringify(options.params)}`;
    return [{ name: `${scenario.id}${params}, ${actions}`, scenario, options: { ...options, actions } }];
  });
}

/** A world, reset. */
export function made({ scenario, options }: Case, more: WorldOptions = {}, start = 7): World {
  const world = makeWorld(scenario, { ...options, ...more });
  world.reset(start);
  return world;
}

/** Everything that a step reported of `count` environments from `env` on. */
export function report(world: World, env = 0, count = world.spec.E - env): Record<string, readonly number[]> {
  const rows = (data: ArrayLike<number>) => {
    const width = data.length / world.spec.E;
    return Array.prototype.slice.call(data, env * width, (env + count) * width) as number[];
  };
  const columns = Object.entries(world.columns).map(([name, { data }]) => [`column ${name}`, rows(data)]);
  return Object.fromEntries([...columns, ...OUTPUTS.map((name) => [name, rows(world[name])])]);
}

/** Two reports are equal to the bit; the message names the first array that is not. */
export function same(a: ReturnType<typeof report>, b: ReturnType<typeof report>, when: string): void {
  for (const [name, values] of Object.entries(a)) {
    const other = b[name]!;
    const at = values.findIndex((value, i) => !Object.is(value, other[i]));
    assert.equal(at, -1, `${when}: ${name}[${at}] is ${values[at]} in one, ${other[at]} in the other`);
  }
}

/** The checks, by what they prove. */
export const CHECKS: Readonly<Record<string, (it: Case) => void>> = {
  "every backend of its domain gives the same bits": (it) => {
    for (const backend of backends.filter((other) => other !== "js" && domainOf(other) === "f64")) {
      const [a, b] = [made(it, { envs: 3, backend: "js" }), made(it, { envs: 3, backend })];
      assert.equal(a.spec.codeHash, b.spec.codeHash);
      together(a, b, 60);
    }
  },

  "the same seed twice": (it) => {
    together(made(it, { envs: 2 }), made(it, { envs: 2 }), 60);
    const [a, b] = [made(it), made(it, {}, 8)];
    const crowd = made(it, { envs: 4 });
    const stochastic = new Set([0, 1, 2, 3].map((env) => crowd.hash(env))).size > 1;
    if (stochastic) assert.notEqual(a.hash(0), b.hash(0), "another seed gives another start");
  },

  "a batch of 8 = 8 batches of 1": (it) => {
    const batch = made(it, { envs: 8 });
    const singles = Array.from({ length: 8 }, (_, env) => made(it, { firstEnv: env }));
    const own = streams(8);
    const theirs = streams(8);
    for (let t = 0; t < 60; t++) {
      play(batch, own);
      batch.step();
      singles.forEach((world, env) => {
        play(world, [theirs[env]!]);
        world.step();
        same(report(batch, env, 1), report(world), `environment ${env}, step ${t}`);
        assert.equal(batch.hash(env), world.hash(0));
      });
    }
  },

  "snapshot and resume": (it) => {
    const [a, b] = [made(it, { envs: 2 }), made(it, { envs: 2 }, 99)];
    const first = streams(2);
    for (let t = 0; t < 13; t++) (play(a, first), a.step());
    b.restore(a.snapshot());
    same(report(a), report(b), "right after");
    together(a, b, 40);
  },

  "a fork evolves alike, and differs under other actions only": (it) => {
    const world = made(it, { envs: 3 });
    const own = streams(3);
    for (let t = 0; t < 5; t++) (play(world, own), world.step());
    world.fork(0, 2);
    for (let t = 0; t < 30; t++) {
      const one = seed(t);
      play(world, [{ ...one }, own[1]!, { ...one }]);
      world.step();
      same(report(world, 0, 1), report(world, 2, 1), `step ${t}`);
    }
  },

  "finite numbers, costs >= 0, flags that agree": (it) => {
    const world = made(it, { envs: 4 });
    const own = streams(4);
    const { E, N, C } = world.spec;
    for (let t = 0; t < 150; t++) {
      play(world, own);
      world.step();
      for (const [name, values] of Object.entries(report(world))) {
        assert.ok(values.every(Number.isFinite), `${name} at step ${t}`);
      }
      assert.ok(world.cost.every((cost) => cost >= 0) && world.channelCost.every((cost) => cost >= 0));
      for (let env = 0; env < E; env++) {
        for (let c = 0; c < C; c++) {
          const charged = Array.from({ length: N }, (_, a) => world.cost[(env * N + a) * C + c]!);
          const { name, scope } = world.spec.channels[c]!;
          const [any, counted] = [charged.some((x) => x > 0), world.channelCost[env * C + c]! > 0];
          const shared = scope === "group" || scope === "team"; // members that act no more are not charged
          assert.ok(any === counted || shared && counted, `${name} at step ${t}`);
        }
        const ends = Array.from({ length: N }, (_, a) => {
          return world.terminated[env * N + a]! + world.truncated[env * N + a]!;
        });
        assert.ok(ends.every((end) => end <= 1), "no agent is both terminated and truncated");
        if (world.done[env] === 1) assert.equal(world.cycle[env], 0);
        else assert.ok(world.cycle[env]! >= 1 && world.cycle[env]! < world.spec.maxCycles);
      }
    }
  },

  "a replay verifies on every backend, and a fork of it parts where its actions do": (it) => {
    for (const backend of backends) {
      const replay = readReplay(recorded(it, backend, 30));
      const others = backends.filter((other) => domainOf(other) === domainOf(backend));
      for (const other of others) assert.equal(verify(replay, it.scenario, other).ok, true, other);
      assert.equal([...toJsonLines(replay, it.scenario)].length, 31);
      const fork = forkReplay(replay, 10, it.scenario);
      const luck = streams(1, 77);
      for (let t = 10; t < 30; t++) (play(fork.world, luck), fork.step());
      const forked = readReplay(fork.finish({ policy: "random" }));
      assert.deepEqual(verify(forked, it.scenario), { ok: true, hash: forked.hash });
      const parted = difference(replay, forked, it.scenario);
      assert.ok(parted === undefined || parted.step >= 10 && parted.field.startsWith("action of "));
    }
  },

  "finalMask: what is legal in the state in which an episode ended, whenever the next begins": (it) => {
    if (it.scenario.mask === undefined || it.options.actions === "continuous") return maskless(it);
    for (const backend of backends) endings(it, backend);
  },

  "refresh() shows the state that stands": (it) => {
    const world = made(it, { envs: 2 });
    const own = streams(2);
    for (let t = 0; t < 3; t++) (play(world, own), world.step());
    const before = report(world);
    for (const output of [world.obs, world.state]) output.fill(NaN);
    world.refresh();
    const after = report(world);
    for (const name of ["obs", "state"]) {
      // what is always 0 is never written, and stays NaN here
      const differs = after[name]!.findIndex((x, i) =>
        Number.isNaN(x) ? before[name]![i] !== 0 : x !== before[name]![i]
      );
      assert.equal(differs, -1, `${name}[${differs}]`);
    }
  },
};

/** Without masks `finalMask` is what `mask` always is, and no other array. */
function maskless(it: Case): void {
  const world = made(it, { maxCycles: 1 });
  const { N, A, actionKind, actionSizes } = world.spec;
  world.step();
  assert.equal(world.done[0], 1);
  const ones = Array.from({ length: N * A }, (_, i) => {
    return actionKind === "continuous" || i % A < actionSizes[Math.floor(i / A)]! ? 1 : 0;
  });
  assert.deepEqual([...world.finalMask], ones);
  assert.equal(world.finalMask, world.mask);
}

/**
 * Plays short episodes beside the same ones in a world whose time is not up: what its `mask` shows then is what
 * `finalMask` must have said, in every mode of beginning anew.
 */
function endings(it: Case, backend: BackendName): void {
  const E = 3;
  const longer = made(it, { envs: E, backend });
  const short = { envs: E, backend, maxCycles: Math.min(17, Math.ceil(longer.spec.maxCycles / 2)) };
  const worlds = (["same-step", "next-step", "disabled"] as const).map((autoreset) => {
    return made(it, { ...short, autoreset });
  });
  const own = streams(E);
  const width = longer.mask.length / E;
  const row = (mask: Uint8Array, env: number) => [...mask.subarray(env * width, (env + 1) * width)];
  for (let t = 0; t < 68; t++) {
    play(longer, own);
    for (const world of worlds) world.actions.set(longer.actions);
    for (const world of [longer, ...worlds]) world.step();
    const over = worlds[0]!.done.slice();
    for (let env = 0; env < E; env++) {
      if (over[env] === 0) continue;
      const expected = row(longer.done[env] === 1 ? longer.finalMask : longer.mask, env);
      const found = [...worlds.map(({ finalMask }) => finalMask), worlds[2]!.mask];
      for (const mask of found) assert.deepEqual(row(mask, env), expected, `${backend}, step ${t}`);
    }
    longer.restart(over.map((ended, env) => ended === 1 && longer.done[env] === 0 ? 1 : 0));
    for (const world of worlds.slice(1)) world.restart(over);
  }
}

/** The replay of `steps` steps of random play. */
function recorded({ scenario, options }: Case, backend: BackendName, steps: number): Uint8Array {
  const { params = {}, actions, maxCycles } = options;
  const recorder = record(scenario, {
    params,
    backend,
    seed: 5,
    ...(actions === undefined ? {} : { actions }),
    ...(maxCycles === undefined ? {} : { maxCycles }),
  });
  const own = streams(1);
  for (let t = 0; t < steps; t++) (play(recorder.world, own), recorder.step());
  return recorder.finish({ policy: "random" });
}

/** Steps two worlds under the same actions; their reports and hashes stay equal. */
export function together(a: World, b: World, steps: number): void {
  const own = streams(a.spec.E);
  same(report(a), report(b), "after the reset");
  for (let t = 0; t < steps; t++) {
    play(a, own);
    b.actions.set(a.actions);
    a.step();
    b.step();
    same(report(a), report(b), `step ${t}`);
    assert.equal(a.hash(0), b.hash(0), `hash at step ${t}`);
  }
}
