/**
 * Forking: the first steps of a replay, and from there on other actions. The fork is a whole replay of its own, which
 * holds those first steps too, so it verifies without the one it came from.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Scenario } from "../language/scenario.ts";
import type { BackendName, Budget } from "../types.ts";
import { actionCodec } from "./bits.ts";
import type { Replay } from "./format.ts";
import { openWorld } from "./open.ts";
import { type Recorder, recorder } from "./record.ts";
import { checker } from "./verify.ts";

/**
 * A recorder in the state after `step` steps of `replay`, to go on with other actions. See `openWorld` for the other
 * arguments and errors.
 *
 * @throws UserError when the replay has no such step, or does not verify up to it
 */
export function forkReplay(
  replay: Replay,
  step: number,
  scenario?: Scenario,
  backend?: BackendName,
): Recorder {
  const { seed, env, firstEpisode, reset, steps, limits, policy, run } = replay.header;
  if (!Number.isInteger(step) || step < 0 || step > steps) {
    throw new UserError(`fork: expected a step from 0 to ${steps}, found ${step}`);
  }
  const { actions, advance, outcome } = checker(replay, openWorld(replay, scenario, backend));
  for (let t = 0; t < step; t++) {
    const failure = actions(t) ?? advance(t) ?? outcome(t);
    if (failure === undefined) continue;
    throw new UserError(`fork: the replay does not play as it was recorded: ${failure.message}`);
  }
  const fork = { hash: replay.hash, step, policy, ...(run === undefined ? {} : { run }) };
  const beginning = { seed, env, firstEpisode, ...(reset === undefined ? {} : { reset }), fork };
  const into = recorder(openWorld(replay, scenario, backend), beginning, limits as readonly Budget[]);
  const codec = actionCodec(into.world.spec);
  for (let t = 0; t < step; t++) {
    codec.read(replay.actions, t * codec.stepBits, into.world.actions);
    into.step();
  }
  return into;
}
