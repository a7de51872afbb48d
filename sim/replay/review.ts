/**
 * Reviewing: what happened in a replay and whether it is what was recorded, in one pass over its steps.
 *
 * @module
 */
import type { Scenario } from "../language/scenario.ts";
import { findScenario } from "../registry.ts";
import type { BackendName } from "../types.ts";
import type { Replay } from "./format.ts";
import { openWorld } from "./open.ts";
import type { Steps } from "./steps.ts";
import { observer, type Timeline } from "./timeline.ts";
import { checker, type Verdict } from "./verify.ts";

export interface Review {
  readonly timeline: Timeline;
  readonly verdict: Verdict;
}

/**
 * `timeline` and `verify` together, step by step. Where the replay differs from what was recorded the timeline goes on;
 * it ends early only at actions that are none of the scenario's. See `openWorld` for the arguments and errors.
 */
export function* reviewSteps(
  replay: Replay,
  scenario: Scenario = findScenario(replay.header.scenario),
  backend?: BackendName,
): Steps<Review> {
  const world = openWorld(replay, scenario, backend);
  const check = checker(replay, world);
  const { add, read } = observer(replay, world, scenario.discount);
  let verdict: Verdict | undefined;
  for (let t = 0; t < replay.header.steps; t++) {
    verdict ??= check.actions(t);
    const stuck = check.advance(t);
    if (stuck !== undefined) return { timeline: read(), verdict: verdict ?? stuck };
    verdict ??= check.outcome(t);
    add(t);
    yield t + 1;
  }
  return { timeline: read(), verdict: verdict ?? check.end() };
}
