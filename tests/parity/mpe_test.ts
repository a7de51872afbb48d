/**
 * Every MPE scenario against MPE2: free-running episodes of 25 steps, states, messages, observations, rewards and ends,
 * to 1e-12; crowded states step by step from the recorded ones.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type BackendName, findScenario, type Scenario } from "../../sim/mod.ts";
import { act, crowded, difference, more, place, recorded, type RecordedEpisode, replayed } from "./trace.ts";

const TOLERANCE = 1e-12;
const BACKENDS: readonly BackendName[] = ["js", "eval", "wasm64"];
const ENVIRONMENTS = [
  "simple_v3",
  "simple_adversary_v3",
  "simple_crypto_v3",
  "simple_push_v3",
  "simple_reference_v3",
  "simple_speaker_listener_v4",
  "simple_spread_v3",
  "simple_tag_v3",
  "simple_world_comm_v3",
];

function near(found: Record<string, number>, when: string): void {
  for (const [what, most] of Object.entries(found)) {
    assert.ok(most <= TOLERANCE, `${when}, ${what}: differs from MPE2 by ${most}`);
  }
}

/** Plays a recorded episode; each step starts where the last one ended, or where it was recorded to end. */
function follow(
  scenario: Scenario,
  episode: RecordedEpisode,
  backend: BackendName,
  from: "own" | "recorded",
): void {
  const world = replayed(scenario, episode, { backend });
  if (episode.obs0 !== undefined) {
    const { obs } = difference(scenario, world, { ...episode.steps[0]!, obs: episode.obs0 });
    near({ obs }, "first observation");
  }
  episode.steps.forEach((step, t) => {
    act(world, step);
    world.step();
    near(difference(scenario, world, step), `step ${t}`);
    const last = t === episode.steps.length - 1;
    assert.deepEqual(
      [...world.terminated].map(Boolean),
      step.terminations ?? episode.agents.map(() => false),
    );
    assert.deepEqual([...world.truncated].map(Boolean), step.truncations ?? episode.agents.map(() => last));
    assert.equal(world.done[0], Number(last));
    if (from === "recorded" && !last) place(scenario, world, step);
  });
}

for (const env of ENVIRONMENTS) {
  const scenario = findScenario(`mpe/${env}`);
  const given = [...await recorded(env, "discrete"), ...await recorded(env, "continuous")];
  const free = [...given, ...await more(env)];
  const heaps = await crowded(env.replace(/_v\d+$/, ""));
  for (const backend of BACKENDS) {
    for (const episode of free) {
      Deno.test(`${episode.name} (${backend}): runs as in MPE2`, () =>
        follow(scenario, episode, backend, "own"));
    }
    for (const episode of heaps) {
      Deno.test(`${episode.name} (${backend}): steps as in MPE2`, () => {
        follow(scenario, episode, backend, "recorded");
      });
    }
  }
}

for (const env of ["simple_line_v1", "simple_formation_v1"]) {
  const scenario = findScenario(`mpe/${env}`);
  for (const episode of await more(env)) {
    for (const backend of BACKENDS) {
      Deno.test(`${episode.name} (${backend}): runs as in MPE2`, () =>
        follow(scenario, episode, backend, "own"));
    }
  }
}
