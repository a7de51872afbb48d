import assert from "node:assert/strict";
import { frame, makeWorld, type Scenario, scenarios, type View } from "../../sim/mod.ts";
import { twoStep } from "../../sim/scenarios/matrix/two_step.ts";
import { crossing } from "../../sim/scenarios/safe/crossing.ts";

Deno.test("frame() draws zones, then goals, then robots, where the world's columns say", () => {
  const world = makeWorld(crossing, { envs: 3, params: { N: 2 } });
  world.reset(5);
  world.actions.fill(2);
  for (let t = 0; t < 4; t++) world.step();
  const { camera, shapes } = frame(crossing, world, 2);
  assert.deepEqual(camera, [-1.3, 1.3, -1.3, 1.3]);
  assert.deepEqual(shapes.map(({ kind, agent }) => [kind, agent]), [
    ["zone", undefined],
    ["ring", undefined],
    ["ring", undefined],
    ["disc", 0],
    ["disc", 1],
  ]);
  const { data, width } = world.columns["pos"]!;
  const at = 2 * width;
  assert.deepEqual([shapes[3]!.x, shapes[3]!.y], [data[at], data[at + 1]]);
  assert.deepEqual([shapes[1]!.x, shapes[1]!.y], [data[at + 4], data[at + 5]]);
  assert.deepEqual(shapes.slice(3).map(({ x, y, r }) => [Math.abs(x * x + y * y - 1) < 1, r]), [[true, 0.1], [
    true,
    0.1,
  ]]);
});

Deno.test("frame() leaves out agents that act no more", () => {
  const world = makeWorld(crossing);
  world.alive[1] = 0;
  assert.deepEqual(
    frame(crossing, world, 0).shapes.map(({ agent }) => agent).filter((n) => n !== undefined),
    [0, 2, 3],
  );
});

Deno.test("frame() of a world without geometry is its caption", () => {
  const { caption } = twoStep.view as View;
  const plain: Scenario = { ...twoStep, view: { camera: [-1, 1], caption: caption! } };
  const world = makeWorld(plain);
  world.actions.set([1, 0]);
  world.step();
  assert.deepEqual(frame(plain, world, 0).shapes, []);
  assert.match(frame(plain, world, 0).caption, /2B/);
});

for (const scenario of scenarios) {
  Deno.test(`frame() shows every agent of ${scenario.id} that has a place, and none twice`, () => {
    const world = makeWorld(scenario);
    const { shapes, camera } = frame(scenario, world, 0);
    const agents = shapes.flatMap(({ agent }) => agent ?? []);
    const all = world.spec.agents.map((_, n) => n);
    if (world.columns["pos"] !== undefined || agents.length > 0) assert.deepEqual(agents, all);
    assert.ok(camera[0] < camera[1] && camera[2] < camera[3]);
    for (const { x, y, r } of shapes) assert.ok([x, y, r].every(Number.isFinite));
  });
}
