/**
 * Reads and writes the columns that a scenario adds.
 *
 * @module
 */
import type { Entity } from "../language/kernel.ts";
import type { Scalar, Vec2 } from "../language/values.ts";
import type { FieldAccess, FieldKind, Owner } from "../language/world.ts";
import type { Builder } from "./builder.ts";
import type { EntityView } from "./entities.ts";
import { pair, scalar } from "./expressions.ts";
import type { Value } from "./graph.ts";

/** The access to one field: arguments are the entity, unless the world owns it; the index, for a list; the value. */
export function fieldAccess(
  b: Builder,
  name: string,
  owner: Owner,
  kind: FieldKind,
): FieldAccess<Owner, FieldKind, Entity> {
  const { machine } = b;
  const column = b.column(`$${name}`);
  const worldly = owner === "world";
  const place = (at: readonly unknown[]): Value => {
    const part = typeof kind === "number" ? b.index(at[worldly ? 0 : 1] as Scalar, kind) : 0;
    return worldly ? part : (at[0] as EntityView).address(column, part);
  };
  const second = (address: Value) => machine.apply("add", address, 1);
  const get = (...at: unknown[]) => {
    const address = place(at);
    const first = machine.load(column, address);
    return kind === "vector" ? b.x.vec(first, machine.load(column, second(address))) : b.x.num(first);
  };
  const set = (...at: unknown[]) => {
    const address = place(at);
    const value = at.at(-1) as Scalar | Vec2;
    if (kind !== "vector") return machine.store(column, address, scalar(value as Scalar));
    const [x, y] = pair(value as Vec2);
    machine.store(column, address, x);
    machine.store(column, second(address), y);
  };
  return { get, set } as unknown as FieldAccess<Owner, FieldKind, Entity>;
}
