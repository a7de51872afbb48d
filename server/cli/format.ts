/**
 * Numbers and paths as people read them.
 *
 * @module
 */
import { relative } from "node:path";

export { bytes } from "../../islands/parts/format.ts";

/** Four significant digits: 12.34, 0.001234, 123,457. */
export function number(x: number): string {
  if (!Number.isFinite(x)) return "–";
  if (Math.abs(x) >= 1000) return Math.round(x).toLocaleString("en-US");
  return Number(x.toPrecision(4)).toString();
}

/** A whole number with its thousands apart. */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** `12.5 %` of a share 0 … 1. */
export function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}

/** `8 s`, `1:05`, `2:03:00`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}:${two(whole % 60)}`;
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** A path as it is shortest to type from here. */
export function shortPath(path: string): string {
  const near = relative(Deno.cwd(), path);
  return near.startsWith("..") || near === "" ? path : near;
}

/** A command line of ours as it is typed in this folder. */
export function typed(line: string): string {
  return `deno task paddock ${line}`;
}

/** The command that goes on with the run or the seeds at `path`. */
export function resumeLine(path: string): string {
  return typed(`train --resume ${shortPath(path)}`);
}

/** `a, b, c`; of more than `most` names the first and how many are left: `a, b and 3 more`. */
export function listed(names: readonly string[], most = 10): string {
  const rest = names.length - most;
  return names.slice(0, most).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

/** `mappo`, or with its constraint `mappo + lagrangian`. */
export function methodOf(run: { readonly algorithm: string; readonly constraint: string | null }): string {
  return run.constraint === null ? run.algorithm : `${run.algorithm} + ${run.constraint}`;
}

/** Rows of cells as lines, columns apart by two spaces; columns named in `right` are right-aligned. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, c) => right.includes(c) ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!)).join("  ")
      .trimEnd()
  );
}
