/**
 * One process at a time trains a run. The lock is the operating system's, so a killed process leaves none behind.
 *
 * @module
 */
import { join } from "node:path";
import { UserError } from "../../core/mod.ts";
import type { Store } from "../store.ts";
import type { RunFolder, Workspace } from "../workspace.ts";
import { fileError } from "../workspace/files.ts";

const lockFile = ".lock";

/** Take the run until `release` is called or the process ends. Throws a UserError where another process has it. */
export function lockRun(run: RunFolder): { release(): void } {
  const file = open(join(run.path, lockFile));
  if (!file.tryLockSync(true)) {
    file.close();
    throw new UserError(
      `${run.path} is being trained by another process. Stop that one first, or wait for it`,
    );
  }
  return { release: () => file.close() };
}

/**
 * Runs that the store takes for running though no process trains them, after a kill -9 or a power cut, are marked as
 * stopped.
 */
export function markAbandoned(workspace: Workspace, store: Store): void {
  for (const { name, status, step } of store.runs()) {
    if (status !== "running" || !workspace.has(name) || isTrained(workspace.open(name))) continue;
    store.setStatus(name, "stopped", step);
  }
}

function isTrained(run: RunFolder): boolean {
  const file = open(join(run.path, lockFile));
  const free = file.tryLockSync(true);
  file.close();
  return !free;
}

function open(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { create: true, write: true });
  } catch (error) {
    throw fileError(error, path, "write");
  }
}
