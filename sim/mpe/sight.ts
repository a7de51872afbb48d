/**
 * MPE2's partial observability: agents that see only the nearest of others.
 *
 * @module
 */
import * as z from "zod";
import type { Entities, Entity, KernelBase } from "../language/kernel.ts";
import type { List, Part } from "../language/values.ts";

/** The param of how many others, or landmarks, an agent sees. */
export const neighbors = (what: string) => {
  return z.int().min(1).nullable().default(null).describe(
    `${what} that an agent sees, nearest first; null: all`,
  );
};

/**
 * `part` of every member of a set, or of the `most` nearest to an agent, then zeros where there are fewer.
 *
 * @param size how many numbers a part is
 */
export function seen(
  k: KernelBase,
  a: Entity,
  set: Entities,
  most: number | null,
  size: number,
  part: (entity: Entity) => Part,
): List {
  if (most === null) return set.map(part);
  if (set.length === 0) return k.zeros(most * size);
  return k.sorted(set, (entity) => k.dist2(a, entity), most).map(part);
}

/** Offsets to the members of a set, or to the `most` nearest of them. */
export function offsets(k: KernelBase, a: Entity, set: Entities, most: number | null): List {
  return seen(k, a, set, most, 2, (entity) => entity.pos.sub(a.pos));
}
