/**
 * Recorded episodes of Gymnasium's classic control, and worlds that follow them.
 *
 * @module
 */
import { makeWorld, type Scenario, type World, type WorldOptions } from "../../sim/mod.ts";

export interface ControlStep {
  readonly action: number | readonly number[];
  /** After the step. */
  readonly state: readonly number[];
  /** float32 */
  readonly obs: readonly number[];
  readonly reward: number;
  readonly terminated: boolean;
}

/** Steps from a reset to a termination, or to the end of the recording. */
export interface Segment {
  readonly state0: readonly number[];
  readonly obs0: readonly number[];
  readonly steps: readonly ControlStep[];
}

export interface ControlTrace {
  readonly max_episode_steps: number;
  readonly episodes: readonly { readonly policy: string; readonly segments: readonly Segment[] }[];
}

export async function controlTrace(file: string): Promise<ControlTrace> {
  return JSON.parse(await Deno.readTextFile(new URL(`traces/control/${file}.json`, import.meta.url)));
}

/** A world of one environment in a segment's first state; it is never truncated. */
export function begun(
  scenario: Scenario,
  columns: readonly string[],
  segment: Segment,
  options: WorldOptions,
): World {
  const world = makeWorld(scenario, { maxCycles: segment.steps.length + 1, ...options });
  put(world, columns, segment.state0);
  return world;
}

/** Writes a recorded state into the columns of that order, and shows it. */
export function put(world: World, columns: readonly string[], state: readonly number[]): void {
  columns.forEach((name, i) => world.columns[name]!.data[0] = state[i]!);
  world.refresh();
}

export function stateOf(world: World, columns: readonly string[]): number[] {
  return columns.map((name) => world.columns[name]!.data[0]!);
}

/** Takes a recorded action. */
export function act(world: World, action: ControlStep["action"]): void {
  world.actions.set(typeof action === "number" ? [action] : action);
  world.step();
}
