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
    const loops = machine.loops(range);
    let width = 0;
    let visited = 0;
    for (const index of machine.each(range)) {
      const part = list.part(new EntityView(b, of, index));
      width ||= measure(b, part);
      const place = machine.apply("mul", loops ? rank(machine, index, range.except) : visited++, width);
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
  for (const [entity, rank] of ranked(set, order)) {
    const part = list.part(entity);
    width ||= measure(b, part);
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

/** Members, each with the number of those that come before it: theirs is smaller, or equal and they come first. */
function* ranked(set: EntitySet, { by }: Order): Iterable<[EntityView, Value]> {
  const { machine } = set.home.x;
  const sum = (a: Value, b: Value) => machine.apply("add", a, machine.apply("num", b));
  const less = (a: Value, b: Value) => machine.apply("lt", a, b);
  const notMore = (a: Value, b: Value) => machine.apply("not", less(b, a));
  if (!set.segments.some(({ range }) => machine.loops(range))) {
    const all = [...set];
    const keys = all.map((entity) => scalar(by(entity)));
    for (const [i, entity] of all.entries()) {
      const before = keys.map((key, j) => j === i ? 0 : j < i ? notMore(key, keys[i]!) : less(key, keys[i]!));
      yield [entity, before.reduce(sum, 0)];
    }
    return;
  }
  const place = ({ of }: EntityView) => set.segments.findIndex((segment) => segment.of === of);
  for (const entity of set) {
    const own = scalar(by(entity));
    const rank = set.fold(0, (count, other) => {
      const key = scalar(by(other));
      const first = other.of === entity.of ? less(other.at, entity.at) : Number(place(other) < place(entity));
      return sum(count, machine.apply("select", first, notMore(key, own), less(key, own)));
    });
    yield [entity, rank];
  }
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
