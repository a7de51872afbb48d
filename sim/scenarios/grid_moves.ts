/**
 * What traced grid worlds share: members one by one, numbers drawn without repetition, what is in sight.
 *
 * @module
 */
import type { Entities, Entity, KernelBase } from "../language/kernel.ts";
import type { Bool, Num } from "../language/values.ts";

/** The members of a small set, always one by one. */
export function members(k: KernelBase, set: Entities): Entity[] {
  return Array.from({ length: set.length }, (_, i) => k.at(set, i));
}

/** Adds a number to ascending ones. */
export function insert(sorted: readonly Num[], value: Num): Num[] {
  let rest = value;
  const before = sorted.map((x) => {
    const least = x.min(rest);
    rest = x.max(rest);
    return least;
  });
  return [...before, rest];
}

/** Whole numbers below `most`, all different, each choice of them equally likely; in the order they are drawn. */
export function drawDistinct(k: KernelBase, most: number, count: number): Num[] {
  let taken: Num[] = [];
  return Array.from({ length: count }, (_, i) => {
    // the n-th free number is n plus the taken ones that come before it
    const drawn = taken.reduce((at, other) => at.add(at.ge(other).num()), k.integer(most - i));
    taken = insert(taken, drawn);
    return drawn;
  });
}

/** The truth that any of them holds. */
export function either(k: KernelBase, truths: readonly Bool[]): Bool {
  return truths.reduce((a, b) => a.or(b), k.num(0).eq(1));
}

/** Something that may be in sight, and what is shown of it. */
export interface Seen {
  readonly seen: Bool;
  readonly shows: readonly Num[];
}

/** What is shown of those in sight, one after another; then −1, −1, 0 for each of the rest. */
export function packed(k: KernelBase, items: readonly Seen[]): Num[] {
  const none = [-1, -1, 0].map((x) => k.num(x));
  const slots = items.reduceRight<(readonly Num[])[]>((after, { seen, shows }) => {
    const moved = [shows, ...after];
    return moved.map((shifted, i) => {
      const here = after[i] ?? none;
      return shifted.map((x, part) => k.select(seen, x, here[part]!));
    });
  }, []);
  return slots.flat();
}

/**
 * Whose move another prevents, where all move at once into cells: it wants a cell in which another stands, or that
 * another wants too. Neither changes places with another nor follows it closely.
 */
export function blockedMoves(
  k: KernelBase,
  stands: readonly Num[],
  wants: readonly Num[],
  moves: readonly Bool[],
): Bool[] {
  return wants.map((cell, i) => {
    const rivals = wants.flatMap((other, j) => j === i ? [] : [cell.eq(other), cell.eq(stands[j]!)]);
    return moves[i]!.and(either(k, rivals));
  });
}
