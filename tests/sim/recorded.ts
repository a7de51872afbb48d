/** Replays for tests: random play, whole and damaged. */
import {
  randomPolicy,
  record,
  type RecordOptions,
  type Replay,
  runner,
  type Scenario,
} from "../../sim/mod.ts";

/** The file of `steps` steps of random play, with policy streams of seed `luck`. */
export function recorded(
  of: Scenario,
  steps: number,
  options: Partial<RecordOptions> = {},
  luck = 5,
): Uint8Array {
  const recorder = record(of, { seed: 11, ...options });
  const { spec } = recorder.world;
  const policies = Object.fromEntries(spec.groups.map((group) => [group.name, randomPolicy(spec, group)]));
  const run = runner(recorder.world, policies, luck, { advance: recorder.step });
  for (let t = 0; t < steps; t++) run.step();
  return recorder.finish({ policy: "random" });
}

/** `replay` with byte `at` of a part changed. */
export function changed(replay: Replay, part: "actions" | "checks", at: number, flip: number): Replay {
  const bytes = replay[part].slice();
  bytes[at]! ^= flip;
  return { ...replay, [part]: bytes };
}
