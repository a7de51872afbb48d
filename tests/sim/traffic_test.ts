/** Merge and the intersection against their equations, worked out on plain numbers. */
import assert from "node:assert/strict";
import { findScenario, frame, makeWorld } from "../../sim/mod.ts";
import { close, watch } from "./watch.ts";

const count = (N: number) => Array.from({ length: N }, (_, n) => n);

/** Acceleration that an action asks for, in m/s². */
function wanted(kind: "discrete" | "continuous", action: number, brake: number, accelerate: number): number {
  if (kind === "discrete") return [-brake, 0, accelerate][action]!;
  return action < 0 ? action * brake : action * accelerate;
}

for (const actions of ["discrete", "continuous"] as const) {
  for (const policy of ["random", "scripted", "careful"]) {
    Deno.test(`merge: motion, sight, reward and costs are what the page says, ${policy}, ${actions}`, () => {
      const N = 5;
      watch("safe/merge", { params: { N }, actions, policy }, ({ world, before, after, action }) => {
        const [s0, v0, s, v] = [before("s"), before("v"), after("s"), after("v")];
        const { O, C } = world.spec;
        const oneLane = (a: number, b: number) => (a - b) % 2 === 0 || s[a]! >= -20 && s[b]! >= -20;
        const collides = (a: number, b: number) => oneLane(a, b) && Math.abs(s[a]! - s[b]!) < 4.5;
        for (const n of count(N)) {
          const a = wanted(actions, action(n), 2, 1);
          assert.ok(close(v[n]!, Math.min(14, Math.max(0, v0[n]! + 0.5 * a))));
          assert.ok(close(s[n]!, s0[n]! + 0.25 * (v0[n]! + v[n]!)));
          const real = (v[n]! - v0[n]!) / 0.5;
          assert.ok(close(world.reward[n]!, (s[n]! - s0[n]!) / 5 - 0.05 * real * real));
          const others = count(N).filter((m) => m !== n);
          const gaps = others.filter((m) => s[m]! > s[n]! && oneLane(n, m)).map((m) => s[m]! - s[n]! - 4.5);
          assert.equal(world.cost[n * C]!, Number(Math.min(Infinity, ...gaps) < 2 * v[n]!));
          assert.equal(world.cost[n * C + 1]!, Number(v[n]! > 10));
          assert.equal(world.cost[n * C + 2]!, others.filter((m) => collides(n, m)).length);
          const near = others.toSorted((a, b) => Math.abs(s[a]! - s[n]!) - Math.abs(s[b]! - s[n]!));
          const expected = [s[n]! / 100, v[n]! / 10, n % 2 === 1 && s[n]! < -20 ? 1 : 0].concat(
            near.flatMap((m) => [(s[m]! - s[n]!) / 50, (v[m]! - v[n]!) / 10, Number(oneLane(n, m))]),
          );
          expected.forEach((x, i) => assert.ok(close(world.obs[n * O + i]!, x), `${i}`));
        }
      });
    });

    Deno.test(`intersection: motion, sight, reward and costs are what the page says, ${policy}, ${actions}`, () => {
      const N = 11;
      let charged = 0;
      watch("driving/intersection", { params: { N }, actions, policy }, (step) => {
        const { world, before, after, action } = step;
        const [s0, v0, s, v, pos] = [before("s"), before("v"), after("s"), after("v"), after("pos")];
        const { O, C } = world.spec;
        const at = (n: number) => [pos[2 * n]!, pos[2 * n + 1]!] as const;
        const apart = (a: number, b: number) => Math.hypot(at(a)[0] - at(b)[0], at(a)[1] - at(b)[1]);
        const clock = after("clock")[0]!;
        for (const n of count(N)) {
          const a = wanted(actions, action(n), 4, 2);
          assert.ok(close(v[n]!, Math.min(15, Math.max(0, v0[n]! + 0.2 * a))));
          const way = 0.1 * (v0[n]! + v[n]!);
          const on = s0[n]! + way;
          assert.ok(close(s[n]!, on >= 60 ? on - 120 : on));
          const lanes = [[s[n]!, -3], [3, s[n]!], [-s[n]!, 3], [-3, -s[n]!]];
          assert.ok(lanes[n % 4]!.every((x, i) => close(at(n)[i]!, x)));
          const real = (v[n]! - v0[n]!) / 0.2;
          assert.ok(close(world.reward[n]!, way / 2 - 0.01 * real * real));
          const others = count(N).filter((m) => m !== n);
          assert.equal(world.cost[n * C]!, others.filter((m) => apart(n, m) < 5).length);
          assert.equal(world.cost[n * C + 1]!, Number(v[n]! > 10));
          charged += world.cost[n * C]!;
          const since = (clock + 10 * (n % 2)) % 20;
          assert.equal(world.obs[n * O + 2]!, Number(since < 7));
          assert.ok(close(world.obs[n * O + 3]!, (since < 7 ? 7 - since : 20 - since) / 10));
          const near = others.filter((m) => apart(n, m) <= 30).toSorted((a, b) => apart(n, a) - apart(n, b));
          for (const i of [0, 1, 2]) {
            assert.equal(world.obs[n * O + 6 + 5 * i]!, Number(i < near.length));
            if (i >= near.length) continue;
            const [east, north] = [[1, 0, -1, 0][n % 4]!, [0, 1, 0, -1][n % 4]!];
            const [x, y] = [at(near[i]!)[0] - at(n)[0], at(near[i]!)[1] - at(n)[1]];
            assert.ok(close(world.obs[n * O + 7 + 5 * i]!, (east * x + north * y) / 30));
            assert.ok(close(world.obs[n * O + 8 + 5 * i]!, (east * y - north * x) / 30));
          }
          if (policy !== "careful") continue;
          const gaps = others.filter((m) => m % 4 === n % 4).map((m) => (s[m]! - s[n]! + 120) % 120);
          assert.ok(close(world.obs[n * O + 4]!, Math.min(120, ...gaps) / 60), "nobody overtook");
        }
      });
      assert.equal(charged > 0, policy !== "careful");
    });
  }
}

Deno.test("merge: starts leave room in each lane", () => {
  const world = makeWorld(findScenario("safe/merge"), { envs: 200, params: { N: 6 } });
  world.reset(2);
  const { data } = world.columns["s"]!;
  data.forEach((s, i) => assert.ok(Math.abs(s - (-60 - 25 * (i % 6))) <= 8));
});

Deno.test("intersection: a road comes back to its beginning, alone on it a car sees no leader", () => {
  watch("driving/intersection", { params: { N: 2 }, policy: "scripted" }, ({ world, after }) => {
    assert.ok(after("s").every((s) => s >= -60 && s < 60));
    assert.ok([0, 1].every((n) => world.obs[n * world.spec.O + 4] === 2));
  });
});

Deno.test("traffic: cars are drawn where they are, lights in the colour they show", () => {
  for (const [id, N] of [["safe/merge", 6], ["driving/intersection", 20]] as const) {
    const world = makeWorld(findScenario(id), { params: { N } });
    world.reset(1);
    const { shapes, camera } = frame(findScenario(id), world, 0);
    const cars = shapes.filter(({ agent }) => agent !== undefined);
    assert.equal(cars.length, N);
    const [xmin, xmax, ymin, ymax] = camera;
    assert.ok(cars.every(({ x, y }) => x >= xmin && x <= xmax && y >= ymin && y <= ymax));
    const green = shapes.filter(({ color }) => color === "#40c057").length;
    assert.ok(id === "safe/merge" || green === 0 || green === 2);
  }
});
