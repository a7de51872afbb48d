/**
 * Which charts a run has, from the tags it wrote.
 *
 * @module
 */
import type { LimitInfo } from "../protocol.ts";
import type { History } from "./history.ts";

/** Colour by meaning; the names are those of the stylesheet. */
export type Hue = "accent" | "cost" | "price" | "bad" | "ink-2";

export interface ChartSpec {
  readonly title: string;
  /** What one unit is, or what the reader should look for. */
  readonly note: string;
  readonly lines: readonly { readonly tag: string; readonly name: string; readonly hue: Hue }[];
  /** A constant to hold the curve against. */
  readonly limit?: number;
  /** A curve to hold it against, where the limit moves. */
  readonly limitTag?: string;
  readonly share?: boolean;
}

export interface ChartGroups {
  /** What the run is about. */
  readonly main: readonly ChartSpec[];
  /** How the learner fares. */
  readonly diagnostics: readonly ChartSpec[];
}

export function chartsOf(history: History, limits: readonly LimitInfo[]): ChartGroups {
  const tags = [...history.keys()].sort();
  const limited = limits.map(({ channel }) => channel);
  const place = (name: string) => limited.includes(name) ? limited.indexOf(name) : limited.length;
  /** Tags by channel, in the order of the limits. */
  const under = (prefix: string) =>
    tags.filter((tag) => tag.startsWith(prefix))
      .map((tag) => ({ tag, name: tag.slice(prefix.length) }))
      .sort((a, b) => place(a.name) - place(b.name));
  const main: ChartSpec[] = [];
  const groups = groupsOf(tags);
  if (history.has(RETURN)) {
    const apart = groups.map((name) => ({ tag: `${name}/${RETURN}`, name, hue: "accent" as const }));
    main.push({
      title: "Return",
      note: "per episode, mean over agents",
      lines: [{ tag: RETURN, name: groups.length === 0 ? "return" : "all", hue: "accent" }, ...apart],
    });
  }
  for (const { tag, name } of under("cost/")) {
    const limit = limits.find(({ channel }) => channel === name);
    main.push({
      title: `Cost: ${name}`,
      note: limit === undefined ? "per episode" : `limit ${limit.limit}`,
      lines: [{ tag, name, hue: "cost" }],
      ...(limit === undefined || limit.kind === "chance" ? {} : { limit: limit.limit }),
      ...(history.has(`limit/${name}`) ? { limitTag: `limit/${name}` } : {}),
    });
  }
  const prices = under("constraint/lambda/");
  if (prices.length > 0) {
    main.push({
      title: prices.length === 1 ? "Multiplier" : "Multipliers",
      note: "λ, the price of cost",
      lines: prices.map(({ tag, name }) => ({ tag, name: `λ ${name}`, hue: "price" })),
    });
  }
  for (const { tag, name } of under("violations/")) {
    main.push({
      title: `Over the limit: ${name}`,
      note: "share of episodes",
      lines: [{ tag, name: "share", hue: "bad" }],
      share: true,
    });
  }
  const known = /^(limit\/|constraint\/lambda\/)/;
  const shown = new Set(main.flatMap(({ lines }) => lines.map(({ tag }) => tag)));
  return {
    main,
    diagnostics: diagnosticsOf(tags.filter((tag) => !shown.has(tag) && !known.test(tag)), groups),
  };
}

const RETURN = "episode/return";

/** Groups that learn apart, from the returns that each of them has. */
function groupsOf(tags: readonly string[]): string[] {
  return tags.filter((tag) => tag.endsWith(`/${RETURN}`)).map((tag) => tag.slice(0, -RETURN.length - 1));
}

/** A chart for each metric, with a line for each group that has it. */
function diagnosticsOf(tags: readonly string[], groups: readonly string[]): ChartSpec[] {
  const metrics = Map.groupBy(
    tags.map((tag) => {
      const group = groups.find((name) => tag.startsWith(`${name}/`));
      const metric = group === undefined ? tag : tag.slice(group.length + 1);
      return { tag, metric, name: group ?? metric.slice(metric.lastIndexOf("/") + 1), hue: "ink-2" as const };
    }),
    ({ metric }) => metric,
  );
  return [...metrics].map(([title, lines]) => ({
    title,
    note: "",
    lines: lines.map(({ tag, name, hue }) => ({ tag, name, hue })),
  }));
}
