/**
 * Entities and sets of them, over a machine.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Entities, Entity, Neighbour } from "../language/kernel.ts";
import type { Bool, List, Num, Part, Scalar, Vec2 } from "../language/values.ts";
import { type Expressions, pair, truth } from "./expressions.ts";
import type { Range, Value } from "./graph.ts";
import type { Column } from "./layout.ts";
import type { PlannedGroup } from "./plan.ts";

/** What entities need of the builder. */
export interface EntityHome {
  readonly x: Expressions;
  /** Whether agents may stop acting before their episode ends. */
  readonly mortal: boolean;
  column(id: string): Column;
}

/** One member of a group; its index is a number where it is known. */
export class EntityView implements Entity {
  constructor(readonly home: EntityHome, readonly of: PlannedGroup, readonly at: Value) {}

  get group(): string {
    return this.of.declaration.name;
  }

  get size(): number {
    return this.of.declaration.size;
  }

  get mass(): number {
    return this.of.declaration.mass;
  }

  get accel(): number {
    return this.of.declaration.accel;
  }

  get maxSpeed(): number {
    return this.of.declaration.maxSpeed;
  }

  get fixed(): boolean {
    return this.of.declaration.fixed;
  }

  get collide(): boolean {
    return this.of.declaration.collide;
  }

  get speaks(): number {
    return this.of.declaration.speaks;
  }

  get said(): readonly Num[] {
    return Array.from({ length: this.speaks }, (_, symbol) => this.home.x.num(this.load("$said", symbol)));
  }

  get color(): string | readonly string[] {
    return this.of.declaration.color;
  }

  get index(): Num {
    return this.home.x.num(this.at);
  }

  get pos(): Vec2 {
    return this.vector("$pos");
  }

  get vel(): Vec2 {
    return this.fixed ? this.home.x.vec(0, 0) : this.vector("$vel");
  }

  get alive(): Bool {
    return this.home.x.bool(this.home.mortal ? this.load("alive") : 1);
  }

  vector(column: string): Vec2 {
    return this.home.x.vec(this.load(column, 0), this.load(column, 1));
  }

  /** Number `part` of its slot in a column. */
  load(column: string, part: Value = 0): Value {
    const found = this.home.column(column);
    return this.home.x.machine.load(found, this.address(found, part));
  }

  store(column: string, part: Value, value: Value): void {
    const found = this.home.column(column);
    this.home.x.machine.store(found, this.address(found, part), value);
  }

  /** Where its slot lies in an environment's row of a column: (first slot + index) · stride + part. */
  address(column: Column, part: Value = 0): Value {
    const { machine } = this.home.x;
    const first = column.slots[this.of.number];
    if (first === undefined) throw new UserError(`${this.group} has no ${column.name}`);
    const scaled = column.stride === 1 ? this.at : machine.apply("mul", this.at, column.stride);
    const start = machine.apply("add", scaled, first * column.stride);
    return part === 0 ? start : machine.apply("add", start, part);
  }
}

/** Some members of a group. */
export interface Segment {
  readonly of: PlannedGroup;
  readonly range: Range;
  /** Only those within a distance of someone. */
  readonly within?: { readonly of: EntityView; readonly radius: number };
}

/** Parts of an observation that are made when they are written. */
export class LazyList implements List {
  readonly kind = "list";

  constructor(
    readonly set: EntitySet,
    readonly part: (entity: Entity) => Part,
    readonly order?: Order,
  ) {}
}

/** By what members are ordered, and how many are wanted. */
export interface Order {
  readonly by: (entity: Entity) => Scalar;
  readonly most: number;
}

/** Entities in order, as segments of groups. */
export class EntitySet implements Entities {
  constructor(readonly home: EntityHome, readonly segments: readonly Segment[]) {}

  get length(): number {
    return this.segments.reduce((sum, { range }) => sum + members(range), 0);
  }

  *[Symbol.iterator](): Iterator<EntityView> {
    for (const { of, range, within } of this.segments) {
      if (within !== undefined) throw new UserError(LOOPLESS);
      for (const index of this.home.x.machine.each(range)) yield new EntityView(this.home, of, index);
    }
  }

  map(part: (entity: Entity) => Part): List {
    if (this.segments.some(({ within }) => within !== undefined)) throw new UserError(LOOPLESS);
    return new LazyList(this, part);
  }

  concat(other: Entities): Entities {
    return new EntitySet(this.home, [...this.segments, ...(other as EntitySet).segments]);
  }

  /** Carries one value through the members. */
  fold(init: Value, body: (carried: Value, entity: EntityView) => Value): Value {
    return this.carry([init], ([value], entity) => [body(value!, entity)])[0]!;
  }

  /** Carries several values through the members. */
  carry(init: readonly Value[], body: (carried: Value[], entity: EntityView) => Value[]): Value[] {
    const { machine } = this.home.x;
    let carried = [...init];
    for (const { of, range, within } of this.segments) {
      carried = machine.fold(range, carried, (index, values) => {
        const entity = new EntityView(this.home, of, index);
        if (within === undefined) return body(values, entity);
        const inside = truth(within.of.pos.sub(entity.pos).length().lt(within.radius));
        return machine.when(inside, () => body(values, entity), () => values);
      });
    }
    return carried;
  }
}

const LOOPLESS =
  "k.within is for k.sum, k.min, k.any and the like; use k.nearest for parts of an observation";

/** One of an agent's nearest, or, where there are fewer, someone in its place: see `present`. */
export class NeighbourView extends EntityView implements Neighbour {
  constructor(
    home: EntityHome,
    of: PlannedGroup,
    at: Value,
    readonly from: EntityView,
    readonly found: Value,
  ) {
    super(home, of, at);
  }

  get present(): Bool {
    return this.home.x.bool(this.found);
  }

  get offset(): Vec2 {
    const offset = this.pos.sub(this.from.pos);
    if (this.of === this.from.of) return offset;
    const { x } = this.home;
    const [dx, dy] = pair(offset).map((value) => x.machine.apply("select", this.found, value, 0));
    return x.vec(dx!, dy!);
  }
}

/** How many members a range visits; one with `after` or `near` is only ever folded. */
export function members(range: Range): number {
  return range.except === undefined ? range.count : range.count - 1;
}
