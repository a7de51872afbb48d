/**
 * MPE's control of a particle: its action as a direction.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Vec2 } from "../language/values.ts";
import type { EntityHome, EntityView } from "./entities.ts";
import type { Value } from "./graph.ts";
import { type ActionKind, actionSize } from "./spaces.ts";

/** The directions of MPE's moves: stay, left, right, down, up. */
const MOVES = { x: [0, -1, 1, 0, 0], y: [0, 0, 0, -1, 1] } as const;

interface Home extends EntityHome {
  readonly actionKind: ActionKind;
}

/** See `KernelBase.control`. */
export function control({ x, actionKind }: Home, agent: EntityView): Vec2 {
  const { machine } = x;
  const { action } = agent.of;
  const size = action === undefined ? 0 : actionSize(action);
  if (actionKind === "discrete" ? size === 0 || size % 5 !== 0 : size < 5) {
    throw new UserError(
      `k.control reads five moves, and group ${agent.group} has ${size} actions: use k.action`,
    );
  }
  if (actionKind === "discrete") {
    const move = agent.load("actions");
    const along = (five: readonly number[]) => {
      return size === 5 ? five : Array.from({ length: size }, (_, i) => five[i % 5]!);
    };
    return x.vec(machine.table(along(MOVES.x), move), machine.table(along(MOVES.y), move));
  }
  const axis = (plus: number, minus: number): Value => {
    const difference = machine.apply("sub", agent.load("actions", plus), agent.load("actions", minus));
    return machine.apply("fround", difference);
  };
  return x.vec(axis(2, 1), axis(4, 3));
}
