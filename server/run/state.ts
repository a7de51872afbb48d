/**
 * The state of a run on the disk: one safetensors file in each checkpoint folder. Replays lie beside them, in shards
 * (shards.ts).
 *
 * @module
 */
import { join } from "node:path";
import { UserError } from "../../core/mod.ts";
import { decodeCheckpoint, encodeCheckpoint, type TrainState } from "../../agents/mod.ts";
import type { Checkpoint, RunFolder } from "../workspace.ts";
import { configFile } from "../workspace/config.ts";
import { namesIn } from "../workspace/files.ts";
import type { Plan } from "./config.ts";
import { loggedSteps } from "./logs.ts";
import { keepRings, pruneRings, ringsFile, totalsOf } from "./shards.ts";

/** The file in a checkpoint's folder. */
const file = "state.safetensors";

/** Checkpoints to keep: the newest, and others to fall back on where a disk damages it. */
const keep = 3;

function originOf({ spec, algorithm }: Plan) {
  return { scenario: spec.scenario, codeHash: spec.codeHash, algorithm: algorithm.name };
}

/** Write `state` and remove the oldest; returns the path of the checkpoint. */
export function saveState(run: RunFolder, plan: Plan, state: TrainState): string {
  const totals = totalsOf(state);
  const rings = Object.keys(totals).length > 0;
  const { path } = run.writeCheckpoint(state.step, {
    [file]: encodeCheckpoint(keepRings(run, state), originOf(plan)),
    [configFile]: JSON.stringify(plan.config),
    ...rings && { [ringsFile]: JSON.stringify(totals) },
  });
  run.pruneCheckpoints(keep);
  const [oldest] = run.checkpoints();
  if (rings && oldest) {
    pruneRings(run, JSON.parse(new TextDecoder().decode(run.readCheckpoint(oldest, ringsFile))));
  }
  return path;
}

/** A state as found, without its replays, and what was wrong with newer ones. */
export interface SavedState {
  readonly state: TrainState;
  readonly path: string;
  readonly damaged: readonly string[];
}

/**
 * The newest state that can be read; undefined where none was ever written.
 *
 * @throws UserError that names file, field and expectation where there are some and none can be read, or where there
 *   must have been some
 */
export function newestState(run: RunFolder, plan: Plan): SavedState | undefined {
  const whole = run.checkpoints().reverse();
  const damaged = partial(run, whole);
  for (const checkpoint of whole) {
    const path = join(checkpoint.path, file);
    try {
      const state = decodeCheckpoint(run.readCheckpoint(checkpoint, file), originOf(plan));
      return { state, path: checkpoint.path, damaged };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      damaged.push(error.message.includes(checkpoint.path) ? error.message : `${path}: ${error.message}`);
    }
  }
  if (damaged.length === 0) {
    checkNoneWritten(run, plan);
    return undefined;
  }
  throw new UserError(`${damaged.join("\n")}\nNo other checkpoint is left: restore one, or train a new run`);
}

/** Beginning anew would forget the curves of a run that went beyond its first checkpoint. */
function checkNoneWritten(run: RunFolder, { config: { checkpointEvery } }: Plan): void {
  const updates = loggedSteps(run.path).size;
  if (updates <= checkpointEvery) return;
  throw new UserError(
    `${join(run.path, "checkpoints")} is empty after ${updates} updates with a checkpoint every ` +
      `${checkpointEvery}: they were removed. Restore them, or train a new run; to train this one anew from step ` +
      `0, remove ${join(run.path, "metrics.jsonl")}`,
  );
}

/** What is said of the checkpoints that lack a file or a part of one. */
function partial(run: RunFolder, whole: readonly Checkpoint[]): string[] {
  const folder = join(run.path, "checkpoints");
  return namesIn(folder, "folder")
    .map((name) => join(folder, name))
    .filter((path) => !whole.some((checkpoint) => checkpoint.path === path))
    .map((path) => `${path} is damaged: a file is missing or not as long as its manifest.json says`);
}
