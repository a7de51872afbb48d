/**
 * What agents can do: the action spaces of groups.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { ActionSpaces, Scenario, TracedScenario } from "../language/scenario.ts";
import type { GroupDeclaration, Physics } from "../language/world.ts";
import type { Space } from "../types.ts";

export type ActionKind = "discrete" | "continuous";

/**
 * MPE's spaces. Who moves has five moves: stay, left, right, down, up; as numbers, the strength of each. Who speaks has
 * its symbols. Who does both has every pair, 5 · symbol + move; as numbers, the moves and then the symbols.
 */
function particleActions({ fixed, speaks }: GroupDeclaration): ActionSpaces {
  const moves = fixed ? 0 : 5;
  return {
    discrete: Math.max(moves, 1) * Math.max(speaks, 1),
    continuous: { dims: moves + speaks, low: 0, high: 1 },
  };
}

/** What the members of a group can do, of either kind. */
export function actionSpaces(
  scenario: TracedScenario,
  params: Readonly<Record<string, unknown>>,
  physics: Physics | undefined,
  group: GroupDeclaration,
): ActionSpaces {
  const { actions } = scenario;
  if (typeof actions === "function") return actions(params, group.name);
  if (actions !== undefined) return actions;
  if (physics !== undefined) return particleActions(group);
  throw new UserError(`${scenario.id}: say what agents can do, as in actions: { discrete: 2 }`);
}

/** The kind of actions that all groups offer; discrete where they offer both. */
export function offered(scenario: Scenario, all: readonly ActionSpaces[]): ActionKind {
  if (all.every(({ discrete }) => discrete !== undefined)) return "discrete";
  if (all.every(({ continuous }) => continuous !== undefined)) return "continuous";
  throw new UserError(`${scenario.id}: all groups need actions of one kind, discrete or continuous`);
}

/** A group's actions of one kind. */
export function space(scenario: Scenario, group: string, kind: ActionKind, spaces: ActionSpaces): Space {
  if (kind === "discrete" && spaces.discrete !== undefined) return { kind: "discrete", n: spaces.discrete };
  if (kind === "continuous" && spaces.continuous !== undefined) {
    const { dims, ...box } = spaces.continuous;
    return { kind: "box", ...box, shape: [dims] };
  }
  const other = kind === "discrete" ? "continuous" : "discrete";
  throw new UserError(`${scenario.id} has no ${kind} actions for group ${group}: use actions: "${other}"`);
}

/** How many numbers an action of this space has, or how many actions there are. */
export function actionSize(space: Space): number {
  return space.kind === "discrete" ? space.n : space.shape[0];
}
