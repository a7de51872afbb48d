/**
 * What docs/scenarios.md says of one scenario.
 *
 * @module
 */
import type * as z from "zod";
import { number } from "../../server/cli/format.ts";
import { describe, type Scenario, type WorldSpec } from "../../sim/mod.ts";
import { type Estimate, type PolicyReturns, referenceReturns } from "../../sim/returns/mod.ts";
import { spaceText } from "../../server/commands/list/scenarios.ts";
import { kindsOf, rangeOf, settingsOf } from "../../server/catalogue.ts";
import { plain, toMarkdown } from "./docstring.ts";
import type { Scene } from "./scene.ts";

export interface Sheet {
  readonly scenario: Scenario;
  readonly scene: Scene;
  /** Where its code is, from the root. */
  readonly file: string;
  readonly docstring: string;
}

/** Its row in the list of all. */
export function row({ scenario }: Sheet): string[] {
  const { N, maxCycles, budgets } = describe(scenario);
  const kinds = kindsOf(scenario);
  const limits = budgets.map(({ channel, kind, limit }) => `${channel} ${number(limit)} ${kind}`);
  const policies = referenceReturns[scenario.id]?.[kinds[0]!.actions]?.policies ?? {};
  const returned = (name: string) => policies[name] ? number(policies[name].return.mean) : "";
  return [
    `[${scenario.id}](#${anchor(scenario.id)})`,
    plain(scenario.summary ?? ""),
    `${N}`,
    `${maxCycles}`,
    kinds.map(({ actions }) => actions).join(", "),
    limits.join(", "),
    returned("random"),
    returned("scripted"),
  ];
}

/** As GitHub makes it of a heading. */
export function anchor(heading: string): string {
  return heading.toLowerCase().replace(/[^\w -]/g, "").replaceAll(" ", "-");
}

export function section({ scenario, scene, file, docstring }: Sheet): string {
  const kinds = kindsOf(scenario);
  const { channels, budgets, maxCycles, S, codeHash } = kinds[0]!.spec;
  const { svg: _, policy, step } = scene;
  const parts = [
    `### ${scenario.id}`,
    `![${scenario.id}](pictures/${scenario.id}.svg)`,
    `_${policy} play at step ${step}._ [${file}](../${file})`,
    toMarkdown(docstring),
    mdTable(
      ["group", "agents", "observation", ...kinds.map(({ actions }) => `${actions} action`)],
      groups(kinds),
    ),
    `At most ${maxCycles} step${
      maxCycles === 1 ? "" : "s"
    }; a state of ${S} numbers; discount ${scenario.discount}; ${
      scenario.tables ? "tables for exact optima; " : ""
    }code \`${codeHash}\`.`,
    channels.length === 0 ? "" : mdTable(
      ["cost", "scope", "one unit is", "limit"],
      channels.map(({ name, scope, summary }) => [
        `\`${name}\``,
        scope,
        plain(summary),
        budgets.filter(({ channel }) => channel === name).map(({ kind, limit, epsilon }) =>
          `${number(limit)} ${kind}${epsilon === undefined ? "" : `, ε ${number(epsilon)}`}`
        ).join("; "),
      ]),
    ),
    params(scenario.params),
    ...kinds.map(({ actions, spec }) => returns(scenario.id, actions, spec)),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function groups(kinds: readonly { readonly spec: WorldSpec }[]): string[][] {
  const { agents, groups } = kinds[0]!.spec;
  return groups.map(({ name, members, observation }, g) => {
    const names = members.map((member) => agents[member]!);
    return [
      name,
      names.length > 3 ? `${names[0]} … ${names.at(-1)}` : names.join(", "),
      spaceText(observation),
      ...kinds.map(({ spec }) => spaceText(spec.groups[g]!.action)),
    ];
  });
}

function params(schema: z.ZodObject): string {
  const rows = Object.entries(settingsOf(schema)).map(([name, it]) => [
    `\`${name}\``,
    it.default === undefined ? "" : `\`${JSON.stringify(it.default)}\``,
    plain(rangeOf(it)),
    plain(it.description ?? ""),
  ]);
  return rows.length === 0 ? "No params." : mdTable(["param", "default", "values", "meaning"], rows);
}

function returns(id: string, actions: "discrete" | "continuous", spec: WorldSpec): string {
  const measured = referenceReturns[id]?.[actions];
  if (measured === undefined) return "";
  const apart = spec.groups.length > 1 ? spec.groups.map(({ name }) => name) : [];
  const cells = ([name, it]: [string, PolicyReturns]) => [
    name,
    estimate(it.return),
    ...apart.map((group) => estimate(it.groups[group]!)),
    number(it.length.mean),
    ...spec.channels.map((channel) => estimate(it.costs[channel.name]!)),
    `${it.episodes}`,
  ];
  return mdTable(
    [
      `${actions} play`,
      "return",
      ...apart.map((group) => `of ${group}`),
      "steps",
      ...spec.channels.map(({ name }) => name),
      "episodes",
    ],
    Object.entries(measured.policies).map(cells),
  );
}

/** `-3.235 ± 0.219` */
export function estimate({ mean, ci: [low, high] }: Estimate): string {
  const half = (high - low) / 2;
  return half === 0 ? number(mean) : `${number(mean)} ± ${Number(half.toPrecision(2))}`;
}

export function mdTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
