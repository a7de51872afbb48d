/**
 * Files that are there whole or not at all, and names that stay inside their folder.
 *
 * @module
 */
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "../../core/mod.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** True for a name of one file or folder, with nothing in it that leaves the folder it stands in. */
export function isName(name: string): boolean {
  return NAME.test(name) && !name.includes("..");
}

/** `name`, or a UserError that calls it `what`. */
export function checkedName(name: string, what: string): string {
  if (isName(name)) return name;
  throw new UserError(
    `${what} ${
      JSON.stringify(name)
    }: expected 1 to 128 letters, digits, ".", "_" or "-", a letter or digit first`,
  );
}

/**
 * Writes a file so that a reader, or a power cut, finds the old bytes or the new ones, never a part: a temporary
 * file beside it, flushed to the disk, then renamed over it, then the rename flushed.
 */
export function writeWhole(path: string, content: Uint8Array | string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${crypto.randomUUID().slice(0, 8)}.tmp`);
  try {
    writeFlushed(temporary, content);
    renameSync(temporary, path);
    flushFolder(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw fileError(error, path, "write");
  }
}

/** Writes and flushes a new file. */
export function writeFlushed(path: string, content: Uint8Array | string): void {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const file = openSync(path, "wx");
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes renames in a folder durable. */
export function flushFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** The bytes of a file that a person named. Throws a UserError that says what hinders. */
export function readWhole(path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw fileError(error, path, "read");
  }
}

/** The bytes of a file in a folder, undefined where there is none. A link is not followed: it is no file. */
export function readInside(folder: string, name: string): Uint8Array<ArrayBuffer> | undefined {
  const path = join(folder, name);
  try {
    if (!isName(name) || !lstatSync(path).isFile()) return undefined;
    return readWhole(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError(error, path, "read");
  }
}

/** Names in a folder by kind, sorted; none where the folder is missing. Hidden and odd names are left out. */
export function namesIn(folder: string, kind: "file" | "folder"): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => isName(entry.name) && (kind === "file" ? entry.isFile() : entry.isDirectory()))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw fileError(error, folder, "read");
  }
}

export function isMissing(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === "ENOENT" || code === "ENOTDIR";
}

/** What the file system's refusal means; errors that are no such refusal stay as they are. */
export function fileError(error: unknown, path: string, verb: "read" | "write" | "make"): unknown {
  const { code } = error as { code?: string };
  if (error instanceof UserError || code === undefined) return error;
  if (verb === "read" && isMissing(error)) return new UserError(`there is no file ${path}`);
  if (code === "EISDIR") return new UserError(`cannot ${verb} ${path}: it is a folder. Name a file`);
  if (code === "ENOSPC") return new UserError(`cannot ${verb} ${path}: the disk is full. Free some space`);
  return new UserError(
    `cannot ${verb} ${path} (${code}). Check that the folder is there and that you may ${verb} in it`,
  );
}
