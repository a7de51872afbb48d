/** A curriculum at work: which episodes count for which stage. */
import assert from "node:assert/strict";
import { findAlgorithm, stateHash, trainer } from "../../agents/mod.ts";
import { lessons } from "../../agents/lessons.ts";
import { curriculum, findScenario, type World } from "../../sim/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";

const course = curriculum({ stages: [{ size: 1 }, { size: 2 }, { size: 3 }], window: 2, above: 0 });

/** A world of three environments, of which only what lessons look at is there. */
function scene() {
  const world = { spec: { E: 3 }, done: new Uint8Array(3), stage: new Float64Array(3) } as unknown as World;
  const { observe, stage } = lessons(course, world);
  /** The environments that end with a step, all with success; a reset draws from the stage that stands then. */
  const end = (...ends: number[]) => {
    world.done.fill(0);
    for (const e of ends) world.done[e] = 1;
    observe(ends.map(() => ({ return: 1, withinBudget: true })));
    return stage();
  };
  return { world, end };
}

Deno.test("an episode that was begun in an earlier stage does not count for the present one", () => {
  const { world, end } = scene();
  assert.equal(end(0, 1, 2), 1, "two of three make the window; the third was begun in stage 0");
  assert.deepEqual([...world.stage!], [1, 1, 1]);
  assert.equal(end(0, 1, 2), 1, "these were reset within the step before, in stage 0");
  assert.equal(end(2), 1, "the first one of stage 1");
  assert.equal(end(2), 2);
});

Deno.test("a training under a curriculum goes on bit for bit after save and restore", () => {
  const start = () =>
    trainer({
      scenario: findScenario("control/cartpole_v1"),
      algorithm: findAlgorithm("ippo").make({ horizon: 20, hidden: [8], epochs: 1, minibatches: 1 }),
      curriculum: curriculum({ stages: [{ gravity: 8 }, { gravity: 9 }, { gravity: 10 }], window: 20 }),
      steps: 1e5,
      envs: 8,
      seed: 1,
      runtime: nodeRuntime(),
    });
  const straight = start();
  for (let update = 0; update < 3; update++) straight.advance();
  const saved = straight.save();
  const stages = [0, 1, 2, 3, 4].map(() => straight.advance().metrics["curriculum/stage"]);
  assert.ok(new Set(stages).size > 1, "no stage ended behind the checkpoint");
  const resumed = start();
  resumed.restore(saved);
  for (let update = 0; update < 5; update++) resumed.advance();
  assert.equal(stateHash(resumed.save().tensors), stateHash(straight.save().tensors));
  straight.dispose();
  resumed.dispose();
});
