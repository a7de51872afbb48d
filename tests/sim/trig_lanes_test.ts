/**
 * Sines and cosines in lanes: on wasm64 core's bits for every angle, on wasm32 within 2 ulp of a float or 4 · 10⁻¹¹.
 *
 * @module
 */
import assert from "node:assert/strict";
import { z } from "zod";
import { cos, seed, sin, uniform } from "../../core/mod.ts";
import { column, group, makeWorld, plain, scenario } from "../../sim/mod.ts";

const angles = scenario({
  id: "test/angles",
  maxCycles: 1000,
  params: z.strictObject({}),
  world: () => plain({ agents: group("angle", 1) }),
  fields: { x: column("world") },
  actions: { discrete: 1 },
  reset: () => {},
  dynamics: () => {},
  observe: (k) => [k.fields.x.get().sin(), k.fields.x.get().cos()],
  reward: () => 0,
});

/** Angles of every size, in an order that puts unlike ones side by side; an odd number of them. */
function sample(): Float64Array {
  const stream = seed(5);
  const spread = (n: number, size: number) => Array.from({ length: n }, () => uniform(stream, -size, size));
  const special = [0, -0, 1e-300, -1e-9, 5e-324, 0.7853981633974483, 0.7853981633974484, -0.7853981633974484];
  const multiples = Array.from({ length: 200 }, (_, k) => (k - 100) * Math.PI / 2);
  const far = [1e6, -1.7e6, 1e9, -1e22, 1.7976931348623157e308, NaN, Infinity, -Infinity];
  const all = [
    ...spread(3000, 0.7),
    ...spread(3000, 7),
    ...spread(1000, 1e3),
    ...spread(500, 1e6),
    ...multiples,
  ];
  const mixed = [...special, ...far, ...all.map((x, i) => i % 3 === 0 ? x : all[(i * 37) % all.length]!)];
  return Float64Array.from(mixed.length % 2 === 1 ? mixed : [...mixed, 1]);
}

Deno.test("wasm64: sine and cosine in lanes and alone have core's bits", () => {
  const xs = sample();
  const world = makeWorld(angles, { envs: xs.length, backend: "wasm64" });
  const check = (how: string) => {
    xs.forEach((x, i) => {
      assert.ok(Object.is(world.obs[2 * i], sin(x)), `${how}: sin ${x}: ${world.obs[2 * i]} for ${sin(x)}`);
      assert.ok(
        Object.is(world.obs[2 * i + 1], cos(x)),
        `${how}: cos ${x}: ${world.obs[2 * i + 1]} for ${cos(x)}`,
      );
    });
  };
  world.columns["x"]!.data.set(xs);
  world.refresh();
  check("alone");
  world.obs.fill(9);
  world.step();
  check("in lanes");
});

Deno.test("wasm32: sine and cosine are within 2 ulp of a float or 4e-11", () => {
  const xs = Float32Array.from(sample());
  const world = makeWorld(angles, { envs: xs.length, backend: "wasm32" });
  world.columns["x"]!.data.set(xs);
  world.step();
  const near = (found: number, expected: number, x: number) => {
    if (Number.isNaN(expected)) return assert.ok(Number.isNaN(found), `${x}`);
    const units = Math.abs(expected) * 2 ** -22;
    assert.ok(Math.abs(found - expected) <= Math.max(units, 4e-11), `${x}: ${found} for ${expected}`);
  };
  xs.forEach((x, i) => {
    near(world.obs[2 * i]!, sin(x), x);
    near(world.obs[2 * i + 1]!, cos(x), x);
  });
});
