/**
 * Grid worlds of one environment, put into a state by hand.
 *
 * @module
 */
import { findScenario, makeWorld, type World } from "../../sim/mod.ts";

/** Column -> numbers, in the order of its members. */
export type State = Readonly<Record<string, readonly number[]>>;

/** A world in that state; columns that are not named stand as the reset left them. */
export function worldIn(id: string, params: Readonly<Record<string, unknown>>, state: State): World {
  const world = makeWorld(findScenario(id), { params });
  world.reset(1);
  for (const [name, values] of Object.entries(state)) world.columns[name]!.data.set(values);
  world.refresh();
  return world;
}

export function act(world: World, actions: readonly number[]): void {
  world.actions.set(actions);
  world.step();
}

export function column(world: World, name: string): number[] {
  return [...world.columns[name]!.data];
}

/** [row, column] of each agent. */
export function places(world: World): number[][] {
  const [rows, columns] = [column(world, "row"), column(world, "col")];
  return rows.map((row, i) => [row, columns[i]!]);
}

/** What is legal for agent n. */
export function legal(world: World, n: number): number[] {
  const { A } = world.spec;
  return Array.from({ length: A }, (_, a) => a).filter((a) => world.mask[n * A + a] === 1);
}
