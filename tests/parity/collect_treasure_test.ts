/**
 * collect_treasure_v1 against MPE2, step by step: where treasures lie anew is random, so each step starts from the
 * recorded state, and what a new place decides is compared after it is written there.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type BackendName, findScenario } from "../../sim/mod.ts";
import { act, difference, gap, more, place, replayed, worst } from "./trace.ts";

const scenario = findScenario("mpe/collect_treasure_v1");
const TOLERANCE = 1e-12;

for (const episode of await more("collect_treasure_v1")) {
  for (const backend of ["js", "eval", "wasm64"] satisfies BackendName[]) {
    Deno.test(`${episode.name} (${backend}): steps as in MPE2`, () => {
      const world = replayed(scenario, episode, { backend, maxCycles: episode.maxCycles! + 1 });
      const { obs: first } = difference(scenario, world, { ...episode.steps[0]!, obs: episode.obs0 });
      assert.ok(first <= TOLERANCE);
      let { lies } = episode.fields;
      episode.steps.forEach((step, t) => {
        act(world, step);
        world.step();
        const { fields } = step;
        const column = (name: string) => [...world.columns[name]!.data];
        const { pos, vel } = difference(scenario, world, { ...step, obs: undefined });
        assert.ok(worst([pos, vel]) <= TOLERANCE, `step ${t}`);
        assert.deepEqual(column("holding"), fields!["holding"], `held after step ${t}`);
        assert.deepEqual(column("lies"), fields!["lies"], `treasures after step ${t}`);
        const anew = lies!.includes(0);
        episode.agents.forEach((agent, n) => {
          const seeks = agent.startsWith("collector") && fields!["holding"]![n] === 0;
          if (anew && seeks) return; // its reward counts the distance to a new place
          assert.ok(
            gap([world.reward[n]!], [step.rewards[n]!]) <= TOLERANCE,
            `reward of ${agent} at step ${t}`,
          );
        });
        place(scenario, world, step);
        const { obs } = difference(scenario, world, step);
        assert.ok(obs <= TOLERANCE, `observations after step ${t} differ by ${obs}`);
        ({ lies } = fields!);
      });
    });
  }
}

Deno.test("the recorded episodes pick treasures up and deliver them", async () => {
  const steps = (await more("collect_treasure_v1")).flatMap((episode) => episode.steps);
  const held = steps.map(({ fields }) => fields!["holding"]!.filter((kind) => kind > 0).length);
  assert.ok(held.some((count, t) => t > 0 && count > held[t - 1]!));
  assert.ok(held.some((count, t) => t > 0 && count < held[t - 1]! && count > 0));
});
