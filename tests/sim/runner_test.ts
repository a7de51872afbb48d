import assert from "node:assert/strict";
import { UsageError } from "../../core/mod.ts";
import { randomPolicy } from "../../sim/policies.ts";
import { runner } from "../../sim/runner.ts";
import type { Policy, World } from "../../sim/types.ts";
import { fakeSpec, fakeWorld } from "./fake_world.ts";

function randoms(world: World): Record<string, Policy> {
  return Object.fromEntries(world.spec.groups.map((group) => [group.name, randomPolicy(world.spec, group)]));
}

for (const kind of ["discrete", "continuous"] as const) {
  Deno.test(`runner() gives a batch of four the actions of four worlds alone, ${kind}`, () => {
    const batch = fakeWorld({ E: 4, kind });
    batch.reset(1);
    const together = runner(batch, randoms(batch), 7, { firstEnv: 10 });
    const alone = [0, 1, 2, 3].map((e) => {
      const world = fakeWorld({ kind });
      world.reset(1);
      return { world, run: runner(world, randoms(world), 7, { firstEnv: 10 + e }) };
    });
    const seen = new Set<string>();
    for (let t = 0; t < 12; t++) {
      together.step();
      alone.forEach(({ world, run }, e) => {
        run.step();
        const width = world.actions.length;
        assert.deepEqual(batch.actions.slice(e * width, (e + 1) * width), world.actions);
        seen.add(world.actions.join());
      });
    }
    assert.ok(seen.size > 8, "rows draw from streams of their own");
  });
}

Deno.test("runner() hands each group its own rows, without the padding", () => {
  const world = fakeWorld({ E: 2 });
  world.reset(0);
  const shown: Record<string, number[]> = {};
  const watch = (name: string, action: number): Policy => ({
    name,
    hiddenSize: 0,
    act({ rows, obs }, into) {
      shown[name] = [rows, ...obs];
      into.fill(action);
    },
  });
  runner(world, { lead: watch("lead", 2), dot: watch("dot", 0) }, 0).step();
  assert.deepEqual(shown, { lead: [2, 0, 0, 0, 0], dot: [4, 0.5, 1, 0.5, 1] });
  assert.deepEqual([...world.actions], [2, 0, 0, 2, 0, 0]);
});

Deno.test("runner() zeroes the hidden rows of an environment whose episode ended, and no others", () => {
  const world = fakeWorld({ E: 2, maxCycles: 3 });
  world.reset(0);
  world.cycle[1] = 1;
  const counts: number[][] = [];
  const counting: Policy = {
    name: "counting",
    hiddenSize: 1,
    act({ hidden }, into) {
      counts.push([...hidden]);
      for (let i = 0; i < hidden.length; i++) hidden[i]!++;
      into.fill(1);
    },
  };
  const run = runner(world, { lead: counting, dot: randomPolicy(world.spec, "dot") }, 0);
  for (let t = 0; t < 5; t++) run.step();
  assert.deepEqual(counts, [[0, 0], [1, 1], [2, 0], [0, 1], [1, 2]]);
});

Deno.test("runner() names the group that has no policy, and the policy that has no group", () => {
  const world = fakeWorld();
  const dot = randomPolicy(world.spec, "dot");
  assert.throws(() => runner(world, { dot }, 0), /no policy for group "lead"/);
  assert.throws(() => runner(world, { lead: dot, dott: dot }, 0), { message: /no group "dott".*mean "dot"/ });
  assert.throws(() => randomPolicy(fakeSpec(), "crowd"), UsageError);
});

Deno.test("randomPolicy() draws uniformly among the legal actions", () => {
  const world = fakeWorld({ E: 1000 });
  world.reset(0);
  const n = 1000 * 3;
  for (let i = 0; i < n; i++) world.mask[3 * i + 1] = 0;
  runner(world, randoms(world), 3).step();
  const counts = [0, 0, 0];
  for (const action of world.actions) counts[action]!++;
  assert.equal(counts[1], 0);
  const sigma = Math.sqrt(n / 4);
  assert.ok(Math.abs(counts[0]! - n / 2) < 4 * sigma, `found ${counts}`);
});
