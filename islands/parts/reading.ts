/**
 * How a run stands against one of its limits.
 *
 * @module
 */
import type { EvaluationReport, LimitInfo } from "../protocol.ts";

/** `over` when the value exceeds the bound; `close` when it does not but its interval does. */
export type Standing = "within" | "close" | "over" | "unknown";

export interface Reading {
  /** What is judged, in the unit of `bound`. */
  readonly value: number;
  /** 95 % interval, where one is known. */
  readonly ci?: readonly [number, number];
  readonly bound: number;
  readonly standing: Standing;
  /** True where value and bound are shares. */
  readonly share: boolean;
}

/** From an evaluation: the number that the limit's kind judges, with its interval. */
export function evaluated(limit: LimitInfo, report: EvaluationReport | undefined): Reading | undefined {
  const cost = report?.costs[limit.channel];
  if (cost === undefined) return undefined;
  const { kind, epsilon = 0.05 } = limit;
  if (kind === "chance") return reading(cost.pViolation.p, epsilon, cost.pViolation.ci, true);
  if (kind === "cvar") return reading(cost.cvar95, limit.limit);
  if (kind === "step") return reading(cost.worst, limit.limit);
  return reading(cost.mean, limit.limit, cost.ci);
}

/** From the newest update of the training: a mean without an interval. */
export function trained(limit: LimitInfo, latest: Readonly<Record<string, number>>): Reading | undefined {
  const { channel, kind, epsilon = 0.05 } = limit;
  const value = latest[kind === "chance" ? `violations/${channel}` : `cost/${channel}`];
  if (value === undefined) return undefined;
  return kind === "chance" ? reading(value, epsilon, undefined, true) : reading(value, limit.limit);
}

export function reading(
  value: number,
  bound: number,
  ci?: readonly [number, number],
  share = false,
): Reading {
  const standing = value > bound ? "over" : ci !== undefined && ci[1] > bound ? "close" : "within";
  return { value, bound, standing, share, ...(ci === undefined ? {} : { ci }) };
}

export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  within: "within limit",
  close: "within, not certain",
  over: "over limit",
  unknown: "not measured",
};
