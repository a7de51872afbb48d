/**
 * Scenarios as rows of a table: all of them, or everything about one.
 *
 * @module
 */
import type { Space } from "../../../sim/mod.ts";
import { type ActionKind, type CatalogueEntry, rangeOf, type Setting } from "../../catalogue.ts";
import { number } from "../../cli/format.ts";

/** One line for each. Returns are of the default kind of action. */
export function scenarioRows(entries: readonly CatalogueEntry[]): string[][] {
  return [
    ["id", "agents", "steps", "random", "scripted", "", "limits"],
    ...entries.map((entry) => [
      entry.id,
      `${entry.agents.length}`,
      `${entry.maxCycles}`,
      meanReturn(entry, "random"),
      meanReturn(entry, "scripted"),
      entry.summary,
      entry.budgets.map(({ channel, limit, kind }) => `${channel} ≤ ${number(limit)} ${kind}`).join(", "),
    ]),
  ];
}

function meanReturn({ actions, returns }: CatalogueEntry, policy: string): string {
  const measured = returns[actions[0]!]?.[policy];
  return measured === undefined ? "" : number(measured.return.mean);
}

/** Everything about one, a fact a line. */
export function scenarioSheet(entry: CatalogueEntry): string[][] {
  return [
    [entry.id, entry.summary],
    ["steps", `at most ${entry.maxCycles}; discount ${entry.discount}`],
    ...entry.groups.map(({ name, agents, spaces }) => [
      `group ${name}`,
      `${agents.length > 4 ? `${agents[0]} … ${agents.at(-1)}` : agents.join(", ")}; ${spacesText(spaces)}`,
    ]),
    ["state", `${entry.stateSize} numbers${entry.tables ? "; tables for exact optima" : ""}`],
    ...entry.channels.map(({ name, scope, summary }) => [`cost ${name}`, `${scope}: ${summary}`]),
    ...entry.budgets.map(({ channel, kind, limit, epsilon }) => [
      `limit ${channel}`,
      `${number(limit)} ${kind}${epsilon === undefined ? "" : `, epsilon ${number(epsilon)}`}`,
    ]),
    ...Object.entries((entry.params as { properties?: Record<string, Setting> }).properties ?? {}).map(
      ([name, setting]) => [
        `param ${name}`,
        `${setting.description ?? ""} (${JSON.stringify(setting.default)}); ${rangeOf(setting)}`.trim(),
      ],
    ),
    ...entry.actions.flatMap((kind) => returnLines(entry, kind)),
  ];
}

function spacesText(spaces: CatalogueEntry["groups"][number]["spaces"]): string {
  const actions = Object.entries(spaces).map(([kind, { action }]) => `${kind} actions ${spaceText(action)}`);
  const [first] = Object.values(spaces);
  return [`observation ${spaceText(first!.observation)}`, ...actions].join("; ");
}

/** `Discrete(5)`, or `Box(-1, 1; 2)`: two numbers from −1 to 1. */
export function spaceText(space: Space): string {
  if (space.kind === "discrete") return `Discrete(${space.n})`;
  const bounds = [space.low, space.high].map((x) => Number.isFinite(x) ? number(x) : x < 0 ? "−∞" : "∞");
  return `Box(${bounds.join(", ")}; ${space.shape[0]})`;
}

function returnLines({ returns, groups }: CatalogueEntry, kind: ActionKind): string[][] {
  return Object.entries(returns[kind] ?? {}).map(([policy, measured]) => {
    const apart = groups.length > 1
      ? groups.map(({ name }) => `, ${name} ${number(measured.groups[name]!.mean)}`).join("")
      : "";
    const [low, high] = measured.return.ci;
    return [
      `${policy} play`,
      `${kind}: return ${number(measured.return.mean)} (${number(low)} … ${number(high)})${apart}; ${
        number(measured.length.mean)
      } steps; ${measured.episodes} episodes`,
    ];
  });
}
