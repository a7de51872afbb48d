/** Neighbours: found in nine cells or by looking at everyone, the same to the bit. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import {
  column,
  type Entity,
  group,
  type KernelBase,
  makeWorld,
  type Part,
  particles,
  particleStep,
  scenario,
  type World,
} from "../../sim/mod.ts";
import { Grid } from "../../sim/engine/grid.ts";
import { cases, CHECKS, made, play, streams, together } from "../conformance/worlds.ts";

const SIGHT = 0.3;
const MARGIN = 1e-3;

/** A crowd that asks for its neighbours in every phase. */
const crowd = scenario({
  id: "test/crowd",
  maxCycles: 12,
  params: z.strictObject({
    N: z.int().default(60),
    posts: z.int().default(50),
    K: z.int().default(3),
    range: z.number().optional(),
    side: z.number().default(2),
  }),
  world: ({ N, posts }) =>
    particles({
      agents: group("agent", N, { size: 0.06 }),
      posts: group("post", posts, { fixed: true, size: 0.03 }),
    }, { contactMargin: MARGIN }),
  fields: { crowded: column("agent") },
  reset: (k) => {
    for (const e of k.entities) k.place(e, k.uniform2(0, k.p.side));
  },
  dynamics: (k) => {
    for (const a of k.agents) k.fields.crowded.set(a, k.sum(k.within(a, 0.2), (o) => k.dist(a, o)));
    particleStep(k, k.p.range === undefined ? {} : { range: k.p.range });
  },
  observe: (k, a) => [
    a.pos,
    k.fields.crowded.get(a),
    k.nearest(a, k.p.K, SIGHT).map((o) => [o.present, o.offset, o.vel.sub(a.vel)]),
    k.nearest(a, 2, SIGHT, k.posts).map((o) => [o.present, o.offset]),
  ],
  reward: (k, a) =>
    k.num(k.any(k.within(a, 0.1, k.posts), (p) => p.pos.x.gt(a.pos.x))).sub(
      k.max(k.within(a, 1), (o) => o.pos.x).max(0),
    ),
  costs: {
    close: {
      scope: "pair",
      range: 0.15,
      of: (k, a, b) => k.dist(a, b).neg().add(a.pos.x.mul(0.1)).add(0.2).max(0),
    },
  },
});

for (const [N, K, posts] of [[1, 2, 3], [4, 3, 2], [9, 12, 9], [30, 3, 60], [120, 5, 10]] as const) {
  const [it] = cases(crowd, { params: { N, K, posts } });
  Deno.test(`${it!.name}: eval = js, bit for bit`, () => {
    together(made(it!, { envs: 2, backend: "js" }), made(it!, { envs: 2, backend: "eval" }), 14);
  });
}

const [standard] = cases(crowd);
for (const [name, check] of Object.entries(CHECKS)) {
  Deno.test(`${standard!.name}: ${name}`, () => check(standard!));
}

/** What `observe` shows of the nearest, from the world's columns alone. */
function expected(world: World, env: number, agent: number): number[] {
  const { N, K, posts } = world.spec.params as { N: number; K: number; posts: number };
  const { pos, vel } = world.columns;
  const at = (i: number) => [...pos!.data.subarray(env * pos!.width + 2 * i, env * pos!.width + 2 * i + 2)];
  const speed = (
    i: number,
  ) => [...vel!.data.subarray(env * vel!.width + 2 * i, env * vel!.width + 2 * i + 2)];
  const seek = (from: number, to: number, count: number) => {
    const [x, y] = at(agent) as [number, number];
    const near = Array.from({ length: to - from }, (_, i) => from + i).filter((i) => i !== agent)
      .map((i) => ({ i, d: Math.sqrt((at(i)[0]! - x) ** 2 + (at(i)[1]! - y) ** 2) }))
      .filter(({ d }) => d < SIGHT)
      .sort((a, b) => a.d - b.d || a.i - b.i);
    return Array.from({ length: count }, (_, slot) => near[slot]?.i);
  };
  const offset = (i: number) => at(i).map((x, axis) => x - at(agent)[axis]!);
  return [
    ...at(agent),
    ...seek(0, N, K).flatMap((i) => {
      if (i === undefined) return [0, 0, 0, 0, 0];
      return [1, ...offset(i), ...speed(i).map((v, axis) => v - speed(agent)[axis]!)];
    }),
    ...seek(N, N + posts, 2).flatMap((i) => i === undefined ? [0, 0, 0] : [1, ...offset(i)]),
  ];
}

Deno.test("k.nearest shows the nearest within the radius, nearest first, absent ones as zeros", () => {
  for (const N of [5, 60]) {
    for (const side of [0.5, 3]) {
      const world = makeWorld(crowd, { params: { N, side }, envs: 2 });
      world.reset(3);
      const own = streams(2);
      for (let t = 0; t < 5; t++) {
        play(world, own);
        world.step();
        for (let row = 0; row < 2 * N; row++) {
          const shown = [...world.obs.subarray(row * world.spec.O, (row + 1) * world.spec.O)];
          shown.splice(2, 1);
          assert.deepEqual(shown, expected(world, Math.floor(row / N), row % N));
        }
      }
    }
  }
});

Deno.test("equally near neighbours come by index", () => {
  for (const N of [6, 60]) {
    const world = makeWorld(crowd, { params: { N, K: 5, side: 100 } });
    const { data } = world.columns["pos"]!;
    const [a, ...around] = N === 6 ? [2, 0, 1, 3, 5] : [31, 7, 30, 32, 59];
    [[50, 50], [50.125, 50], [50, 50.125], [49.875, 50], [50, 49.875]].forEach(([x, y], i) => {
      const n = [a!, ...around][i]!;
      [data[2 * n], data[2 * n + 1]] = [x!, y!];
    });
    world.refresh();
    const seen = world.obs.subarray(a! * world.spec.O + 3, a! * world.spec.O + 3 + 20);
    const offsets = [1, 2, 3, 4].map((_, slot) => [...seen.subarray(5 * slot, 5 * slot + 3)]);
    assert.deepEqual(offsets, [[1, 0.125, 0], [1, 0, 0.125], [1, -0.125, 0], [1, 0, -0.125]]);
  }
});

Deno.test("contacts within a range that loses nothing are the contacts of everyone, bit for bit", () => {
  const params = { N: 150, posts: 60, side: 5 };
  const all = makeWorld(crowd, { params, envs: 2 });
  const near = makeWorld(crowd, { params: { ...params, range: 709 * MARGIN }, envs: 2 });
  for (const world of [all, near]) world.reset(5);
  together(all, near, 14);
});

Deno.test("a pair's cost with a range is that of all pairs with a test", () => {
  const world = makeWorld(crowd, { params: { N: 100, side: 1.5 } });
  const own = streams(1);
  play(world, own);
  world.step();
  const { data } = world.columns["pos"]!;
  const cost = new Float64Array(100);
  let total = 0;
  for (let a = 0; a < 100; a++) {
    for (let b = a + 1; b < 100; b++) {
      const [dx, dy] = [data[2 * a]! - data[2 * b]!, data[2 * a + 1]! - data[2 * b + 1]!];
      const d = Math.sqrt(dx * dx + dy * dy);
      if (!(d < 0.15)) continue;
      const value = Math.max(0, -d + data[2 * a]! * 0.1 + 0.2);
      cost[a]! += value;
      cost[b]! += value;
      total += value;
    }
  }
  assert.ok(total > 0);
  assert.deepEqual(world.cost, cost);
  assert.equal(world.channelCost[0], total);
});

Deno.test("Grid finds everyone within the radius, after a member, by index, wherever they are", () => {
  const coordinate = fc.oneof(
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.double({ min: -1e4, max: 1e4, noNaN: true }),
    fc.constantFrom(0, 1, -1, 0.5, 0.1, 0.3),
  );
  const wild = fc.oneof({ weight: 20, arbitrary: coordinate }, fc.constantFrom(NaN, Infinity, -1e300, 1e10));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(wild, wild), { minLength: 1, maxLength: 300 }),
      fc.tuple(wild, wild),
      fc.constantFrom(0.1, 0.5, 1, 7),
      fc.integer({ min: -1, max: 50 }),
      (points, [x, y], radius, after) => {
        const data = Float64Array.from([7, 7, 7, ...points.flat(), ...points.flat().reverse()]);
        const grid = new Grid({ data, width: 2 * points.length, start: 3, count: points.length }, radius);
        const into = new Int32Array(points.length);
        const check = (of: number, x: number, y: number) => {
          const found = [...into.subarray(0, grid.find(1, 0, of, x, y, after, into))];
          assert.deepEqual(found, found.toSorted((a, b) => a - b));
          assert.equal(new Set(found).size, found.length);
          points.forEach(([px, py], i) => {
            if (i > after && Math.sqrt((px - x) ** 2 + (py - y) ** 2) <= radius) assert.ok(found.includes(i));
          });
          assert.ok(found.every((i) => i > after));
          return found;
        };
        check(-1, x, y);
        points.forEach(([x, y], i) => assert.deepEqual(check(i, x, y), check(-1, x, y)));
      },
    ),
    { seed: 4, numRuns: 200 },
  );
});

Deno.test("Grid looks again when told that places changed", () => {
  const data = Float64Array.from({ length: 200 }, (_, i) => i);
  const grid = new Grid({ data, width: 100, start: 0, count: 50 }, 1);
  const into = new Int32Array(50);
  assert.equal(grid.find(1, 0, -1, 10, 11, -1, into), 1);
  data[10] = 1000;
  assert.equal(grid.find(1, 0, -1, 10, 11, -1, into), 1);
  assert.equal(grid.find(2, 0, -1, 10, 11, -1, into), 0);
  assert.equal(grid.find(2, 1, -1, 110, 111, -1, into), 1);
});

Deno.test("what neighbours cannot do is refused, and told how to do it", () => {
  const attempt = (observe: (k: KernelBase, a: Entity) => Part) => () =>
    makeWorld(scenario({
      id: "test/refused",
      maxCycles: 3,
      params: z.strictObject({}),
      world: () => particles({ agents: [group("a", 2), group("b", 2)], posts: group("post", 2) }),
      reset: () => {},
      dynamics: () => {},
      observe,
      reward: () => 0,
    }));
  assert.throws(attempt((k, a) => k.nearest(a, 2, 1).map((o) => o.offset)), /one group: give it k\.group/);
  assert.throws(attempt((k, a) => k.nearest(a, 0, 1, k.group("a")).map((o) => o.offset)), /from 1 to 16/);
  assert.throws(attempt((k, a) => k.nearest(a, 2, -1, k.group("a")).map((o) => o.offset)), /radius above 0/);
  assert.throws(attempt((k, a) => k.within(a, 1).map((o) => o.pos)), /use k\.nearest/);
});
