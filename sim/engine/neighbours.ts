/**
 * Neighbours of an entity: those within a distance, and the nearest of them.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import { type EntityHome, EntitySet, type EntityView, NeighbourView, type Segment } from "./entities.ts";
import { pair, scalar } from "./expressions.ts";
import type { Near, Value } from "./graph.ts";
import { FEW } from "./grid.ts";
import { rootThreshold } from "./simplify.ts";

/** Most neighbours that an entity can ask for: each is two values carried through the search, and code grows as its square. */
const MOST = 16;

/** Members of a set, other than the entity, whose centres are within a distance of its own. */
export function within(home: EntityHome, of: EntityView, radius: number, among: EntitySet): EntitySet {
  distance("k.within", radius);
  const segments = among.segments.map((segment): Segment => {
    return { ...close(home, of, radius, segment), within: { of, radius } };
  });
  return new EntitySet(home, segments);
}

/** The nearest members of a set within a distance, nearest first; see `KernelBase.nearest`. */
export function nearest(
  home: EntityHome,
  of: EntityView,
  count: number,
  radius: number,
  among: EntitySet,
): NeighbourView[] {
  distance("k.nearest", radius);
  if (!(Number.isInteger(count) && count >= 1 && count <= MOST)) {
    throw new UserError(`k.nearest: expected a count from 1 to ${MOST}, found ${count}`);
  }
  const { machine } = home.x;
  const [segment, ...more] = among.segments;
  if (segment === undefined || more.length > 0 || segment.within !== undefined) {
    throw new UserError("k.nearest looks into one group: give it k.group(name), or a set of one group");
  }
  const own = segment.of === of.of;
  const beyond = rootThreshold(radius);
  const init = [
    ...new Array<Value>(count).fill(beyond),
    ...new Array<Value>(count).fill(own ? of.at : 0),
  ];
  const set = new EntitySet(home, [close(home, of, radius, segment)]);
  const found = set.carry(init, (best, other) => {
    const offset = other.pos.sub(of.pos);
    const square = scalar(offset.dot(offset));
    const better = machine.apply("lt", square, best[count - 1]!);
    return machine.when(better, () => insert(count - 1), () => best);

    /** At a place, or at one before it where that is farther; who comes later by index stays behind its equals. */
    function insert(place: number): Value[] {
      const shifted = (values: readonly Value[], value: Value) =>
        values.toSpliced(place, 0, value).slice(0, count);
      const here = () => [...shifted(best.slice(0, count), square), ...shifted(best.slice(count), other.at)];
      if (place === 0) return here();
      return machine.when(machine.apply("lt", square, best[place - 1]!), () => insert(place - 1), here);
    }
  });
  return Array.from({ length: count }, (_, i) => {
    return new NeighbourView(home, segment.of, found[count + i]!, of, machine.apply("lt", found[i]!, beyond));
  });
}

/** A segment without the entity itself, with a hint at who is close where that helps. */
export function close(home: EntityHome, of: EntityView, radius: number, segment: Segment): Segment {
  const { range } = segment;
  const others = segment.of === of.of && range.after === undefined ? { except: of.at } : {};
  const hint = range.count > FEW ? { near: near(home, of, radius, segment) } : {};
  return { ...segment, range: { ...range, ...others, ...hint } };
}

function near(home: EntityHome, of: EntityView, radius: number, segment: Segment): Near {
  const column = home.column("$pos");
  const [x, y] = pair(of.pos);
  const place = { column, start: column.slots[segment.of.number]! * column.stride, x, y, radius };
  return segment.of === of.of ? { ...place, of: of.at } : place;
}

function distance(what: string, radius: number): void {
  if (radius > 0 && radius < 1e100) return;
  throw new UserError(`${what}: expected a radius above 0, a plain number, found ${radius}`);
}
