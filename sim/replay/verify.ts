/**
 * Verifying: re-simulate a replay and compare it with its checks, step by step.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Scenario } from "../language/scenario.ts";
import type { BackendName, World } from "../types.ts";
import { actionCodec, readBits } from "./bits.ts";
import { digest } from "./digest.ts";
import { type Field, FIELDS, type Replay } from "./format.ts";
import { openWorld } from "./open.ts";
import { episodeOf } from "./play.ts";
import { finish, type Steps } from "./steps.ts";

/** The first step and field that differ from what was recorded. */
export interface Failure {
  readonly ok: false;
  readonly step: number;
  /** Index within the replay. */
  readonly episode: number;
  readonly field: Field | "episode" | "hash";
  readonly message: string;
}

/** What was found: everything as recorded, with the final hash, or the first difference. */
export type Verdict = { readonly ok: true; readonly hash: string } | Failure;

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
  const { actions, advance, outcome, end } = checker(replay, openWorld(replay, scenario, backend));
  for (let t = 0; t < replay.header.steps; t++) {
    const failure = actions(t) ?? advance(t) ?? outcome(t);
    if (failure !== undefined) return failure;
    yield t + 1;
  }
  return end();
}

/**
 * Takes a replay's steps in a world, one after another, and compares each with what was recorded: for every step in
 * turn `actions`, `advance`, `outcome`, and `end` after the last. Each gives what it found wrong; after that, only
 * `advance` has a meaning.
 */
export interface Checker {
  /** Whether the actions of step `t` are those that were recorded. */
  actions(t: number): Failure | undefined;
  /** Take step `t` in the world: a failure where its actions are none of the scenario's, and then nothing happens. */
  advance(t: number): Failure | undefined;
  /** Whether the world is what it was when step `t` was recorded. */
  outcome(t: number): Failure | undefined;
  end(): Verdict;
}

/** A checker in `world`, which stands where the replay begins. */
export function checker(replay: Replay, world: World): Checker {
  const { actions: packed, checks, episodes } = replay;
  const codec = actionCodec(world.spec);
  const proof = digest(world);
  const found = new Uint8Array(FIELDS.length);
  const outcomes = found.subarray(1);
  let ended = 0;

  function differs(step: number, field: Failure["field"], expected: unknown, found: unknown): Failure {
    const episode = episodeOf(replay, step);
    const message = `step ${step} (episode ${episode}), ${field}: expected ${expected}, found ${found}`;
    return { ok: false, step, episode, field, message };
  }

  function actions(t: number): Failure | undefined {
    const at = t * codec.stepBits;
    const expected = checks[FIELDS.length * t]!;
    found[0] = proof.actions(packed, at, at + codec.stepBits);
    return found[0] === expected ? undefined : differs(t, "actions", hex(expected), hex(found[0]!));
  }

  function advance(t: number): Failure | undefined {
    codec.read(packed, t * codec.stepBits, world.actions);
    try {
      world.step();
      return undefined;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return differs(t, "actions", "actions of the scenario", error.message);
    }
  }

  function outcome(t: number): Failure | undefined {
    proof.outcome(outcomes);
    for (let f = 1; f < FIELDS.length; f++) {
      const expected = checks[FIELDS.length * t + f]!;
      if (found[f] !== expected) return differs(t, FIELDS[f]!, hex(expected), hex(found[f]!));
    }
    return world.done[0] === 1 ? episodeEnd(t) : undefined;
  }

  function episodeEnd(t: number): Failure | undefined {
    const mark = episodes[ended++];
    if (mark?.end !== t + 1) {
      return differs(t, "episode", `an end after step ${mark?.end}`, `one after ${t + 1}`);
    }
    const hash = proof.hash();
    return hash === mark.hash ? undefined : differs(t, "hash", mark.hash, hash);
  }

  function end(): Verdict {
    const { steps } = replay.header;
    const last = steps - 1;
    if (ended !== episodes.length) return differs(last, "episode", `${episodes.length} ends`, `${ended}`);
    const bits = steps * codec.stepBits;
    const padding = readBits(packed, bits, 8 * packed.length - bits);
    if (padding !== 0) return differs(last, "actions", "zeros after the last action", padding);
    const hash = proof.hash();
    return hash === replay.hash ? { ok: true, hash } : differs(last, "hash", replay.hash, hash);
  }

  return { actions, advance, outcome, end };
}

/** A check byte as it is written. */
function hex(byte: number): string {
  return `check byte 0x${byte.toString(16).padStart(2, "0")}`;
}
