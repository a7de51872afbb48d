/**
 * What there is to say of a scenario before anything runs: sizes, spaces, params, costs, policies and what they return.
 *
 * @module
 */
import * as z from "zod";
import {
  type Budget,
  type Channel,
  describe,
  makeWorld,
  type Scenario,
  type Space,
  type WorldSpec,
} from "../sim/mod.ts";
import { type PolicyReturns, referenceReturns } from "../sim/returns/mod.ts";

export type ActionKind = "discrete" | "continuous";

/** A scenario for a machine. Bounds of a space without end are null in JSON. */
export interface CatalogueEntry {
  readonly id: string;
  readonly summary: string;
  /** JSON schema of the params, each with its default. */
  readonly params: unknown;
  readonly agents: readonly string[];
  readonly groups: readonly {
    readonly name: string;
    readonly agents: readonly string[];
    readonly spaces: Readonly<Partial<Record<ActionKind, { observation: Space; action: Space }>>>;
  }[];
  /** Kinds of action it can be played with, the default one first. */
  readonly actions: readonly ActionKind[];
  readonly stateSize: number;
  readonly sharedReward: boolean;
  readonly maxCycles: number;
  readonly discount: number;
  /** Each with its scope, and in `summary` what one unit of it is. */
  readonly channels: readonly Channel[];
  readonly budgets: readonly Budget[];
  /** Whether it is finite and small enough to be solved exactly. */
  readonly tables: boolean;
  readonly policies: readonly string[];
  readonly codeHash: Readonly<Partial<Record<ActionKind, string>>>;
  /** By kind of action and policy; without scenarios that were not measured as they are now. */
  readonly returns: Readonly<Partial<Record<ActionKind, Readonly<Record<string, Measured>>>>>;
}

type Measured = Omit<PolicyReturns, "first"> & { readonly seed: number };

/** The entry of a scenario with its default params. */
export function catalogueEntry(scenario: Scenario): CatalogueEntry {
  const kinds = kindsOf(scenario);
  const { agents, groups, S, sharedReward, maxCycles, channels, budgets } = kinds[0]!.spec;
  const by = <T>(value: (spec: WorldSpec, actions: ActionKind) => T) =>
    Object.fromEntries(kinds.map(({ actions, spec }) => [actions, value(spec, actions)]));
  const spaces = (spec: WorldSpec, g: number) => {
    const { observation, action } = spec.groups[g]!;
    return { observation, action };
  };
  return {
    id: scenario.id,
    summary: scenario.summary ?? "",
    params: z.toJSONSchema(scenario.params, { io: "input" }),
    agents,
    groups: groups.map(({ name, members }, g) => ({
      name,
      agents: members.map((member) => agents[member]!),
      spaces: by((spec) => spaces(spec, g)),
    })),
    actions: kinds.map(({ actions }) => actions),
    stateSize: S,
    sharedReward,
    maxCycles,
    discount: scenario.discount,
    channels,
    budgets,
    tables: scenario.tables !== undefined,
    policies: policyNames(scenario),
    codeHash: by((spec) => spec.codeHash),
    returns: by((spec, actions) => measuredOf(scenario.id, actions, spec.codeHash)),
  };
}

/** `random`, then the scenario's own. */
export function policyNames(scenario: Scenario): string[] {
  return ["random", ...Object.keys(scenario.policies)];
}

/** The kinds of action that a scenario offers, each with the spec of its world; the default one first. */
export function kindsOf(scenario: Scenario): { actions: ActionKind; spec: WorldSpec }[] {
  const kinds = (["discrete", "continuous"] as const).flatMap((actions) => {
    try {
      return [{ actions, spec: makeWorld(scenario, { actions, backend: "eval" }).spec }];
    } catch (error) {
      if (String(error).includes(`no ${actions} actions`)) return [];
      throw error;
    }
  });
  const { actionKind } = describe(scenario);
  return kinds.sort((a, b) => Number(b.actions === actionKind) - Number(a.actions === actionKind));
}

function measuredOf(id: string, actions: ActionKind, codeHash: string): Record<string, Measured> {
  const found = referenceReturns[id]?.[actions];
  if (found?.codeHash !== codeHash) return {};
  return Object.fromEntries(
    Object.entries(found.policies).map((
      [name, { first: _, ...rest }],
    ) => [name, { seed: found.seed, ...rest }]),
  );
}

/** A setting as JSON schema tells it. */
export interface Setting {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly anyOf?: readonly Setting[];
}

/** The settings of a schema by name, in their order. */
export function settingsOf(schema: z.ZodObject): Record<string, Setting> {
  return (z.toJSONSchema(schema, { io: "input" }).properties ?? {}) as Record<string, Setting>;
}

/** Which values a setting may have: `integer 1 … 8`, `number > 0`, `leave, stay`. */
export function rangeOf(it: Setting): string {
  if (it.anyOf) return it.anyOf.map(rangeOf).join(" or ");
  if (it.enum) return it.enum.map((value) => `${value}`).join(", ");
  const { type = "", minimum, maximum, exclusiveMinimum, exclusiveMaximum } = it;
  if (real(minimum) && real(maximum)) return `${type} ${minimum} … ${maximum}`;
  const bounds = [
    real(exclusiveMinimum) ? `> ${exclusiveMinimum}` : real(minimum) ? `≥ ${minimum}` : "",
    real(exclusiveMaximum) ? `< ${exclusiveMaximum}` : real(maximum) ? `≤ ${maximum}` : "",
  ];
  return [type, ...bounds].filter((part) => part !== "").join(" ");
}

/** Whole numbers of zod end where JavaScript's do, which says nothing. */
function real(bound: number | undefined): bound is number {
  return bound !== undefined && Math.abs(bound) !== Number.MAX_SAFE_INTEGER;
}
