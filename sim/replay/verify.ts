/**
 * Verifying: re-simulate a replay and compare it with its checks, step by step.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Scenario } from "../language/scenario.ts";
import type { BackendName } from "../types.ts";
import { actionCodec, readBits } from "./bits.ts";
import { digest } from "./digest.ts";
import { type Field, FIELDS, type Replay } from "./format.ts";
import { openWorld } from "./open.ts";
import { episodeOf } from "./play.ts";
import { finish, type Steps } from "./steps.ts";

/** What was found: everything as recorded, with the final hash, or the first step and field that differ. */
export type Verdict =
  | { readonly ok: true; readonly hash: string }
  | {
    readonly ok: false;
    readonly step: number;
    /** Index within the replay. */
    readonly episode: number;
    readonly field: Field | "episode" | "hash";
    readonly message: string;
  };

/**
 * Whether re-simulating `replay` gives what was recorded. See `openWorld` for the arguments and errors.
 *
 * @throws UserError when the header does not fit the scenario as it is now; what differs later is the verdict
 */
export function verify(replay: Replay, scenario?: Scenario, backend?: BackendName): Verdict {
  return finish(verifySteps(replay, scenario, backend));
}

/** `verify`, step by step. */
export function* verifySteps(replay: Replay, scenario?: Scenario, backend?: BackendName): Steps<Verdict> {
  const world = openWorld(replay, scenario, backend);
  const codec = actionCodec(world.spec);
  const proof = digest(world);
  const { actions, checks, episodes } = replay;
  const found = new Uint8Array(FIELDS.length);
  const outcome = found.subarray(1);
  let ended = 0;

  function differs(
    step: number,
    field: Field | "episode" | "hash",
    expected: unknown,
    found: unknown,
  ): Verdict {
    const episode = episodeOf(replay, step);
    const message = `step ${step} (episode ${episode}), ${field}: expected ${expected}, found ${found}`;
    return { ok: false, step, episode, field, message };
  }

  for (let t = 0; t < replay.header.steps; t++) {
    const at = t * codec.stepBits;
    const recorded = FIELDS.length * t;
    found[0] = proof.actions(actions, at, at + codec.stepBits);
    if (found[0] !== checks[recorded]) return differs(t, "actions", hex(checks[recorded]!), hex(found[0]));
    codec.read(actions, at, world.actions);
    try {
      world.step();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return differs(t, "actions", "actions of the scenario", error.message);
    }
    proof.outcome(outcome);
    for (let f = 1; f < FIELDS.length; f++) {
      const expected = checks[recorded + f]!;
      if (found[f] !== expected) return differs(t, FIELDS[f]!, hex(expected), hex(found[f]!));
    }
    if (world.done[0] === 1) {
      const mark = episodes[ended++];
      if (mark?.end !== t + 1) {
        return differs(t, "episode", `an end after step ${mark?.end}`, `one after ${t + 1}`);
      }
      const hash = proof.hash();
      if (hash !== mark.hash) return differs(t, "hash", mark.hash, hash);
    }
    yield t + 1;
  }
  const last = replay.header.steps - 1;
  if (ended !== episodes.length) return differs(last, "episode", `${episodes.length} ends`, `${ended}`);
  const end = replay.header.steps * codec.stepBits;
  const padding = readBits(actions, end, 8 * actions.length - end);
  if (padding !== 0) return differs(last, "actions", "zeros after the last action", padding);
  const hash = proof.hash();
  return hash === replay.hash ? { ok: true, hash } : differs(last, "hash", replay.hash, hash);
}

/** A check byte as it is written. */
function hex(byte: number): string {
  return `check byte 0x${byte.toString(16).padStart(2, "0")}`;
}
