/**
 * Plays a world and shows each step's state from before and after it, for tests that work out by hand what must come.
 *
 * @module
 */
import { findScenario, makeWorld, randomPolicy, runner, scriptedPolicy, type World } from "../../sim/mod.ts";

export interface Watched {
  readonly world: World;
  /** A column of environment 0, as it was before the step. */
  before(column: string): number[];
  /** The same, after it. */
  after(column: string): number[];
  /** Environment 0's action of agent n; of continuous ones number i. */
  action(n: number, i?: number): number;
}

/** Steps a world of one environment until just before its first episode ends. */
export function watch(
  id: string,
  { policy = "random", seed = 4, ...options }: {
    readonly policy?: string;
    readonly seed?: number;
    readonly params?: Record<string, unknown>;
    readonly actions?: "discrete" | "continuous";
  },
  look: (step: Watched) => void,
): void {
  const scenario = findScenario(id);
  const world = makeWorld(scenario, options);
  world.reset(seed);
  const chosen = world.spec.groups.map((group) => [
    group.name,
    policy === "random"
      ? randomPolicy(world.spec, group)
      : scriptedPolicy(scenario, world.spec, group, policy)!,
  ]);
  const run = runner(world, Object.fromEntries(chosen), seed);
  const state = () => {
    return Object.fromEntries(Object.entries(world.columns).map(([name, { data }]) => [name, [...data]]));
  };
  const width = world.spec.actionKind === "discrete" ? 1 : world.spec.A;
  for (let t = 1; t < world.spec.maxCycles; t++) {
    const [before] = [state(), run.step()];
    const after = state();
    look({
      world,
      before: (column) => before[column]!,
      after: (column) => after[column]!,
      action: (n, i = 0) => world.actions[n * width + i]!,
    });
  }
}

/** Equal up to rounding. */
export function close(found: number, expected: number, tolerance = 1e-9): boolean {
  return Math.abs(found - expected) <= tolerance;
}
