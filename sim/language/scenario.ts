/**
 * The scenario language: one literal in the order a reader asks: what, numbers, things, start, motion, sight, reward,
 * cost.
 *
 * @module
 */
import type { z } from "zod";
import { UserError } from "../../core/mod.ts";
import type { Budget, Group, Policy, Shape, World, WorldSpec } from "../types.ts";
import type { ClassScenario } from "./class_scenario.ts";
import type { Entities, Entity, Kernel } from "./kernel.ts";
import type { Tables } from "./tables.ts";
import type { Bool, Part, Scalar } from "./values.ts";
import type { Fields, Sets, WorldDeclaration } from "./world.ts";

/** What an agent of a group may do; a scenario that offers both kinds lets `makeWorld` choose. */
export interface ActionSpaces {
  /** How many discrete actions there are. */
  readonly discrete?: number;
  readonly continuous?: {
    readonly dims: number;
    readonly low: number;
    readonly high: number;
    /** The scenario clips what lies outside, as some originals do; without this the world refuses it. */
    readonly clips?: true;
  };
}

/** What a cost counts. Costs are not negative; a truth counts as 1. */
export type Cost<K> =
  & {
    /** One line: what one unit of it is. */
    readonly summary?: string;
  }
  & (
    | { readonly scope: "agent"; readonly of: (k: K, agent: Entity) => Scalar | Bool }
    /** Asked once for each pair of agents, in their order; charged to both, counted once. */
    | {
      readonly scope: "pair";
      readonly of: (k: K, a: Entity, b: Entity) => Scalar | Bool;
      /** Only of pairs whose centres are within this distance; with it, large groups ask neighbours only. */
      readonly range?: number;
    }
    /** Asked once for each group of agents; charged to each member, counted once. */
    | { readonly scope: "group"; readonly of: (k: K, members: Entities) => Scalar | Bool }
    | { readonly scope: "team"; readonly of: (k: K) => Scalar | Bool }
  );

/** When it is over: for one agent, which then acts no more, or for all. Judged after the step's dynamics. */
export type Termination<K> =
  | { readonly scope: "agent"; readonly of: (k: K, agent: Entity) => Bool }
  | { readonly scope: "team"; readonly of: (k: K) => Bool };

/** Marks on the ground of a picture, in world units. */
export interface Zone {
  readonly kind: "zone" | "ring" | "line" | "cell" | "text";
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly x2?: number;
  readonly y2?: number;
  readonly color: string;
  readonly label?: string;
}

/** Hints for drawing; the simulation never reads them. */
export interface View {
  /** [min, max] of both axes, or [xmin, xmax, ymin, ymax]. */
  readonly camera: readonly [number, number] | readonly [number, number, number, number];
  readonly trails?: boolean;
  readonly zones?: readonly Zone[];
  /** Pictures of its own, drawn last: for worlds whose things are no particles. */
  readonly shapes?: (world: World, env: number) => readonly Shape[];
  /** A line of text under the picture. */
  readonly caption?: (world: World, env: number) => string;
}

/** A value, or one that depends on the params. */
export type Given<P, T> = T | ((params: Readonly<P>) => T);

/** A limit in a scenario; its channel is the key it stands under. */
export type BudgetDeclaration = Omit<Budget, "channel">;

/** A reward that all agents share for as long as the episode runs. */
export interface TeamReward<K> {
  readonly scope: "team";
  readonly of: (k: K) => Scalar;
}

/** The literal that `scenario` takes. Whatever depends on params is a function of them, never a default. */
export interface Definition<
  P extends z.ZodObject = z.ZodObject,
  W extends Sets = Sets,
  F extends Fields = Fields,
  K = Kernel<z.output<P>, W, F>,
> {
  /** `family/name`, with a version where there is one. */
  readonly id: string;
  readonly summary?: string;
  /** Steps after which an episode is truncated. */
  readonly maxCycles: Given<z.output<P>, number>;
  readonly params: P;
  readonly world: (params: Readonly<z.output<P>>) => WorldDeclaration<W>;
  /** State beyond places and velocities. */
  readonly fields?: Given<z.output<P>, F>;
  /** Default for particles: 5 discrete moves, or 5 numbers in [0, 1]. */
  readonly actions?: ActionSpaces | ((params: Readonly<z.output<P>>, group: string) => ActionSpaces);
  readonly discount?: number;
  /** Begins an episode; all state is 0 before it. */
  readonly reset: (k: K) => void;
  readonly dynamics: (k: K) => void;
  readonly observe: (k: K, agent: Entity) => Part;
  /** What an agent gets while it acts; or what the team gets, each of its members, those that ended too. */
  readonly reward: ((k: K, agent: Entity) => Scalar) | TeamReward<K>;
  readonly costs?: Given<z.output<P>, Readonly<Record<string, Cost<K>>>>;
  readonly budgets?: Given<z.output<P>, Readonly<Record<string, BudgetDeclaration>>>;
  /** Where it depends on params, undefined means never. */
  readonly terminate?: Termination<K> | ((params: Readonly<z.output<P>>) => Termination<K> | undefined);
  /** One truth per discrete action: whether it is legal now. */
  readonly mask?: (k: K, agent: Entity) => readonly Bool[];
  /** Whether the agent acts now; for agents that pause or return. Those that ended never act. */
  readonly alive?: (k: K, agent: Entity) => Bool;
  /** What a centralised critic sees. Default: all observations, one after another. */
  readonly state?: (k: K) => Part;
  /** The whole scenario as tables, where it is finite and small. */
  readonly tables?: (params: Readonly<z.output<P>>) => Tables;
  readonly view?: Given<z.output<P>, View>;
  /** Scripted policies by name. */
  readonly policies?: Readonly<Record<string, (spec: WorldSpec, group: Group) => Policy>>;
}

/** A traced scenario as a value, its type parameters forgotten. */
export type TracedScenario = Readonly<Definition & Required<Pick<Definition, "policies" | "discount">>>;

/** A scenario as a value, whichever way it is written. */
export type Scenario = TracedScenario | ClassScenario;

/** Makes a scenario of its description. */
export function scenario<P extends z.ZodObject, W extends Sets, F extends Fields = Record<never, never>>(
  definition: Definition<P, W, F>,
): TracedScenario {
  if (!/^[a-z0-9_]+\/[a-z0-9_]+$/.test(definition.id)) {
    throw new UserError(
      `scenario: expected an id like "family/name" of a-z, 0-9 and _, found "${definition.id}"`,
    );
  }
  const complete = { policies: {}, discount: 0.99, ...definition };
  return Object.freeze(complete as unknown as TracedScenario);
}

/** The value that stands for these params. */
export function given<P, T>(value: Given<P, T>, params: Readonly<P>): T {
  return typeof value === "function" ? (value as (params: Readonly<P>) => T)(params) : value;
}
