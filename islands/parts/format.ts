/**
 * Numbers and times as people read them. English throughout, so that server and browser write the same.
 *
 * @module
 */
import type { LimitInfo } from "../protocol.ts";

/** Three significant digits; thousands as k, M. */
export function compact(x: number): string {
  const size = Math.abs(x);
  if (!Number.isFinite(x)) return "–";
  if (size >= 999_500) return trim((x / 1e6).toPrecision(3)) + "M";
  if (size >= 9_995) return trim((x / 1e3).toPrecision(3)) + "k";
  if (size >= 999.5) return minus(x.toFixed(0));
  if (size > 0 && size < 0.001) return minus(x.toExponential(1));
  return trim(x.toPrecision(3));
}

function trim(text: string): string {
  return minus(text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text);
}

/** A true minus sign: as wide as a plus, and never broken from its number. */
function minus(text: string): string {
  return text.replace(/^-/, "\u2212");
}

export function percent(share: number): string {
  if (share === 0) return "0 %";
  return share < 0.001
    ? "< 0.1 %"
    : `${trim((100 * share).toPrecision(share < 0.01 ? 1 : share < 0.995 ? 2 : 3))} %`;
}

export function range(
  [low, high]: readonly [number, number],
  format: (x: number) => string = compact,
): string {
  return `${format(low)} – ${format(high)}`;
}

/** A mean and its interval with as many decimals as the interval deserves: one to two digits of its width. */
export function estimate(mean: number, [low, high]: readonly [number, number]): { mean: string; ci: string } {
  const width = high - low;
  if (!(width > 0) || !Number.isFinite(width)) return { mean: compact(mean), ci: range([low, high]) };
  const decimals = Math.max(0, Math.min(6, Math.ceil(-Math.log10(width)) + 1));
  const fixed = (x: number) => minus(x.toFixed(decimals).replace(/^-(0\.?0*)$/, "$1"));
  return { mean: fixed(mean), ci: range([low, high], fixed) };
}

export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  return count < 1e6
    ? `${trim((count / 1e3).toPrecision(3))} kB`
    : `${trim((count / 1e6).toPrecision(3))} MB`;
}

export function plural(count: number, one: string, many = one + "s"): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

/** "3 min ago". `now` and the time in ms. */
export function ago(time: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(time)) / 1000);
  if (!(seconds >= 5)) return "just now";
  const units: [number, string][] = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const [size, name] = units.find(([unit]) => seconds >= unit) ?? [1, "s"];
  return `${Math.floor(seconds / size)} ${name} ago`;
}

/** "2 h 5 min", "40 s". */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
}

const UNITS: Readonly<Record<LimitInfo["kind"], string>> = {
  episode: "per episode",
  discounted: "discounted",
  rate: "per step",
  step: "at every step",
  chance: "chance of breaking",
  cvar: "tail mean",
};

const SCOPES: Readonly<Record<LimitInfo["scope"], string>> = {
  agent: "worst agent",
  pair: "all pairs",
  group: "all groups",
  team: "whole team",
};

/** "≤ 2 per episode, worst agent" */
export function limitText({ kind, scope, limit, epsilon = 0.05 }: LimitInfo): string {
  const judged = SCOPES[scope];
  if (kind === "chance") return `P(cost > ${compact(limit)}) ≤ ${percent(epsilon)}, ${judged}`;
  if (kind === "cvar") return `worst ${percent(epsilon)} average ≤ ${compact(limit)}, ${judged}`;
  return `≤ ${compact(limit)} ${UNITS[kind]}, ${judged}`;
}
