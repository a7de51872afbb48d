/**
 * The builder `k` that every function of a scenario receives.
 *
 * Entity loops are ordinary loops: `for (const e of k.entities)`. They unroll where a group has few members and become
 * loops of the compiled code where it has many, so leave them only at their end.
 *
 * @module
 */
import type { Bool, List, Num, Part, Scalar, Vec2 } from "./values.ts";
import type { Fields, FieldsAccess, GroupOptions, Sets } from "./world.ts";

/** One agent or thing. Its numbers (size, mass, …) are its group's, plain JavaScript numbers. */
export interface Entity extends GroupOptions {
  /** Name of its group: a plain string, fit for a JavaScript `if`. */
  readonly group: string;
  /** Its index within its group. */
  readonly index: Num;
  /** Particles only. */
  readonly pos: Vec2;
  /** Particles only; zero for a fixed one. */
  readonly vel: Vec2;
  /** Particles only: what an agent said at the last step, a number for each symbol; none for a silent one. */
  readonly said: readonly Num[];
  /** Whether the agent still acts (always true where nobody can end before the episode does). */
  readonly alive: Bool;
}

/** One of the nearest to an agent. */
export interface Neighbour extends Entity {
  /** Whether there is one: where too few are near, an absent one stands in, for which the rest says nothing. */
  readonly present: Bool;
  /** From the agent to it; zero for an absent one. */
  readonly offset: Vec2;
}

/** Entities in order. */
export interface Entities extends Iterable<Entity> {
  /** How many there are. */
  readonly length: number;
  /** Parts of an observation, one group of parts per entity. */
  map(part: (entity: Entity) => Part): List;
  /** These, then those. */
  concat(other: Entities): Entities;
}

/** Entities in an order that changes with the state: they can only be shown. */
export interface Sorted {
  /** Parts of an observation, in that order; zeros where there are fewer entities than asked for. */
  map(part: (entity: Entity) => Part): List;
}

/** What can be chosen between or computed under a condition. */
export type Choice = Scalar | Vec2;

/** The builder, apart from the names that a scenario adds (its sets, params and fields). */
export interface KernelBase {
  readonly agents: Entities;
  /** Agents, then every other set, in the order of the world's declaration. */
  readonly entities: Entities;
  /** The members of one group. */
  group(name: string): Entities;
  /** All agents but this one, or those of a group. */
  others(agent: Entity, group?: string): Entities;
  /**
   * The `count` nearest to an entity whose centres are within `radius` of its own, nearest first, equal distances by
   * index. Always `count` of them, each with `present`; among its own group an absent one is the entity itself, so
   * that differences to it are 0. They are sought among all agents, or in another set of one group; the entity never
   * finds itself. Takes time for those within reach only.
   */
  nearest(entity: Entity, count: number, radius: number, among?: Entities): readonly Neighbour[];
  /** The agents but this one, or others, whose centres are within `radius`; for `sum`, `min`, `any` and the like. */
  within(entity: Entity, radius: number, among?: Entities): Entities;
  /**
   * Members in ascending order of a number, equal ones as they come; the first `most` of them, or all. Each compares
   * itself with all others, so this is for small sets; see `nearest`.
   */
  sorted(set: Entities, by: (entity: Entity) => Scalar, most?: number): Sorted;
  /** Member i of a list; i is rounded down and kept within the list. */
  at(list: Entities, i: Scalar): Entity;
  at(list: readonly Scalar[], i: Scalar): Num;

  /**
   * A param as a number of the world: users may give a distribution in its place, and then each environment has what
   * it drew at its reset. `k.p` has plain numbers, the same for all.
   */
  param(name: string): Num;

  /** Steps taken in this episode; in `dynamics` the running step does not count yet. */
  readonly cycle: Num;
  /** Steps after which an episode is truncated: a plain number. */
  readonly maxCycles: number;
  readonly actionKind: "discrete" | "continuous";
  /** The agent's discrete action, or component i (default 0) of its continuous one. */
  action(agent: Entity, i?: number): Num;
  /**
   * MPE's control, each component within [-1, 1]: discrete 0 stay, 1 left, 2 right, 3 down, 4 up; continuous
   * (right − left, up − down) of [stay, left, right, down, up], subtracted in float32. With 5 · n discrete actions the
   * move is the action modulo 5; further numbers of a continuous action are ignored.
   */
  control(agent: Entity): Vec2;

  /** A number from [low, high). `reset`, `dynamics` and `observe` may draw, outside `k.when` and `k.once`. */
  uniform(low?: Scalar, high?: Scalar): Num;
  /** Two numbers from [low, high): x, then y. */
  uniform2(low?: Scalar, high?: Scalar): Vec2;
  /** A whole number from [0, n). */
  integer(n: Scalar): Num;
  /** A standard normal number times `deviation`, plus `mean`. */
  normal(mean?: Scalar, deviation?: Scalar): Num;

  /** Puts a particle there, at that velocity (default 0; none for fixed ones). In `reset` and `dynamics`. */
  place(entity: Entity, pos: Vec2, vel?: Vec2): void;

  num(value: Scalar | Bool): Num;
  vec(x: Scalar, y: Scalar): Vec2;
  /** The angle of (x, y), from -π to π. */
  atan2(y: Scalar, x: Scalar): Num;

  /** Sums and the like over the members of a set. Of an empty set: 0, ∞, −∞, false, true. */
  sum(set: Entities, term: (entity: Entity) => Scalar | Bool): Num;
  min(set: Entities, term: (entity: Entity) => Scalar): Num;
  max(set: Entities, term: (entity: Entity) => Scalar): Num;
  any(set: Entities, test: (entity: Entity) => Bool): Bool;
  all(set: Entities, test: (entity: Entity) => Bool): Bool;

  /** `yes` where the condition holds, else `no`; both are computed. */
  select(condition: Bool, yes: Scalar, no: Scalar): Num;
  select(condition: Bool, yes: Vec2, no: Vec2): Vec2;
  /** Runs `body` where the condition holds. */
  when(condition: Bool, body: () => void): void;
  /** The value of the branch taken; the other is not computed. Use it for what is costly and rarely needed. */
  when(condition: Bool, yes: () => Scalar, no: () => Scalar): Num;
  when(condition: Bool, yes: () => Vec2, no: () => Vec2): Vec2;
  /** Computes once per step what is the same for every agent. In `reward`, `costs`, `terminate` and `observe`. */
  once<T extends Num | Vec2 | Bool>(name: string, value: () => T): T;

  /** Distance of two entities' centres, or of two points. */
  dist(a: Entity | Vec2, b: Entity | Vec2): Num;
  /** Its square, without a root. */
  dist2(a: Entity | Vec2, b: Entity | Vec2): Num;
  /** Whether two round entities overlap: their distance is below the sum of their sizes. */
  overlap(a: Entity, b: Entity): Bool;
  /** Whether a point lies outside the square [-bound, bound]². */
  outside(point: Vec2, bound: Scalar): Bool;
  /** local · ratio + global · (1 − ratio), PettingZoo's `local_ratio`. */
  mix(ratio: Scalar, local: Scalar, global: Scalar): Num;

  zeros(n: number): List;
  /** n parts, 1 at place i and 0 elsewhere. */
  oneHot(i: Scalar, n: number): List;
}

/** The builder of one scenario: `k.landmarks` where its world has a set so named, `k.p` its params, `k.fields` its columns. */
export type Kernel<P = Readonly<Record<string, unknown>>, W extends Sets = Sets, F extends Fields = Fields> =
  & KernelBase
  & { readonly [N in Exclude<keyof W, keyof KernelBase> & string]: Entities }
  & { readonly p: Readonly<P>; readonly fields: FieldsAccess<F, Entity> };
