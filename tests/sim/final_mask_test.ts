/** What would be legal where an episode ended: hand-worked masks, on every backend and in every mode of beginning anew. */
import assert from "node:assert/strict";
import { z } from "zod";
import {
  type Autoreset,
  type BackendName,
  classScenario,
  findScenario,
  makeWorld,
  type World,
} from "../../sim/mod.ts";
import { parallelWorld } from "../../sim/parallel/mod.ts";
import { buttons } from "./buttons.ts";

/** Three steps: the first presses, then the second, then nobody. */
const PLAY = [[1, 0, 0], [0, 1, 0], [0, 0, 0]] as const;
/** Rows are as wide as the first agent's. */
const FIRST = [1, 1, 1, /**/ 1, 1, 0, /**/ 1, 1, 0];
const LAST = [1, 0, 0, /**/ 1, 0, 0, /**/ 1, 1, 0];

const modes: readonly Autoreset[] = ["same-step", "next-step", "disabled"];
const backends: readonly BackendName[] = ["eval", "js", "wasm64", "wasm32"];

/** Three environments, so that WASM steps a vector of them and single ones, to the end of their episodes. */
function toTheEnd(world: World): void {
  for (const actions of PLAY) {
    for (let env = 0; env < 3; env++) world.actions.set(actions, 3 * env);
    world.step();
  }
  assert.deepEqual([...world.done, ...world.truncated], new Array(12).fill(1));
}

const thrice = (row: readonly number[]) => [...row, ...row, ...row];

for (const backend of backends) {
  for (const autoreset of modes) {
    Deno.test(`finalMask of a traced world: ${backend}, ${autoreset}`, () => {
      const world = makeWorld(buttons, { envs: 3, backend, autoreset });
      toTheEnd(world);
      assert.deepEqual([...world.finalMask], thrice(LAST));
      assert.deepEqual([...world.mask], thrice(autoreset === "disabled" ? LAST : FIRST));
      const copy = makeWorld(buttons, { envs: 3, backend, autoreset });
      copy.restore(world.snapshot());
      assert.deepEqual(copy.finalMask, world.finalMask);
      world.reset(1);
      assert.ok(world.finalMask.every((legal) => legal === 0), "nothing ended");
    });

    Deno.test(`finalMask of a class world: ${backend}, ${autoreset}`, () => {
      const world = makeWorld(findScenario("classic/tictactoe_v3"), { backend, autoreset, maxCycles: 3 });
      for (const actions of [[0, 0], [0, 4], [8, 0]]) {
        world.actions.set(actions);
        world.step();
      }
      assert.deepEqual([...world.truncated], [1, 1]);
      const [waits, moves] = [new Array(9).fill(0), [0, 1, 1, 1, 0, 1, 1, 1, 0]];
      assert.deepEqual([...world.finalMask], [...waits, ...moves]);
    });
  }

  Deno.test(`finalMask over 2 threads: ${backend}`, async () => {
    const scenario = { url: new URL("buttons.ts", import.meta.url) };
    using world = await parallelWorld({ scenario, envs: 3, backend });
    toTheEnd(world);
    assert.deepEqual([...world.finalMask], thrice(LAST));
  });
}

const leavers = classScenario({
  id: "test/leavers",
  version: 1,
  maxCycles: 2,
  params: z.strictObject({}),
  spec: () => ({
    groups: [{
      name: "agent",
      agents: 2,
      observation: { size: 1 },
      actions: { discrete: 2, continuous: { dims: 2, low: 0, high: 1 } },
    }],
  }),
  columns: () => ({ none: 1 }),
  reset: () => {},
  step: (w) => void (w.terminated[1] = 1),
  observe: () => {},
  mask: (w, _agent, into) => into.set([1, w.cycle < 2 ? 1 : 0]),
});

Deno.test("finalMask: nothing is legal for who left; one whom time stopped could go on", () => {
  const world = makeWorld(leavers);
  for (let t = 0; t < 2; t++) world.step();
  assert.deepEqual([...world.truncated], [1, 0]);
  assert.deepEqual([...world.finalMask], [1, 0, 0, 0]);
});

Deno.test("finalMask: continuous actions have no masks", () => {
  const world = makeWorld(leavers, { actions: "continuous" });
  for (let t = 0; t < 2; t++) world.step();
  assert.deepEqual([...world.finalMask], [1, 1, 1, 1]);
  assert.deepEqual([...world.mask], [1, 1, 1, 1]);
});
