/**
 * Writes what `observe` and `state` give, one number after another.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Part } from "../language/values.ts";
import type { Builder } from "./builder.ts";
import { EntitySet, EntityView, LazyList, type Order } from "./entities.ts";
import { isBool, isNum, isVec, numeric, scalar, truth } from "./expressions.ts";
import type { Value } from "./graph.ts";
import type { Column } from "./layout.ts";
import type { Machine } from "./machine.ts";

/** Writes the parts from `address` on; how many numbers they are. */
export function write(b: Builder, column: Column, address: Value, part: Part): number {
  const { machine } = b;
  if (isNum(part) || isBool(part)) {
    machine.store(column, address, numeric(part, machine));
    return 1;
  }
  if (isVec(part)) return write(b, column, address, [part.x, part.y]);
  if (part instanceof LazyList) {
    const { order } = part;
    return order === undefined
      ? writeList(b, column, address, part)
      : writeSorted(b, column, address, part, order);
  }
  if (!Array.isArray(part)) throw new UserError(`expected a part of an observation, found ${typeof part}`);
  let size = 0;
  for (const piece of part as Part[]) size += write(b, column, machine.apply("add", address, size), piece);
  return size;
}

/** The r-th of the entities visited writes at r times the size of an entity's parts. */
function writeList(b: Builder, column: Column, address: Value, list: LazyList): number {
  const { machine } = b;
  let start = 0;
  for (const segment of list.set.segments) {
    const { of, range } = segment;
    const from = machine.apply("add", address, start);
    let width = 0;
    for (const index of machine.each(range)) {
      const part = list.part(new EntityView(b, of, index));
      width ||= measure(b, part);
      const place = machine.apply("mul", rank(machine, index, range.except), width);
      const size = write(b, column, machine.apply("add", from, place), part);
      if (size !== width) throw new UserError("map(…) writes parts of one size for every entity of a group");
    }
    start += width * new EntitySet(b, [segment]).length;
  }
  return start;
}

/** The index among those visited. */
function rank(machine: Machine, index: Value, except: Value | undefined): Value {
  if (except === undefined) return index;
  return machine.apply("sub", index, machine.apply("num", machine.apply("lt", except, index)));
}

/** Each member finds its rank and writes there, if it is among the first. */
function writeSorted(b: Builder, column: Column, address: Value, list: LazyList, order: Order): number {
  const { machine } = b;
  const { set } = list;
  let width = 0;
  for (const entity of set) {
    const part = list.part(entity);
    width ||= measure(b, part);
    const rank = set.fold(0, (sum, other) => machine.apply("add", sum, isBefore(set, order, other, entity)));
    const show = () => {
      const size = write(b, column, machine.apply("add", address, machine.apply("mul", rank, width)), part);
      if (size !== width) throw new UserError("k.sorted(…).map(…) writes parts of one size for every entity");
      return [];
    };
    if (order.most >= set.length) show();
    else machine.when(machine.apply("lt", rank, order.most), show, () => []);
  }
  return order.most * width;
}

/** 1 where `a` comes before `b`: its number is smaller, or equal and it comes first in the set. */
function isBefore(set: EntitySet, { by }: Order, a: EntityView, b: EntityView): Value {
  if (a.of === b.of && a.at === b.at) return 0;
  const { machine } = set.home.x;
  const [first, second] = [scalar(by(a)), scalar(by(b))];
  const place = ({ of }: EntityView) => set.segments.findIndex((segment) => segment.of === of);
  const comes = a.of === b.of ? machine.apply("lt", a.at, b.at) : Number(place(a) < place(b));
  const either = machine.apply("not", machine.apply("lt", second, first));
  return machine.apply("num", machine.apply("select", comes, either, machine.apply("lt", first, second)));
}

/** How many numbers a part is. */
function measure(b: Builder, part: Part): number {
  if (isBool(part)) truth(part);
  if (isNum(part) || isBool(part)) return 1;
  if (isVec(part)) return 2;
  if (Array.isArray(part)) {
    return (part as Part[]).reduce<number>((sum, piece) => sum + measure(b, piece), 0);
  }
  if (!(part instanceof LazyList)) {
    throw new UserError(`expected a part of an observation, found ${typeof part}`);
  }
  if (part.order !== undefined) {
    const [first] = part.set.segments;
    const sample = b.drawless("map in map", () => part.part(new EntityView(b, first!.of, 0)));
    return first === undefined ? 0 : part.order.most * measure(b, sample);
  }
  return part.set.segments.reduce((sum, segment) => {
    const sample = b.drawless("map in map", () => part.part(new EntityView(b, segment.of, 0)));
    return sum + measure(b, sample) * new EntitySet(b, [segment]).length;
  }, 0);
}
