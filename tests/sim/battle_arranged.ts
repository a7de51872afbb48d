/**
 * Battles whose units stand where a test puts them: three a side, a marksman and two brawlers.
 *
 * @module
 */
import assert from "node:assert/strict";
import { findScenario, makeWorld, type World, type WorldOptions } from "../../sim/mod.ts";

/** What a unit can do. */
export const [NOOP, STOP, NORTH, SOUTH, FORWARDS, BACK, ATTACK] = [0, 1, 2, 3, 4, 5, 6] as const;
/** Of a marksman and of a brawler, in teams of one and two. */
export const THREE = { N: 3, marksmen: 0.34 };
export const TEAM_HEALTH = 45 + 100 + 100;

export interface Unit {
  readonly x: number;
  readonly y?: number;
  readonly health?: number;
  readonly reload?: number;
}
/** Far from everyone, and fallen. */
export const GONE: Unit = { x: 0, health: 0 };

export function made(id: "skirmish" | "duel", options: WorldOptions = {}): World {
  const world = makeWorld(findScenario(`battle/${id}`), { params: THREE, ...options });
  world.reset(1);
  return world;
}

/** Puts all units in their places: the first team, then the other; whole and ready unless told otherwise. */
export function arrange(world: World, units: readonly Unit[]): void {
  const { place, health, reload } = world.columns as Record<string, World["columns"][string]>;
  units.forEach((unit, n) => {
    place!.data.set([unit.x, unit.y ?? 0], 2 * n);
    health!.data[n] = unit.health ?? (n % 3 === 0 ? 45 : 100);
    reload!.data[n] = unit.reload ?? 0;
  });
  world.refresh();
}

export const healths = (world: World) => [...world.columns["health"]!.data];
export const places = (world: World) => [...world.columns["place"]!.data];
export const legal = (world: World, n: number) => {
  const { A } = world.spec;
  return [...world.mask.subarray(n * A, (n + 1) * A)];
};
export function act(world: World, ...actions: number[]): void {
  world.actions.set(actions);
  world.step();
}
export function close(found: number, expected: number): void {
  assert.ok(Math.abs(found - expected) < 1e-9, `expected ${expected}, found ${found}`);
}
