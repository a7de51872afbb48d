/**
 * An evaluation report as a person reads it.
 *
 * @module
 */
import type { Report } from "../../agents/mod.ts";
import { number, percent, table } from "./format.ts";

/** A line for the return, for that of each group where there are several, and for each cost. */
export function reportLines(report: Report): string[] {
  const interval = ([low, high]: readonly [number, number]) => `[${number(low)}, ${number(high)}]`;
  const groups = Object.entries(report.groups);
  const rows = [
    ["", "mean", "95 % interval", "limit", "P(C>d)", "CVaR 95", "worst"],
    ["return", number(report.return.mean), interval(report.return.ci), "", "", "", ""],
    ...groups.length > 1
      ? groups.map(([name, it]) => [`  of ${name}`, number(it.mean), interval(it.ci), "", "", "", ""])
      : [],
    ...Object.entries(report.costs).map(([channel, cost]) => [
      channel,
      number(cost.mean),
      interval(cost.ci),
      cost.limit === null ? "none" : `${number(cost.limit)} ${cost.kind}`,
      cost.limit === null ? "" : percent(cost.pViolation.p),
      number(cost.cvar95),
      number(cost.worst),
    ]),
  ];
  return table(rows);
}
