/**
 * The builder `k`: what scenarios call, turned into what machines do.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Choice, Entities, Entity, Kernel, KernelBase, Neighbour, Sorted } from "../language/kernel.ts";
import type { Bool, List, Num, Scalar, Vec2 } from "../language/values.ts";
import type { FieldAccess, FieldKind, Owner, Physics } from "../language/world.ts";
import { entryAt, selected, taken } from "./choices.ts";
import { control } from "./controls.ts";
import { Draws } from "./draws.ts";
import { EntitySet, type EntityView } from "./entities.ts";
import { Expressions, isVec, numeric, pair, scalar, truth } from "./expressions.ts";
import { fieldAccess } from "./fields.ts";
import type { Phase, Value } from "./graph.ts";
import type { Column } from "./layout.ts";
import type { Machine } from "./machine.ts";
import { nearest, within } from "./neighbours.ts";
import { columnOf } from "../realism/columns.ts";
import type { Plan, PlannedGroup } from "./plan.ts";
import { groupNamed, memberAt, ordered, wholeGroups, without } from "./sets.ts";

/** Makes a builder for a plan whose columns are known. */
export function makeBuilder(plan: Plan, columns: readonly Column[], machine: Machine): Builder {
  const builder = new Builder(plan, columns, machine);
  const sets = new Map<string, PlannedGroup[]>();
  for (const group of plan.groups) sets.set(group.set, [...sets.get(group.set) ?? [], group]);
  for (const set of Object.keys(plan.scenario.world(plan.params).sets)) {
    if (set === "agents") continue;
    if (set in builder) {
      throw new UserError(`${plan.scenario.id}: a set cannot be named "${set}": k.${set} is taken`);
    }
    Object.defineProperty(builder, set, { value: builder.set(sets.get(set) ?? []), enumerable: true });
  }
  return builder;
}

/** The builder, and what the engine itself asks of it. */
export class Builder implements KernelBase {
  readonly x: Expressions;
  readonly p: Readonly<Record<string, unknown>>;
  readonly agents: EntitySet;
  readonly entities: EntitySet;
  readonly fields: Readonly<Record<string, FieldAccess<Owner, FieldKind, Entity>>>;
  readonly actionKind: "discrete" | "continuous";
  readonly physics: Physics | undefined;
  readonly mortal: boolean;
  /** Drawn params that were read. */
  readonly read = new Set<string>();
  readonly #columns: ReadonlyMap<string, Column>;
  readonly #once = new Map<string, unknown>();
  readonly #draws: Draws;
  phase: Phase = "reset";

  constructor(readonly plan: Plan, columns: readonly Column[], readonly machine: Machine) {
    this.x = new Expressions(machine);
    this.#draws = new Draws(this.x);
    this.p = plan.params;
    this.#columns = new Map(columns.map((column) => [column.id, column]));
    this.mortal = plan.mortal;
    this.agents = this.set(plan.groups.filter(({ firstAgent }) => firstAgent !== undefined));
    this.entities = this.set(plan.groups);
    this.actionKind = plan.actionKind;
    this.physics = plan.physics;
    this.fields = Object.fromEntries(
      Object.entries(plan.fields).map((
        [name, { owner, kind }],
      ) => [name, fieldAccess(this, name, owner, kind)]),
    );
  }

  /** Itself, as scenarios see it. */
  get kernel(): Kernel {
    return this as unknown as Kernel;
  }

  /** Begins a phase; the one before must have used every comparison it made. */
  enter(phase: Phase): void {
    this.x.settle();
    this.phase = phase;
    this.#once.clear();
    this.machine.enter(phase);
  }

  /** A number of the scenario: one for all environments, or what this one drew. */
  param(name: string): Num {
    const { plan } = this;
    if (Object.hasOwn(plan.randomised, name)) {
      this.read.add(name);
      return this.x.num(this.machine.load(this.column(`$${columnOf(name)}`), 0));
    }
    const value = plan.params[name];
    if (typeof value === "number") return this.x.num(value);
    throw new UserError(`k.param reads numbers, and there is no number "${name}" among the params`);
  }

  column(id: string): Column {
    const found = this.#columns.get(id);
    if (found !== undefined) return found;
    throw new UserError(`there is no ${id.replace("$", "")}: use particles(…) for places and velocities`);
  }

  set(groups: readonly PlannedGroup[]): EntitySet {
    return wholeGroups(this, groups);
  }

  group(name: string): Entities {
    return groupNamed(this, name);
  }

  others(agent: Entity, group?: string): Entities {
    const all = group === undefined ? this.agents : groupNamed(this, group);
    return without(this, all, agent as EntityView);
  }

  nearest(
    entity: Entity,
    count: number,
    radius: number,
    among: Entities = this.agents,
  ): readonly Neighbour[] {
    return nearest(this, entity as EntityView, count, radius, among as EntitySet);
  }

  within(entity: Entity, radius: number, among: Entities = this.agents): Entities {
    return within(this, entity as EntityView, radius, among as EntitySet);
  }

  sorted(set: Entities, by: (entity: Entity) => Scalar, most = set.length): Sorted {
    return ordered(set as EntitySet, { by, most });
  }

  at(list: Entities, i: Scalar): Entity;
  at(list: readonly Scalar[], i: Scalar): Num;
  at(list: Entities | readonly Scalar[], i: Scalar): Entity | Num {
    const index = this.index(i, list.length);
    if (list instanceof EntitySet) return memberAt(this, list, index);
    return entryAt(this.x, list as readonly Scalar[], index);
  }

  /** The index of a list's member. */
  index(i: Scalar, length: number): Value {
    if (length > 0) return this.machine.apply("clampIndex", scalar(i), length);
    throw new UserError("k.at was given an empty list");
  }

  get cycle(): Num {
    return this.x.num(this.machine.load(this.column("cycle"), 0));
  }

  get maxCycles(): number {
    return this.plan.maxCycles;
  }

  action(agent: Entity, i = 0): Num {
    return this.x.num((agent as EntityView).load("actions", i));
  }

  control(agent: Entity): Vec2 {
    return control(this, agent as EntityView);
  }

  uniform(low: Scalar = 0, high: Scalar = 1): Num {
    return this.#draws.uniform(low, high);
  }

  uniform2(low: Scalar = 0, high: Scalar = 1): Vec2 {
    const x = this.uniform(low, high);
    return this.vec(x, this.uniform(low, high));
  }

  integer(n: Scalar): Num {
    return this.#draws.integer(n);
  }

  normal(mean: Scalar = 0, deviation: Scalar = 1): Num {
    return this.#draws.normal(mean, deviation);
  }

  place(entity: Entity, pos: Vec2, vel: Vec2 = this.x.vec(0, 0)): void {
    const view = entity as EntityView;
    pair(pos).forEach((value, i) => view.store("$pos", i, value));
    if (!entity.fixed) pair(vel).forEach((value, i) => view.store("$vel", i, value));
  }

  num(value: Scalar | Bool): Num {
    return this.x.num(numeric(value, this.machine));
  }

  vec(x: Scalar, y: Scalar): Vec2 {
    return this.x.vec(scalar(x), scalar(y));
  }

  atan2(y: Scalar, x: Scalar): Num {
    return this.x.num(this.machine.apply("atan2", scalar(y), scalar(x)));
  }

  sum(set: Entities, term: (entity: Entity) => Scalar | Bool): Num {
    if (set.length === 0) return this.x.num(0);
    const { machine } = this;
    return this.x.num(
      (set as EntitySet).fold(-0, (sum, e) => machine.apply("add", sum, numeric(term(e), machine))),
    );
  }

  min(set: Entities, term: (entity: Entity) => Scalar): Num {
    return this.#extreme("min", Infinity, set, term);
  }

  max(set: Entities, term: (entity: Entity) => Scalar): Num {
    return this.#extreme("max", -Infinity, set, term);
  }

  #extreme(op: "min" | "max", none: number, set: Entities, term: (entity: Entity) => Scalar): Num {
    return this.x.num(
      (set as EntitySet).fold(none, (best, e) => this.machine.apply(op, best, scalar(term(e)))),
    );
  }

  any(set: Entities, test: (entity: Entity) => Bool): Bool {
    return this.x.bool((set as EntitySet).fold(0, (any, e) => this.machine.apply("or", any, truth(test(e)))));
  }

  all(set: Entities, test: (entity: Entity) => Bool): Bool {
    return this.x.bool(
      (set as EntitySet).fold(1, (all, e) => this.machine.apply("and", all, truth(test(e)))),
    );
  }

  select(condition: Bool, yes: Scalar, no: Scalar): Num;
  select(condition: Bool, yes: Vec2, no: Vec2): Vec2;
  select(condition: Bool, yes: Choice, no: Choice): Num | Vec2 {
    return selected(this.x, condition, yes, no);
  }

  when(condition: Bool, body: () => void): void;
  when(condition: Bool, yes: () => Scalar, no: () => Scalar): Num;
  when(condition: Bool, yes: () => Vec2, no: () => Vec2): Vec2;
  when(condition: Bool, yes: () => Choice | void, no?: () => Choice): Num | Vec2 | void {
    if (no !== undefined) return taken(this.x, condition, yes as () => Choice, no);
    this.machine.when(truth(condition), () => (yes(), []), () => []);
  }

  once<T extends Num | Vec2 | Bool>(name: string, value: () => T): T {
    if (this.phase === "reset" || this.phase === "dynamics") {
      throw new UserError(`k.once("${name}") in ${this.phase}: use it where state is only read`);
    }
    if (!this.#once.has(name)) {
      this.#once.set(name, this.drawless("k.once", () => this.machine.hoist(value)));
    }
    return this.#once.get(name) as T;
  }

  /** Runs what takes no draws: it may run more or less often than a draw's number tells. */
  drawless<T>(what: string, run: () => T): T {
    return this.#draws.without(what, run);
  }

  dist(a: Entity | Vec2, b: Entity | Vec2): Num {
    return point(a).sub(point(b)).length();
  }

  dist2(a: Entity | Vec2, b: Entity | Vec2): Num {
    const offset = point(a).sub(point(b));
    return offset.dot(offset);
  }

  overlap(a: Entity, b: Entity): Bool {
    return this.dist(a, b).lt(a.size + b.size);
  }

  outside(p: Vec2, bound: Scalar): Bool {
    return p.x.abs().max(p.y.abs()).gt(bound);
  }

  mix(ratio: Scalar, local: Scalar, global: Scalar): Num {
    const share = scalar(ratio);
    if (share === 0) return this.num(global);
    if (share === 1) return this.num(local);
    return this.num(global).mul(this.num(1).sub(ratio)).add(this.num(local).mul(ratio));
  }

  zeros(n: number): List {
    return Array.from({ length: n }, () => 0) as unknown as List;
  }

  oneHot(i: Scalar, n: number): List {
    const index = this.num(i).floor();
    return Array.from({ length: n }, (_, place) => index.eq(place)) as unknown as List;
  }
}

function point(p: Entity | Vec2): Vec2 {
  return isVec(p) ? p : (p as Entity).pos;
}
