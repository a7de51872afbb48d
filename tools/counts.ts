/**
 * How many tests passed: read from what `deno test` says last, added up, and written as the one closing line.
 *
 * @module
 */
import type { Ran } from "./run.ts";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const none: Counts = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** `12 passed, 0 failed`, and `, 1 skipped` where there is one. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/**
 * Counts of one `deno test`, from its last summary: `ok | 4 passed (3 steps) | 0 failed | 1 ignored (177ms)`.
 * A run that failed without counting a failure (it did not compile, it crashed, it hung) counts as one failed.
 */
export function countsOf({ code, output }: Ran): Counts {
  const lines = output.match(/^(ok|FAILED) \| .*$/gm) ?? [];
  const summary = lines.at(-1) ?? "";
  const number = (word: string) => Number(new RegExp(`(\\d+) ${word}\\b`).exec(summary)?.[1] ?? 0);
  const counts = { passed: number("passed"), failed: number("failed"), skipped: number("ignored") };
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** A check counts as one test. */
export function countOfCheck({ code }: Ran): Counts {
  return code === 0 ? { ...none, passed: 1 } : { ...none, failed: 1 };
}
