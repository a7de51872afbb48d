/**
 * The WebAssembly backends: bits, batches, code made of bytes and not of text, and how fast they are ready.
 *
 * @module
 */
import assert from "node:assert/strict";
import { findScenario, makeWorld, scenarios } from "../../sim/mod.ts";
import { cases, made, play, report, same, streams, together } from "../conformance/worlds.ts";
import { everything, SIZES } from "./everything.ts";

const spread = findScenario("mpe/simple_spread_v3");
const swarm = findScenario("particles/swarm");
/** Scenarios that are traced; class scenarios run their own code. */
const traced = scenarios.filter((scenario) => !("version" in scenario));

/** Batches that fill no vector, one, one and a part, and several and a part. */
const BATCHES = [1, 2, 5, 7] as const;

for (const scenario of traced) {
  for (const it of cases(scenario)) {
    Deno.test(`${it.name}: wasm64 = js, bit for bit, in batches of ${BATCHES}`, () => {
      for (const envs of BATCHES) {
        together(made(it, { envs, backend: "js" }), made(it, { envs, backend: "wasm64" }), 40);
      }
    });
    Deno.test(`${it.name}: wasm32 does not depend on the batch, and starts close to js`, () => closeTo(it));
  }
}

for (const params of SIZES) {
  for (const it of cases(everything, { params })) {
    Deno.test(`${it.name}: wasm64 = js, bit for bit`, () => {
      together(made(it, { envs: 5, backend: "js" }), made(it, { envs: 5, backend: "wasm64" }), 30);
    });
    Deno.test(`${it.name}: wasm32 does not depend on the batch`, () => closeTo(it));
  }
}

for (const N of [60, 200]) {
  for (const it of cases(swarm, { params: { N } })) {
    Deno.test(`${it.name}: large groups, by lanes and by grids, give the bits of js`, () => {
      together(made(it, { envs: 3, backend: "js" }), made(it, { envs: 3, backend: "wasm64" }), 105);
    });
  }
}

/** Seven environments, four of them in a vector, are seven worlds of one; and their first steps are near js's. */
function closeTo(it: ReturnType<typeof cases>[number]): void {
  const envs = 7;
  const batch = made(it, { envs, backend: "wasm32" });
  const js = made(it, { envs });
  const singles = Array.from({ length: envs }, (_, env) => made(it, { firstEnv: env, backend: "wasm32" }));
  const own = streams(envs);
  for (let t = 0; t < 30; t++) {
    play(batch, own);
    js.actions.set(batch.actions);
    batch.step();
    if (t < 2) {
      js.step();
      js.obs.forEach((x, i) => {
        const off = Math.abs(x - batch.obs[i]!);
        assert.ok(off <= 1e-4 * Math.max(1, Math.abs(x)), `obs[${i}] at step ${t}: ${x}, ${batch.obs[i]}`);
      });
    }
    singles.forEach((world, env) => {
      const size = world.actions.length;
      world.actions.set(batch.actions.subarray(env * size, (env + 1) * size));
      world.step();
      same(report(batch, env, 1), report(world), `environment ${env}, step ${t}`);
    });
  }
}

Deno.test("wasm backends make no code out of text, as a strict page demands", () => {
  const { Function: original } = globalThis;
  globalThis.Function = function forbidden() {
    throw new EvalError("unsafe-eval is not allowed");
  } as unknown as FunctionConstructor;
  try {
    for (const backend of ["wasm64", "wasm32"] as const) {
      const world = makeWorld(spread, { envs: 3, backend });
      for (let t = 0; t < 30; t++) world.step();
      assert.equal(world.cycle[0], 5);
    }
    assert.throws(() => makeWorld(spread, { backend: "js" }), { message: /does not allow compiled code/ });
  } finally {
    globalThis.Function = original;
  }
});

Deno.test("outputs are doubles on wasm64 and floats on wasm32", () => {
  assert.ok(makeWorld(spread, { backend: "wasm64" }).obs instanceof Float64Array);
  const { obs, reward, columns } = makeWorld(spread, { backend: "wasm32" });
  assert.ok(obs instanceof Float32Array && reward instanceof Float32Array);
  assert.ok(columns["pos"]!.data instanceof Float32Array);
});

for (const backend of ["wasm64", "wasm32"] as const) {
  Deno.test(`${backend}: actions outside their space are refused wherever they stand`, () => {
    for (
      const [actions, wrong] of [["discrete", 5], ["discrete", -1], ["continuous", 1.5], [
        "continuous",
        NaN,
      ]] as const
    ) {
      const world = makeWorld(spread, { envs: 37, backend, actions });
      for (const at of [0, 17, world.actions.length - 1]) {
        world.actions.fill(0);
        world.actions[at] = wrong;
        const before = world.hash(36);
        assert.throws(() => world.step(), { message: /agent_\d of environment \d+.*found/ });
        assert.equal(world.hash(36), before, "before anything moves");
      }
    }
  });
}

Deno.test("contact at distance 0 gives NaN on every backend, and the same NaN hash", () => {
  const worlds = (["js", "eval", "wasm64"] as const).map((backend) =>
    makeWorld(spread, { envs: 3, backend })
  );
  const hashes = worlds.map((world) => {
    const { data } = world.columns["pos"]!;
    data.copyWithin(2, 0, 2);
    world.step();
    world.step();
    assert.ok(Number.isNaN(data[0]));
    return [0, 1, 2].map((env) => world.hash(env)).join();
  });
  assert.equal(new Set(hashes).size, 1);
});
