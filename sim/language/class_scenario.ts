/**
 * The other way to write a scenario: plain code over typed arrays, for worlds with control flow and turns, such as board
 * games and grids. One environment is seen at a time; the engine keeps `E` of them in columns.
 *
 * All that later steps depend on stands in `columns` (or follows from them: see `hidden`), and all randomness comes from
 * the draws that are handed in; then batches, snapshots, forks and replays work as for traced scenarios. `version` stands
 * for the code in replays: count it up with every change of what the world does.
 *
 * @module
 */
import type { z } from "zod";
import { UserError } from "../../core/mod.ts";
import type { Group, Policy, Reals, Scope, WorldSpec } from "../types.ts";
import type { ActionSpaces, BudgetDeclaration, Given, View } from "./scenario.ts";
import type { Tables } from "./tables.ts";

/** Agents that share spaces. */
export interface ClassGroup {
  readonly name: string;
  /** Their names, or how many there are: `name_0`, `name_1`, … */
  readonly agents: readonly string[] | number;
  readonly observation: { readonly size: number; readonly low?: number; readonly high?: number };
  readonly actions: ActionSpaces;
}

/** The sizes of a world. */
export interface ClassSpec {
  readonly groups: readonly ClassGroup[];
  readonly costs?: Readonly<Record<string, { readonly scope: Scope; readonly summary?: string }>>;
  /** How many numbers `state` writes; default: all observations, one after another. */
  readonly stateSize?: number;
  /** Whether every agent always receives the same reward. */
  readonly sharedReward?: boolean;
}

/** Random numbers, each a function of seed, environment, episode, step and its place among the step's draws. */
export interface Draws {
  /** From [low, high). */
  uniform(low?: number, high?: number): number;
  /** A whole number from [0, n). */
  integer(n: number): number;
  normal(mean?: number, deviation?: number): number;
  /** Puts the first `length` entries, all by default, in random order. */
  shuffle(into: { length: number; [index: number]: number }, length?: number): void;
}

/** One environment. Its arrays are views that stay the same from step to step. */
export interface ClassWorld<P = Readonly<Record<string, unknown>>, C extends string = string, H = unknown> {
  readonly p: Readonly<P>;
  /** Its state columns; zero before `reset`. */
  readonly columns: Readonly<Record<C, Reals>>;
  /** Steps taken in this episode; in `step` the running one does not count yet. */
  readonly cycle: number;
  /** Discrete: `[N]`. Continuous: `[N,A]`. */
  readonly actions: Int32Array | Float32Array;
  readonly actionKind: "discrete" | "continuous";
  /** `[N]` 1 where an agent acts in the state that was observed. */
  readonly alive: Uint8Array;
  /** `[N]` zero before `step`, which writes it. */
  readonly reward: Reals;
  /** `[N]` zero before `step`, which writes 1 where an agent ends; the episode ends when all have. */
  readonly terminated: Uint8Array;
  /** What `hidden` made. */
  readonly hidden: H;
  /** Charges each of these agents with a cost, and counts the event once. */
  charge(channel: string, amount: number, agents: readonly number[]): void;
}

/** The literal that `classScenario` takes. Agents are indices; what is written is zero before. */
export interface ClassDefinition<
  P extends z.ZodObject = z.ZodObject,
  C extends string = string,
  H = unknown,
  W = ClassWorld<z.output<P>, C, H>,
> {
  /** `family/name`, with a version where there is one. */
  readonly id: string;
  /** Of the code, from 1 on: replays of another one are refused. */
  readonly version: number;
  readonly summary?: string;
  /** Steps after which an episode is truncated. */
  readonly maxCycles: Given<z.output<P>, number>;
  readonly params: P;
  readonly discount?: number;
  readonly spec: (params: Readonly<z.output<P>>) => ClassSpec;
  /** How many numbers each state column has. */
  readonly columns: (params: Readonly<z.output<P>>) => Readonly<Record<C, number>>;
  /**
   * Makes, once per environment, what cannot be a column, such as a physics engine. It must follow from the columns:
   * `restored` brings it in line when they were changed from outside.
   */
  readonly hidden?: (params: Readonly<z.output<P>>) => H;
  readonly restored?: (w: W) => void;
  readonly reset: (w: W, random: Draws) => void;
  readonly step: (w: W, random: Draws) => void;
  readonly observe: (w: W, agent: number, into: Reals) => void;
  /** Writes 1 for each legal discrete action. It is asked for agents that act now; the others have none. */
  readonly mask?: (w: W, agent: number, into: Uint8Array) => void;
  /** What an illegal action does: an error (default), or a reward for who took it while all agents end. */
  readonly illegal?: Given<z.output<P>, "refuse" | number>;
  /** The agent to act, in a game of turns. */
  readonly turn?: (w: W) => number;
  /** Whether an agent acts now; for agents that pause or return. Those that ended never act. */
  readonly alive?: (w: W, agent: number) => boolean;
  readonly state?: (w: W, into: Reals) => void;
  readonly budgets?: Given<z.output<P>, Readonly<Record<string, BudgetDeclaration>>>;
  /** The whole scenario as tables, where it is finite and small. */
  readonly tables?: (params: Readonly<z.output<P>>) => Tables;
  readonly view?: Given<z.output<P>, View>;
  /** Scripted policies by name. */
  readonly policies?: Readonly<Record<string, (spec: WorldSpec, group: Group) => Policy>>;
}

/** A class scenario as a value, its type parameters forgotten. */
export type ClassScenario = Readonly<
  ClassDefinition & Required<Pick<ClassDefinition, "policies" | "discount">>
>;

/** Makes a scenario of plain code over typed arrays. */
export function classScenario<P extends z.ZodObject, C extends string, H = undefined>(
  definition: ClassDefinition<P, C, H>,
): ClassScenario {
  if (!/^[a-z0-9_]+\/[a-z0-9_]+$/.test(definition.id)) {
    throw new UserError(
      `classScenario: expected an id like "family/name" of a-z, 0-9 and _, found "${definition.id}"`,
    );
  }
  if (!(Number.isSafeInteger(definition.version) && definition.version >= 1)) {
    throw new UserError(
      `${definition.id}: expected version to be a whole number of at least 1, found ${definition.version}`,
    );
  }
  return Object.freeze({ policies: {}, discount: 0.99, ...definition } as unknown as ClassScenario);
}
