/**
 * Sets of entities that scenarios and phases ask for.
 *
 * @module
 */
import { suggest, UserError } from "../../core/mod.ts";
import type { Entity, Sorted } from "../language/kernel.ts";
import { type EntityHome, EntitySet, EntityView, LazyList, type Order } from "./entities.ts";
import type { Value } from "./graph.ts";
import type { Plan, PlannedGroup } from "./plan.ts";

/** All members of groups. */
export function wholeGroups(home: EntityHome, groups: readonly PlannedGroup[]): EntitySet {
  return new EntitySet(home, groups.map((of) => ({ of, range: { count: of.declaration.count } })));
}

/** @throws UserError naming the nearest group */
export function groupNamed(home: EntityHome & { readonly plan: Plan }, name: string): EntitySet {
  const { groups, absent } = home.plan;
  const found = groups.filter(({ declaration }) => declaration.name === name);
  if (found.length > 0 || absent.includes(name)) return wholeGroups(home, found);
  const names = groups.map(({ declaration }) => declaration.name);
  const near = suggest(name, names);
  const hint = near === undefined ? `It has: ${names.join(", ")}` : `Did you mean "${near}"?`;
  throw new UserError(`there is no group "${name}". ${hint}`);
}

/** A set but one member. */
export function without(home: EntityHome, { segments }: EntitySet, { of: own, at }: EntityView): EntitySet {
  return new EntitySet(
    home,
    segments.map(({ of, range }) => of === own ? { of, range: { ...range, except: at } } : { of, range }),
  );
}

/** Those of a set that come after a member: over all members, each unordered pair once. */
export function after({ home, segments }: EntitySet, { of: own, at }: EntityView): EntitySet {
  const later = segments.filter(({ of }) => of.number >= own.number);
  return new EntitySet(
    home,
    later.map(({ of, range }) => of === own ? { of, range: { ...range, after: at } } : { of, range }),
  );
}

/** The same set, visited in loops however small it is. */
export function looped({ home, segments }: EntitySet): EntitySet {
  return new EntitySet(home, segments.map(({ of, range }) => ({ of, range: { ...range, loop: true } })));
}

/** The first of a set in an order that changes with the state. */
export function ordered(set: EntitySet, order: Order): Sorted {
  const { most } = order;
  if (!Number.isInteger(most) || most < 0) {
    throw new UserError(`k.sorted: expected most to be a whole number, found ${most}`);
  }
  if (set.length === 0 && most > 0) {
    throw new UserError("k.sorted was given an empty set: write k.zeros(n) in its place");
  }
  return { map: (part) => new LazyList(set, part, order) };
}

/** The member of a set with this index. */
export function memberAt(home: EntityHome, { segments }: EntitySet, index: Value): Entity {
  const [first, ...more] = segments;
  const whole = first?.range.except === undefined && first?.range.after === undefined;
  if (first !== undefined && more.length === 0 && whole) return new EntityView(home, first.of, index);
  throw new UserError(
    "k.at chooses within one whole group: choose from k.group(name) or a set of one group",
  );
}
