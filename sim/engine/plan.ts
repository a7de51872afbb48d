/**
 * From a scenario and its params to what a world needs to know: groups, agents, spaces, channels, columns.
 *
 * @module
 */
import { settings, suggest, UserError } from "../../core/mod.ts";
import {
  type ActionSpaces,
  type Cost,
  given,
  type Scenario,
  type Termination,
  type TracedScenario,
} from "../language/scenario.ts";
import type { Kernel } from "../language/kernel.ts";
import { column, type Fields, type GroupDeclaration, groupsOf, type Physics } from "../language/world.ts";
import { GENERATOR_SIZE } from "../numpy/generators.ts";
import { columnOf, interfaceColumns } from "../realism/columns.ts";
import { guarded, type Randomised, realismOf, type Sorted, sortParams } from "../realism/given.ts";
import type { Transform } from "../realism/transforms.ts";
import type { Budget, Channel, Space, WorldSpec } from "../types.ts";
import type { Column, Format, Role } from "./layout.ts";

export type ActionKind = "discrete" | "continuous";

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

/**
 * MPE's spaces. Who moves has five moves: stay, left, right, down, up; as numbers, the strength of each. Who speaks has
 * its symbols. Who does both has every pair, 5 · symbol + move; as numbers, the moves and then the symbols.
 */
function particleActions({ fixed, speaks }: GroupDeclaration): ActionSpaces {
  const moves = fixed ? 0 : 5;
  return {
    discrete: Math.max(moves, 1) * Math.max(speaks, 1),
    continuous: { dims: moves + speaks, low: 0, high: 1 },
  };
}

function actionSpaces(
  scenario: TracedScenario,
  params: Readonly<Record<string, unknown>>,
  physics: Physics | undefined,
  group: GroupDeclaration,
): ActionSpaces {
  const { actions } = scenario;
  if (typeof actions === "function") return actions(params, group.name);
  if (actions !== undefined) return actions;
  if (physics !== undefined) return particleActions(group);
  throw new UserError(`${scenario.id}: say what agents can do, as in actions: { discrete: 2 }`);
}

export function offered(scenario: Scenario, all: readonly ActionSpaces[]): ActionKind {
  if (all.every(({ discrete }) => discrete !== undefined)) return "discrete";
  if (all.every(({ continuous }) => continuous !== undefined)) return "continuous";
  throw new UserError(`${scenario.id}: all groups need actions of one kind, discrete or continuous`);
}

export function space(scenario: Scenario, group: string, kind: ActionKind, spaces: ActionSpaces): Space {
  if (kind === "discrete" && spaces.discrete !== undefined) return { kind: "discrete", n: spaces.discrete };
  if (kind === "continuous" && spaces.continuous !== undefined) {
    const { dims, ...box } = spaces.continuous;
    return { kind: "box", ...box, shape: [dims] };
  }
  const other = kind === "discrete" ? "continuous" : "discrete";
  throw new UserError(`${scenario.id} has no ${kind} actions for group ${group}: use actions: "${other}"`);
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

/** Sizes that only a trace can tell. */
export interface Sizes {
  readonly N: number;
  readonly O: number;
  readonly A: number;
  readonly C: number;
  readonly S: number;
  /** The observation size of each group, by its number; things have none. */
  readonly observation: readonly number[];
  /** Whether the state is the observations themselves, as they lie in memory. */
  readonly stateIsObs: boolean;
}

/** How many numbers an action of this space has, or how many actions there are. */
export function actionSize(space: Space): number {
  return space.kind === "discrete" ? space.n : space.shape[0];
}

/** All columns of a world, engine's first; the scenario's own are the state columns. */
export function columnsOf(plan: Plan, sizes: Sizes): Column[] {
  return columnsAround(stateColumns(plan), plan, sizes, plan.groups.map(({ firstAgent }) => firstAgent));
}

/** The columns that every world has, around those of its state. */
export function columnsAround(
  state: readonly Column[],
  { actionKind, mortal, reset, randomised, transforms }: Pick<
    Plan,
    "actionKind" | "mortal" | "reset" | "randomised" | "transforms"
  >,
  { N, O, A, C, S, stateIsObs }: Omit<Sizes, "observation">,
  agents: Slots,
): Column[] {
  const once = agents.map(() => undefined);
  const make = (
    role: Role,
    format: Format,
    id: string,
    width: number,
    stride = 1,
    slots = once as Slots,
  ): Column => {
    return { name: id, id, role, format, width, stride, slots };
  };
  const output = (id: string, stride: number, format: Format = "f64") => {
    return make("output", format, id, N * stride, stride, agents);
  };
  return [
    make("engine", "i32", "key", 2),
    make("engine", "i32", "cycle", 1),
    make("engine", "i32", "episode", 1),
    ...reset === "numpy" ? [make("engine", "i32", "generator", GENERATOR_SIZE)] : [],
    actionKind === "discrete"
      ? make("input", "i32", "actions", N, 1, agents)
      : make("input", "f32", "actions", N * A, A, agents),
    ...mortal ? [make("engine", "u8", "gone", N, 1, agents)] : [],
    ...staged(randomised) ? [make("engine", "f64", "stage", 1)] : [],
    ...state,
    ...interfaceColumns(transforms, { N, O, A, actionKind }).map(([id, width]) =>
      make("realism", "f64", id, width)
    ),
    output("obs", O),
    output("finalObs", O),
    ...stateIsObs ? [] : [make("output", "f64", "state", S), make("output", "f64", "finalState", S)],
    output("reward", 1),
    output("cost", C),
    make("output", "f64", "channelCost", C),
    output("terminated", 1, "u8"),
    output("truncated", 1, "u8"),
    output("alive", 1, "u8"),
    output("mask", A, "u8"),
    make("output", "i32", "turn", 1),
    make("output", "u8", "done", 1),
  ];
}

function staged(randomised: Plan["randomised"]): boolean {
  return Object.values(randomised).some(({ given }) => "stages" in given);
}

type Slots = readonly (number | undefined)[];

function stateColumns(plan: Plan): Column[] {
  const { groups, physics } = plan;
  const movable = (group: PlannedGroup) => !group.declaration.fixed;
  const columns: Column[] = [];
  const add = (
    name: string,
    stride: number,
    owns: (group: PlannedGroup) => boolean,
    role: Role = "state",
  ) => {
    let width = 0;
    const slots = groups.map((group) => {
      if (!owns(group)) return undefined;
      width += group.declaration.count;
      return width - group.declaration.count;
    });
    columns.push({ name, id: `$${name}`, role, format: "f64", width: width * stride, stride, slots });
  };
  if (physics !== undefined) {
    add("pos", 2, () => true);
    add("vel", 2, movable);
    add("force", 2, movable, "scratch");
    const speakers = groups.filter(({ firstAgent, declaration }) =>
      firstAgent !== undefined && declaration.speaks > 0
    );
    const symbols = Math.max(0, ...speakers.map(({ declaration }) => declaration.speaks));
    if (symbols > 0) add("said", symbols, (group) => speakers.includes(group));
  }
  for (const [name, { owner, kind }] of Object.entries(plan.fields)) {
    const size = kind === "number" ? 1 : kind === "vector" ? 2 : kind;
    if (!/^[A-Za-z]\w*$/.test(name) || columns.some((column) => column.name === name)) {
      throw new UserError(`${plan.scenario.id}: a field cannot be named "${name}": choose another name`);
    }
    if (owner === "world") {
      const slots = groups.map(() => undefined);
      columns.push({ name, id: `$${name}`, role: "state", format: "f64", width: size, stride: size, slots });
      continue;
    }
    const owns = (group: PlannedGroup) => {
      return owner === "entity" || owner === group.declaration.name ||
        owner === "agent" && group.firstAgent !== undefined;
    };
    if (!groups.some(owns)) {
      throw new UserError(
        `${plan.scenario.id}: field ${name} belongs to "${owner}", and there is no such group`,
      );
    }
    add(name, size, owns);
  }
  return columns;
}
