/** Class scenarios: plain code over typed arrays, held to all that is asked of traced ones. */
import assert from "node:assert/strict";
import { z } from "zod";
import {
  classScenario,
  describe,
  findScenario,
  makeWorld,
  play,
  readReplay,
  record,
  verify,
} from "../../sim/mod.ts";
import { cases, CHECKS, play as playRandomly, streams } from "../conformance/worlds.ts";

/** Hunters catch prey on a ring; prey that is caught is out, the slow hunter pauses, and a tally stays hidden. */
const chase = classScenario({
  id: "test/chase",
  version: 3,
  maxCycles: 12,
  params: z.strictObject({ prey: z.int().min(1).default(3), cells: z.int().min(4).default(7) }),
  spec: ({ prey, cells }) => ({
    groups: [
      {
        name: "hunter",
        agents: ["fast", "slow"],
        observation: { size: cells, low: 0 },
        actions: { discrete: 3, continuous: { dims: 1, low: -1, high: 1 } },
      },
      {
        name: "prey",
        agents: prey,
        observation: { size: cells + 2 },
        actions: { discrete: 2, continuous: { dims: 1, low: 0, high: 1 } },
      },
    ],
    costs: {
      crowd: { scope: "pair", summary: "a pair in one cell" },
      tired: { scope: "agent" },
      noise: { scope: "team" },
    },
    stateSize: 2 + prey,
  }),
  columns: ({ prey }) => ({ place: 2 + prey, tally: 1 }),
  hidden: () => ({ tally: 0 }),
  restored: (w) => void (w.hidden.tally = w.columns.tally[0]!),

  reset: (w, random) => {
    const { place } = w.columns;
    for (let n = 0; n < place.length; n++) place[n] = random.integer(w.p.cells);
    random.shuffle(place);
    w.hidden.tally = 0;
  },

  step: (w, random) => {
    const { place, tally } = w.columns;
    const { cells } = w.p;
    for (let n = 0; n < place.length; n++) {
      if (w.alive[n] === 0) continue;
      const move = w.actionKind === "discrete" ? w.actions[n]! - (n < 2 ? 1 : 0) : Math.round(w.actions[n]!);
      place[n] = (place[n]! + move + cells) % cells;
    }
    if (random.uniform() < 0.2) place[0] = random.integer(cells);
    w.hidden.tally += random.normal(1, 0.1);
    tally[0] = w.hidden.tally;
    for (let n = 2; n < place.length; n++) {
      if (w.alive[n] === 0) continue;
      w.reward[n] = w.hidden.tally;
      for (const hunter of [0, 1]) {
        if (place[n] !== place[hunter]) continue;
        w.terminated[n] = 1;
        w.reward[hunter]! += 1;
      }
      for (let other = 2; other < n; other++) {
        if (place[n] === place[other]) w.charge("crowd", 0.5, [n, other]);
      }
    }
    w.charge("tired", w.cycle, [0]);
    w.charge("noise", 1, place.length > 4 ? [0, 1, 2, 3, 4] : [0, 1, 2]);
    if (!w.terminated.subarray(2).includes(0) || w.hidden.tally > 9) w.terminated.fill(1);
  },

  observe: (w, agent, into) => {
    w.columns.place.forEach((cell) => into[cell]!++);
    if (agent >= 2) into[w.p.cells] = w.hidden.tally;
  },
  mask: (w, agent, into) => {
    into[0] = 1;
    for (let a = 1; a < into.length; a++) into[a] = w.columns.place[agent] === a ? 0 : 1;
  },
  alive: (w, agent) => agent !== 1 || w.cycle % 2 === 0,
  state: (w, into) => into.set(w.columns.place),
  budgets: { crowd: { kind: "episode", limit: 1 } },
});

for (const params of [{}, { prey: 1, cells: 4 }]) {
  for (const it of cases(chase, { params })) {
    for (const [name, check] of Object.entries(CHECKS)) {
      Deno.test(`${it.name}: ${name}`, () => check(it));
    }
  }
}

Deno.test("a class world's replay verifies, on every backend of its numbers, and not under another version", () => {
  const recorder = record(chase, { seed: 5 });
  const own = streams(1);
  for (let t = 0; t < 40; t++) {
    playRandomly(recorder.world, own);
    recorder.step();
  }
  const replay = readReplay(recorder.finish({ policy: "random" }));
  for (const backend of ["js", "eval", "wasm64"] as const) assert.ok(verify(replay, chase, backend).ok);
  const player = play(replay, chase);
  player.seek(33);
  const [t, hash] = [player.t, player.world.hash(0)];
  player.seek(5);
  player.seek(33);
  assert.deepEqual([player.t, player.world.hash(0)], [t, hash]);
  assert.throws(() => verify(replay, { ...chase, version: 4 }), /codeHash.*play it with the release/s);
});

Deno.test("the code hash of a class scenario is of its id and version", () => {
  const { codeHash } = describe(chase);
  assert.equal(describe(chase, { cells: 9 }).codeHash, codeHash);
  assert.notEqual(describe({ ...chase, version: 4 }).codeHash, codeHash);
  assert.notEqual(describe({ ...chase, id: "test/other" }).codeHash, codeHash);
});

Deno.test("draws of a class world depend on seed, environment, episode, step and place alone", () => {
  const world = makeWorld(chase, { envs: 3 });
  const other = makeWorld(chase, { envs: 1, firstEnv: 2, maxCycles: 30 });
  const { tally } = world.columns;
  for (const w of [world, other]) w.reset(9, 4);
  for (let t = 0; t < 5; t++) {
    world.actions.fill(0);
    other.actions.fill(0);
    world.step();
    other.step();
    if (world.done.includes(1) || other.done.includes(1)) break;
    assert.equal(tally!.data[2], other.columns["tally"]!.data[0]);
    assert.notEqual(tally!.data[0], tally!.data[1]);
  }
});

Deno.test("an agent that ended is paid nothing, charged nothing and acts no more", () => {
  const world = makeWorld(chase, { params: { prey: 6, cells: 5 } });
  const own = streams(1);
  let seen = 0;
  for (let t = 0; t < 200; t++) {
    const before = [...world.alive];
    const gone = before.map((alive, n) => n >= 2 && alive === 0);
    playRandomly(world, own);
    world.step();
    gone.forEach((out, n) => {
      if (!out) return;
      seen++;
      assert.equal(world.reward[n], 0);
      assert.equal(world.terminated[n], 0);
      for (let c = 0; c < 3; c++) assert.equal(world.cost[3 * n + c], 0);
      if (world.done[0] === 0) assert.equal(world.alive[n], 0);
    });
  }
  assert.ok(seen > 10);
});

Deno.test("turns: only the mover is asked for a legal action", () => {
  const world = makeWorld(findScenario("classic/tictactoe_v3"), { params: { illegal: "refuse" }, envs: 2 });
  world.actions.set([4, 0, 0, 0]);
  world.step();
  assert.deepEqual([...world.turn], [1, 1]);
  world.actions.set([4, 8, 0, 1]); // the first player's 4 is taken, and is not asked for
  world.step();
  assert.deepEqual([...world.turn], [0, 0]);
  world.actions.set([0, 9, 5, 0]);
  assert.throws(
    () => world.step(),
    /player_2 of environment 0: expected a whole number from 0 to 8, found 9/,
  );
});

Deno.test("what a class scenario says wrong is refused by name", () => {
  const wrong = (more: Record<string, unknown>) => () =>
    makeWorld(classScenario({ ...chase, ...more } as typeof chase));
  assert.throws(
    wrong({ version: 0 }),
    /test\/chase: expected version to be a whole number of at least 1, found 0/,
  );
  assert.throws(wrong({ id: "Chase" }), /expected an id like "family\/name"/);
  assert.throws(
    wrong({ columns: () => ({ place: 0 }) }),
    /a column has a name and a size of at least 1, found place: 0/,
  );
  assert.throws(wrong({ spec: () => ({ groups: [] }) }), /no agents/);
  assert.throws(
    wrong({ budgets: { crowds: { kind: "episode", limit: 1 } } }),
    /"crowds", which is no cost.*"crowd"/,
  );
  assert.throws(() => makeWorld(chase, { params: { pray: 1 } }), /no setting "pray". Did you mean "prey"/);
  assert.throws(() => makeWorld(chase, { reset: "numpy" }), /from its streams only/);
  assert.throws(() => makeWorld(chase, { maxCycles: 300000 }), /maxCycles below 262144/);
  const charges = {
    ...chase,
    step: (w: { charge: (...args: unknown[]) => void }) => w.charge("crwd", 1, [0]),
  };
  assert.throws(
    () => makeWorld(charges as typeof chase).step(),
    /no cost channel "crwd". Did you mean "crowd"/,
  );
});
