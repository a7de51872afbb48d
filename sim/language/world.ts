/**
 * What a world is made of: groups of entities, what each kind of entity is like, and the columns that hold its state.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Num, Vec2 } from "./values.ts";

/** The properties that all members of a group share. */
export interface GroupOptions {
  /** Radius, in world units. */
  readonly size: number;
  readonly mass: number;
  /** Force per unit of control. */
  readonly accel: number;
  /** Speed that motion is clipped to; Infinity for none. */
  readonly maxSpeed: number;
  /** A fixed entity has no velocity and no force moves it. */
  readonly fixed: boolean;
  /** Whether contact forces act between it and others that collide. */
  readonly collide: boolean;
  /** How many symbols an agent can say, one at each step; 0 for a silent one. */
  readonly speaks: number;
  /** Of all members, or of one after another. */
  readonly color: string | readonly string[];
}

/** Entities of one kind: `name_0`, `name_1`, … */
export interface GroupDeclaration extends GroupOptions {
  readonly name: string;
  readonly count: number;
}

/** MPE's defaults. */
const DEFAULTS: GroupOptions = {
  size: 0.05,
  mass: 1,
  accel: 5,
  maxSpeed: Infinity,
  fixed: false,
  collide: true,
  speaks: 0,
  color: "#5959d9",
};

/** `count` entities of one kind. A leader is a group of one. */
export function group(name: string, count: number, options: Partial<GroupOptions> = {}): GroupDeclaration {
  checkGroupName(name);
  if (!Number.isInteger(count) || count < 0) {
    throw new UserError(`group ${name}: expected a whole number of members, found ${count}`);
  }
  return { ...DEFAULTS, ...options, name, count };
}

/** Refuses a name that cannot be part of the name of a file, a metric or an agent. */
export function checkGroupName(name: string): void {
  if (/^[A-Za-z][\w-]*$/.test(name)) return;
  const cure = name.replace(/[^\w-]+/g, "_").replace(/^[^A-Za-z]+/, "").replace(/_+$/, "");
  throw new UserError(
    `group ${
      JSON.stringify(name)
    }: expected a name of letters, digits, "_" and "-", a letter first, as files, metrics ` +
      `and agents are named after it.${cure === "" ? "" : ` Try "${cure}"`}`,
  );
}

/** Named sets of groups. `agents` act; the others are things of the world. */
export interface Sets {
  readonly [name: string]: GroupDeclaration | readonly GroupDeclaration[];
  readonly agents: GroupDeclaration | readonly GroupDeclaration[];
}

/** The constants of particle physics. */
export interface Physics {
  /** Seconds per step. */
  readonly dt: number;
  /** Share of velocity lost per step. */
  readonly damping: number;
  readonly contactForce: number;
  /** Softness of a contact, in world units. */
  readonly contactMargin: number;
  /** Which is updated first, the other then following from it: MPE2 moves places by the old velocity. */
  readonly first: "place" | "velocity";
}

/** The entities of a world, and its physics where they have places and velocities. */
export interface WorldDeclaration<W extends Sets = Sets> {
  readonly sets: W;
  readonly physics: Physics | undefined;
}

/**
 * Round particles in the plane, each with a `pos` and, unless `fixed`, a `vel`; agents that speak have what they `said`.
 * Move them with `particleStep`, or with dynamics of your own.
 *
 * Source   the constants of MPE: Lowe et al. 2017, arXiv:1706.02275; MPE2, `core.py`
 */
export function particles<W extends Sets>(sets: W, physics: Partial<Physics> = {}): WorldDeclaration<W> {
  const constants = { dt: 0.1, damping: 0.25, contactForce: 100, contactMargin: 1e-3 };
  return { sets, physics: { ...constants, first: "place", ...physics } };
}

/** Agents without places, for games whose whole state stands in `fields`. */
export function plain<W extends Sets>(sets: W): WorldDeclaration<W> {
  return { sets, physics: undefined };
}

/** Who has a column of its own: the world once, each agent, each entity, or each member of the group so named. */
export type Owner = "world" | "agent" | "entity" | (string & Record<never, never>);

/** One number, a vector, or a list of so many numbers. */
export type FieldKind = "number" | "vector" | number;

/** A state column that a scenario adds. */
export interface Field<O extends Owner = Owner, T extends FieldKind = FieldKind> {
  readonly owner: O;
  readonly kind: T;
}

/** Named state columns. */
export type Fields = Readonly<Record<string, Field>>;

/** Declares a state column: `column("world")`, `column("agent", "vector")`, `column("car", 4)`. Zero at each reset. */
export function column<O extends Owner>(owner: O): Field<O, "number">;
export function column<O extends Owner, T extends FieldKind>(owner: O, kind: T): Field<O, T>;
export function column(owner: Owner, kind: FieldKind = "number"): Field {
  return { owner, kind };
}

/** Where a field is read: nothing for the world's, an entity for an entity's. */
type At<O extends Owner, E> = "world" extends O ? [] : [entity: E];
type Content<T extends FieldKind> = T extends "vector" ? Vec2 : Num;
type Input<T extends FieldKind> = T extends "vector" ? Vec2 : Num | number;
type Place<T extends FieldKind> = T extends number ? [index: Num | number] : [];

/** Reads and writes one field. A list takes the index last: `k.fields.plan.get(a, i)`, `k.fields.plan.set(a, i, v)`. */
export interface FieldAccess<O extends Owner, T extends FieldKind, E> {
  get(...at: [...At<O, E>, ...Place<T>]): Content<T>;
  set(...at: [...At<O, E>, ...Place<T>, value: Input<T>]): void;
}

/** The access to each declared field. */
export type FieldsAccess<F extends Fields, E> = {
  readonly [N in keyof F]: F[N] extends Field<infer O, infer T> ? FieldAccess<O, T, E> : never;
};

/** The groups of a set, as a list. */
export function groupsOf(set: GroupDeclaration | readonly GroupDeclaration[]): readonly GroupDeclaration[] {
  return "name" in set ? [set as GroupDeclaration] : set;
}
