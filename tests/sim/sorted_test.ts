/**
 * k.sorted: observations in an order that the state decides, against a plain sort.
 *
 * @module
 */
import assert from "node:assert/strict";
import { z } from "zod";
import { type BackendName, group, makeWorld, particles, scenario, type World } from "../../sim/mod.ts";

/** Hunters and hares; each sees the nearest others: offset, and a constant for each kind. */
const meadow = scenario({
  id: "test/meadow",
  maxCycles: 5,
  params: z.strictObject({ hunters: z.int(), hares: z.int(), most: z.number() }),
  world: ({ hunters, hares }) =>
    particles({ agents: [group("hunter", hunters), group("hare", hares)], trees: group("tree", 0) }),
  reset: (k) => {
    // Tenths, so that some distances are equal.
    for (const e of k.entities) k.place(e, k.vec(k.integer(5).div(10), k.integer(5).div(10)));
  },
  dynamics: (k) => {
    for (const e of k.entities) k.place(e, k.vec(k.integer(5).div(10), k.integer(5).div(10)));
  },
  observe: (k, a) => [
    k.sorted(k.others(a), (o) => k.dist2(a, o), k.p.most).map((o) => [
      o.pos.sub(a.pos),
      o.group === "hare" ? 1 : 0,
    ]),
    k.sorted(k.trees, (t) => k.dist(a, t)).map((t) => t.pos),
  ],
  reward: () => 0,
});

/** What agent `n` of environment `env` should see. */
function expected({ spec, columns }: World, env: number, n: number): number[] {
  const { N } = spec;
  const { hunters, most } = spec.params as { hunters: number; most: number };
  const at = (i: number, axis: number) => columns["pos"]!.data[(env * N + i) * 2 + axis]!;
  const others = Array.from({ length: N }, (_, i) => i).filter((i) => i !== n).map((i) => {
    const [x, y] = [at(i, 0) - at(n, 0), at(i, 1) - at(n, 1)];
    return { distance: x * x + y * y, row: [x, y, i < hunters ? 0 : 1] };
  });
  const rows = others.sort((a, b) => a.distance - b.distance).slice(0, most).flatMap(({ row }) => row);
  return [...rows, ...new Array<number>(3 * most - rows.length).fill(0)];
}

const cases = [
  { hunters: 3, hares: 2, most: 4 },
  { hunters: 3, hares: 2, most: 2 },
  { hunters: 1, hares: 2, most: 5 },
  { hunters: 12, hares: 3, most: 14 },
  { hunters: 2, hares: 11, most: 3 },
];

for (const params of cases) {
  for (const backend of ["js", "eval"] satisfies BackendName[]) {
    Deno.test(`k.sorted (${backend}): ${JSON.stringify(params)}`, () => {
      const world = makeWorld(meadow, { envs: 3, params, backend });
      const { N, O } = world.spec;
      for (let t = 0; t < 5; t++) {
        for (let row = 0; row < 3 * N; row++) {
          const seen = [...world.obs.subarray(row * O, (row + 1) * O)];
          assert.deepEqual(
            seen.map((x) => x + 0),
            expected(world, Math.floor(row / N), row % N).map((x) => x + 0),
          );
        }
        world.step();
      }
    });
  }
}

Deno.test("k.sorted says what is wrong with its arguments", () => {
  const made = (most: number, hares = 1) => makeWorld(meadow, { params: { hunters: 1, hares, most } });
  assert.throws(() => made(1.5), /k.sorted: expected most to be a whole number, found 1.5/);
  assert.throws(() => made(1, 0), /empty set: write k.zeros/);
});
