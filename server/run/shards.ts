/**
 * Replays on the disk: `replay/RING-FROM-TO.safetensors`, a file for the entries that came between two checkpoints.
 *
 * @module
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../core/mod.ts";
import {
  MissingEntry,
  ringOf,
  type Shard,
  shardSince,
  type State,
  stateHash,
  type TrainState,
  withoutRings,
  written,
} from "../../agents/mod.ts";
import { decode, encode } from "../../tensor/mod.ts";
import { type Checkpoint, type RunFolder, writeWhole } from "../workspace.ts";
import { namesIn, readWhole } from "../workspace/files.ts";

/** Of each ring: its capacity, and how many entries were ever written. */
export type Totals = Readonly<Record<string, { readonly capacity: number; readonly total: number }>>;

/** The file in a checkpoint's folder that says how far the replays were. */
export const ringsFile = "rings.json";

/** A shard's file. */
interface File {
  readonly ring: string;
  readonly from: number;
  readonly to: number;
  readonly path: string;
}

const folderOf = (run: RunFolder) => join(run.path, "replay");
const digits = 12;
const pattern = /^(.+)-(\d+)-(\d+)\.safetensors$/;

function files(run: RunFolder): File[] {
  return namesIn(folderOf(run), "file").flatMap((name) => {
    const [, ring, from, to] = pattern.exec(name) ?? [];
    return ring ? [{ ring, from: Number(from), to: Number(to), path: join(folderOf(run), name) }] : [];
  });
}

/** Write the entries that no shard holds yet; returns the state without the rings. */
export function keepRings(run: RunFolder, state: TrainState): TrainState {
  const { tensors, rings = {} } = state;
  const known = files(run);
  for (const [ring, capacity] of Object.entries(rings)) {
    const total = written(tensors, ring);
    const own = known.filter((file) => file.ring === ring);
    const from = Math.max(0, ...own.map(({ to }) => to));
    if (from === total) continue;
    const shard = shardSince(tensors, ring, capacity, from);
    mkdirSync(folderOf(run), { recursive: true });
    const range = [shard.from, shard.to].map((n) => String(n).padStart(digits, "0")).join("-");
    const path = join(folderOf(run), `${ring}-${range}.safetensors`);
    writeWhole(path, encode(shard.columns, { hash: stateHash(shard.columns) }));
  }
  return { ...state, tensors: withoutRings(tensors, rings) };
}

/**
 * Remove the shards of entries that came after `state`, from which a training goes on; all where it begins anew. It was
 * killed before it wrote the checkpoint that they belong to, and what comes in their place need not be the same.
 */
export function dropShards(run: RunFolder, state: TrainState | undefined): void {
  const totals = state ? totalsOf(state) : {};
  for (const { ring, to, path } of files(run)) if (to > (totals[ring]?.total ?? 0)) rmSync(path);
}

/** The state with its rings, out of their shards. */
export function withRings(run: RunFolder, state: TrainState): TrainState {
  const { tensors, rings = {} } = state;
  const known = files(run);
  const read = Object.entries(rings).map(([ring, capacity]): State => {
    const total = written(tensors, ring);
    const needed = known.filter((it) => it.ring === ring && it.from < total && it.to > total - capacity);
    if (total === 0) return {};
    try {
      return ringOf(ring, capacity, total, needed.map(readShard));
    } catch (error) {
      throw error instanceof MissingEntry ? explained(run, state, error) : error;
    }
  });
  return { ...state, tensors: Object.assign({}, tensors, ...read) };
}

/** Where the file should lie that has the entry, and how to go on without it. */
function explained(run: RunFolder, { step }: TrainState, { ring, entry }: MissingEntry): UserError {
  const without = run.checkpoints().findLast((it) => it.step < step && totalAt(run, it, ring) <= entry);
  const cure = without === undefined
    ? "Restore it from a copy, or train a new run"
    : `Restore it from a copy, or go on from step ${without.step}: remove the newer folders in ` +
      join(run.path, "checkpoints");
  return new UserError(
    `${
      folderOf(run)
    } lacks the file ${ring}-FROM-TO.safetensors that holds entry ${entry} of the replay. ${cure}`,
  );
}

/** Entries that were written to the ring by a checkpoint. */
function totalAt(run: RunFolder, checkpoint: Checkpoint, ring: string): number {
  const totals: Totals = JSON.parse(new TextDecoder().decode(run.readCheckpoint(checkpoint, ringsFile)));
  return totals[ring]?.total ?? 0;
}

/** How much was ever written to each ring, to be kept beside a checkpoint. */
export function totalsOf({ tensors, rings = {} }: TrainState): Totals {
  return Object.fromEntries(
    Object.entries(rings).map(([ring, capacity]) => [ring, { capacity, total: written(tensors, ring) }]),
  );
}

function readShard({ from, to, path }: File): Shard {
  try {
    const { tensors: columns, metadata } = decode(readWhole(path));
    if (stateHash(columns) === metadata.hash) return { from, to, columns };
    throw new UserError("its hash is not that of its content");
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${path}: ${error.message}`);
    throw error;
  }
}

/** Remove the shards of entries that no ring holds any more in the oldest state that is kept. */
export function pruneRings(run: RunFolder, oldest: Totals): void {
  for (const { ring, to, path } of files(run)) {
    const it = oldest[ring];
    if (it && to <= it.total - it.capacity) rmSync(path);
  }
}
