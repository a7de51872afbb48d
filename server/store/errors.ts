/**
 * What SQLite's errors mean to a person, and what to do about each.
 *
 * @module
 */
import { dirname } from "node:path";
import { UserError } from "../../core/mod.ts";

/** SQLite's primary result codes, and the texts it uses where node:sqlite leaves the code out. */
const CAUSES: readonly { code: number; text: RegExp; cure: (path: string) => string }[] = [
  {
    code: 26,
    text: /not a database/,
    cure: (path) => `${path} is not a database. Move it away and start again: Paddock writes a new one`,
  },
  {
    code: 11,
    text: /malformed/,
    cure: (path) => `${path} is damaged. Move it away, or try: sqlite3 ${path} .recover`,
  },
  {
    code: 13,
    text: /disk is full/,
    cure: (path) => `the disk that holds ${path} is full. Free some space; what was committed before is safe`,
  },
  {
    code: 5,
    text: /is locked/,
    cure: (path) => `${path} stayed locked by another process. Stop the program that holds it and try again`,
  },
  { code: 8, text: /readonly/, cure: unwritable },
  { code: 14, text: /unable to open/, cure: unwritable },
  {
    code: 10,
    text: /disk I\/O error/,
    cure: (path) =>
      `reading or writing ${path} failed. Is the disk full, or ${dirname(path)} not yours to write?`,
  },
];

function unwritable(path: string): string {
  return `cannot write ${path}. Make ${
    dirname(path)
  } a folder you may write to, or choose another runs folder`;
}

/** The UserError that an error of node:sqlite or of the file system at `path` stands for, or the error itself. */
export function explain(error: unknown, path: string): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error;
  const { code, errcode } = error as Error & { code?: string; errcode?: number };
  if (code !== "ERR_SQLITE_ERROR") return error;
  const primary = errcode === undefined ? undefined : errcode & 0xff;
  const cause = CAUSES.find((c) => c.code === primary) ?? CAUSES.find((c) => c.text.test(error.message));
  return cause ? new UserError(cause.cure(path)) : error;
}

/** Runs `work`; what it throws is explained. */
export function explained<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explain(error, path);
  }
}
