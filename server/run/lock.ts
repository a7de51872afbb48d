/**
 * One process at a time trains a run. The lock is the operating system's, so a killed process leaves none behind.
 *
 * @module
 */
import { join } from "node:path";
import { UserError } from "../../core/mod.ts";
import type { RunFolder } from "../workspace.ts";
import { fileError } from "../workspace/files.ts";

/** Take the run until `release` is called or the process ends. Throws a UserError where another process has it. */
export function lockRun(run: RunFolder): { release(): void } {
  const path = join(run.path, ".lock");
  const file = open(path);
  if (!file.tryLockSync(true)) {
    file.close();
    throw new UserError(
      `${run.path} is being trained by another process. Stop that one first, or wait for it`,
    );
  }
  return { release: () => file.close() };
}

function open(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { create: true, write: true });
  } catch (error) {
    throw fileError(error, path, "write");
  }
}
