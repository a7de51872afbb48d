/**
 * The columns of a world: those that every world has, and those of its state.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import { GENERATOR_SIZE } from "../numpy/generators.ts";
import { interfaceColumns } from "../realism/columns.ts";
import type { Column, Format, Role } from "./layout.ts";
import type { Plan, PlannedGroup } from "./plan.ts";

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

/**
 * Columns, and behind them the masks of episodes that ended. They come last and are not part of the code hash, so that
 * all other columns and all hashes stay as they are without them.
 */
export function withFinalMask(columns: readonly Column[]): Column[] {
  const mask = columns.find(({ id }) => id === "mask")!;
  return [...columns, { ...mask, name: "finalMask", id: "finalMask" }];
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
