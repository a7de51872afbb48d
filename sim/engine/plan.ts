/**
 * From a scenario and its params to what a world needs to know: groups, agents, actions, channels, fields.
 *
 * @module
 */
import { settings, suggest, UserError } from "../../core/mod.ts";
import {
  type Cost,
  given,
  type Scenario,
  type Termination,
  type TracedScenario,
} from "../language/scenario.ts";
import type { Kernel } from "../language/kernel.ts";
import { column, type Fields, type GroupDeclaration, groupsOf, type Physics } from "../language/world.ts";
import { columnOf } from "../realism/columns.ts";
import { guarded, type Randomised, realismOf, type Sorted, sortParams } from "../realism/given.ts";
import type { Transform } from "../realism/transforms.ts";
import type { Budget, Channel, Space, WorldSpec } from "../types.ts";
import { type ActionKind, actionSpaces, offered, space } from "./spaces.ts";

/** Where resets take their random numbers from: the world's own streams, or numpy's generator, as PettingZoo does. */
export type ResetMode = "streams" | "numpy";

/** A group in its place. */
export interface PlannedGroup {
  /** Its place among the groups, agents first. */
  readonly number: number;
  /** The set of the world that it belongs to. */
  readonly set: string;
  readonly declaration: GroupDeclaration;
  /** Index of its first agent; undefined for things. */
  readonly firstAgent: number | undefined;
  readonly action: Space | undefined;
}

/** Everything fixed but what only a trace can tell (sizes of observations and state, the code hash). */
export interface Plan {
  readonly scenario: TracedScenario;
  /** Those that are drawn refuse to be read. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The same, with the number that stands for each drawn one. */
  readonly nominal: Readonly<Record<string, unknown>>;
  readonly randomised: Readonly<Record<string, Randomised>>;
  readonly transforms: readonly Transform[];
  readonly realism: WorldSpec["realism"];
  readonly actionKind: ActionKind;
  readonly maxCycles: number;
  readonly reset: ResetMode;
  readonly physics: Physics | undefined;
  readonly groups: readonly PlannedGroup[];
  /** Names of groups without members. */
  readonly absent: readonly string[];
  readonly agents: readonly string[];
  readonly costs: readonly (readonly [string, Cost<Kernel>])[];
  readonly channels: readonly Channel[];
  readonly budgets: readonly Budget[];
  readonly fields: Fields;
  readonly terminate: Termination<Kernel> | undefined;
  /** Whether the scenario forbids discrete actions at times. */
  readonly masked: boolean;
  /** Whether agents may stop acting before their episode ends. */
  readonly mortal: boolean;
  /** Set where a backend computes in floats: work whose result vanishes in them may be left out. */
  readonly floats?: boolean;
}

/** Who shares a policy: those of one role, or nobody. */
export type Grouping = "role" | "agent";

export interface PlanOptions {
  /** A number of the scenario may be a distribution: { mass: { uniform: [0.7, 1.3] } }. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** What stands between world and policies, in order; may stand among the params as well, under "realism". */
  readonly realism?: readonly Transform[];
  readonly actions?: ActionKind;
  readonly maxCycles?: number;
  /** `agent` puts every agent into a group of its own, under its own name. Default `role`: as the scenario says. */
  readonly groups?: Grouping;
  /**
   * `numpy` begins each episode as PettingZoo and MPE2 do from the same integer seed: environment i has seed + i, and
   * its later episodes go on with the same generator. Default `streams`.
   */
  readonly reset?: ResetMode;
}

/** @throws UserError naming the field that is wrong, and the nearest right one */
export function plan(scenario: TracedScenario, options: PlanOptions): Plan {
  const sorted = sortParams(scenario, options.params ?? {}, options.realism);
  const nominal = settings(scenario.params, sorted.params, scenario.id);
  const params = guarded(scenario, nominal, sorted);
  const world = scenario.world(params);
  const spaces = (group: GroupDeclaration) => actionSpaces(scenario, params, world.physics, group);
  const { agents, ...things } = world.sets;
  const acting = groupsOf(agents).filter(({ count }) => count > 0);
  const actionKind = options.actions ?? offered(scenario, acting.map(spaces));
  const groups: PlannedGroup[] = [];
  let firstAgent = 0;
  for (const declaration of acting) {
    const action = space(scenario, declaration.name, actionKind, spaces(declaration));
    groups.push({ number: groups.length, set: "agents", declaration, firstAgent, action });
    firstAgent += declaration.count;
  }
  for (const [set, members] of Object.entries(things)) {
    for (const declaration of groupsOf(members).filter(({ count }) => count > 0)) {
      groups.push({ number: groups.length, set, declaration, firstAgent: undefined, action: undefined });
    }
  }
  if (firstAgent === 0) {
    throw new UserError(`${scenario.id} has no agents: its world needs a group of at least 1`);
  }
  distinct(scenario, groups);
  const reset = options.reset ?? "streams";
  if (reset !== "streams" && reset !== "numpy") {
    throw new UserError(`${scenario.id}: expected reset to be "streams" or "numpy", found "${reset}"`);
  }
  const costs = Object.entries(given(scenario.costs ?? {}, params));
  const terminate = given(scenario.terminate, params);
  const channels = costs.map(([name, { scope, summary = name }]) => ({ name, scope, summary }));
  return {
    scenario,
    params,
    nominal,
    randomised: sorted.randomised,
    transforms: sorted.transforms,
    realism: realismOf(sorted),
    actionKind,
    maxCycles: cycles(scenario, options.maxCycles ?? given(scenario.maxCycles, params)),
    reset,
    physics: world.physics,
    groups,
    absent: Object.values(world.sets).flatMap(groupsOf).filter(({ count }) => count === 0).map(({ name }) =>
      name
    ),
    agents: acting.flatMap(({ name, count }) => Array.from({ length: count }, (_, i) => `${name}_${i}`)),
    costs,
    channels,
    budgets: budgets(scenario, params, channels),
    fields: { ...given(scenario.fields ?? {}, params), ...paramFields(sorted) },
    terminate,
    masked: scenario.mask !== undefined && actionKind === "discrete",
    mortal: terminate?.scope === "agent" || scenario.alive !== undefined,
  };
}

/** A column for each param that is drawn. */
function paramFields({ randomised }: Sorted): Fields {
  return Object.fromEntries(Object.keys(randomised).map((name) => [columnOf(name), column("world")]));
}

export function cycles(scenario: Scenario, maxCycles: number): number {
  if (Number.isSafeInteger(maxCycles) && maxCycles >= 1) return maxCycles;
  throw new UserError(
    `${scenario.id}: expected maxCycles to be a whole number of at least 1, found ${maxCycles}`,
  );
}

function distinct(scenario: Scenario, groups: readonly PlannedGroup[]): void {
  const names = groups.map(({ declaration }) => declaration.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new UserError(`${scenario.id}: two groups are named "${twice}": give each its own name`);
  }
}

export function budgets(
  scenario: Scenario,
  params: Readonly<Record<string, unknown>>,
  channels: readonly Channel[],
): Budget[] {
  const names = channels.map(({ name }) => name);
  return Object.entries(given(scenario.budgets ?? {}, params)).map(([channel, budget]) => {
    if (names.includes(channel)) return { channel, ...budget };
    const near = suggest(channel, names);
    const hint = near === undefined ? "" : `. Did you mean "${near}"?`;
    throw new UserError(`${scenario.id} has a budget for "${channel}", which is no cost of it${hint}`);
  });
}
