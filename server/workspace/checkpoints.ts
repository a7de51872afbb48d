/**
 * Checkpoints: `checkpoints/000000102400/` holds the files of one moment and a `manifest.json` with their sizes and
 * hashes. The folder appears by one rename, so it is there whole or not at all.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { UserError } from "../../core/mod.ts";
import { checkedName, fileError, flushFolder, namesIn, writeFlushed } from "./files.ts";

const manifest = z.strictObject({
  step: z.int().min(0),
  files: z.record(z.string(), z.strictObject({ bytes: z.int().min(0), sha256: z.string().length(64) })),
});

export interface Checkpoint {
  readonly step: number;
  readonly path: string;
  /** Names of its files, sorted. */
  readonly files: readonly string[];
}

/** Digits of a step in a folder's name: names then sort as numbers do, up to 1e12 steps. */
const DIGITS = 12;

/** Writes one checkpoint, in place of an older one of the same step. */
export function writeCheckpoint(
  folder: string,
  step: number,
  files: Readonly<Record<string, Uint8Array | string>>,
): Checkpoint {
  const name = String(step).padStart(DIGITS, "0");
  const path = join(folder, name);
  const temporary = join(folder, `.${name}.${crypto.randomUUID().slice(0, 8)}.tmp`);
  const old = join(folder, `.${name}.${crypto.randomUUID().slice(0, 8)}.old.tmp`);
  const sums: z.output<typeof manifest>["files"] = {};
  try {
    mkdirSync(temporary, { recursive: true });
    for (const [file, content] of Object.entries(files)) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      writeFlushed(join(temporary, checkedName(file, "checkpoint file")), bytes);
      sums[file] = { bytes: bytes.length, sha256: sha256(bytes) };
    }
    writeFlushed(join(temporary, "manifest.json"), JSON.stringify({ step, files: sums }, null, 2) + "\n");
    flushFolder(temporary);
    if (existsSync(path)) renameSync(path, old);
    renameSync(temporary, path);
    flushFolder(folder);
    rmSync(old, { recursive: true, force: true });
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw fileError(error, path, "write");
  }
  return { step, path, files: Object.keys(sums).sort() };
}

/** The checkpoints whose files are all there in full size, oldest first. */
export function listCheckpoints(folder: string): Checkpoint[] {
  const found = namesIn(folder, "folder").map((name) => checkpointAt(join(folder, name)));
  return found.filter((checkpoint) => checkpoint !== undefined).sort((a, b) => a.step - b.step);
}

/** The bytes of a checkpoint's file, checked against its manifest. */
export function readCheckpoint(checkpoint: Checkpoint, file: string): Uint8Array<ArrayBuffer> {
  const path = join(checkpoint.path, file);
  const sum = readManifest(checkpoint.path)?.files[file];
  if (!sum) {
    throw new UserError(`${checkpoint.path} has no ${file}. It has: ${checkpoint.files.join(", ")}`);
  }
  const bytes = new Uint8Array(readFileSync(path));
  if (sha256(bytes) === sum.sha256) return bytes;
  throw new UserError(
    `${path} is damaged: its hash is not the one in manifest.json. Remove ${checkpoint.path}`,
  );
}

/** Removes all but the newest `keep` checkpoints, and what a killed writer left. Call from the writer. */
export function pruneCheckpoints(folder: string, keep: number): void {
  for (const name of readdirSync(folder)) {
    if (/^\..*\.tmp$/.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
  const old = listCheckpoints(folder).slice(0, -keep);
  for (const checkpoint of old) rmSync(checkpoint.path, { recursive: true, force: true });
}

function checkpointAt(path: string): Checkpoint | undefined {
  const found = readManifest(path);
  if (!found) return undefined;
  const files = Object.keys(found.files).sort();
  const whole = files.every((file) =>
    statSync(join(path, file), { throwIfNoEntry: false })?.size === found.files[file]!.bytes
  );
  return whole ? { step: found.step, path, files } : undefined;
}

function readManifest(path: string): z.output<typeof manifest> | undefined {
  try {
    return manifest.parse(JSON.parse(readFileSync(join(path, "manifest.json"), "utf8")));
  } catch {
    return undefined;
  }
}

function sha256(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
