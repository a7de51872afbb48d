/** The README's scenario is one that works. */
import assert from "node:assert/strict";
import { makeWorld, randomPolicy, runner, type Scenario } from "../../sim/mod.ts";
import { root } from "../../tools/run.ts";

Deno.test("the README's first scenario runs, counts its costs and keeps its budget's unit", async () => {
  const source = /```ts\n([\s\S]*?)```/.exec(Deno.readTextFileSync(new URL("README.md", root)))?.[1];
  assert.ok(source);
  const file = new URL(`readme_${crypto.randomUUID()}.ts`, root);
  await Deno.writeTextFile(file, source);
  let scenario: Scenario;
  try {
    scenario = (await import(file.href)).default;
  } finally {
    await Deno.remove(file);
  }
  const world = makeWorld(scenario, { envs: 64, params: { N: 4 } });
  const { spec } = world;
  assert.deepEqual(spec.budgets, [{ channel: "touch", kind: "episode", limit: 1 }]);
  const team = spec.groups[0]!;
  world.reset(1);
  const run = runner(world, { [team.name]: randomPolicy(spec, team) }, 1);
  let touches = 0;
  for (let t = 0; t < 25; t++) {
    run.step();
    touches += world.channelCost.reduce((sum, cost) => sum + cost, 0);
  }
  assert.ok(world.done.every((done) => done === 1), "every episode ends after maxCycles");
  assert.ok(touches > 0);
  assert.ok(world.reward.every((reward) => reward < 0));
});
