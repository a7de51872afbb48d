/**
 * Playing a replay: its actions fed to a world, forwards step by step, backwards through keyframes.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Scenario } from "../language/scenario.ts";
import type { BackendName, World } from "../types.ts";
import { actionCodec } from "./bits.ts";
import type { Replay } from "./format.ts";
import { openWorld } from "./open.ts";

/** Steps between two snapshots: a seek re-simulates fewer than these, once its surroundings were played. */
const KEYFRAME = 32;

export interface Player {
  readonly replay: Replay;
  /** One environment, in the state after `t` steps. An episode that ended is reset already (see `World`). */
  readonly world: World;
  /** Steps taken, 0 to `total`. */
  readonly t: number;
  readonly total: number;
  /** Take the next step. False at the end, where nothing happens. */
  step(): boolean;
  /** Go to the state after `t` steps. */
  seek(t: number): void;
  /** Index within the replay (0, 1, …) of the episode that step `t` belongs to. */
  episodeOf(t: number): number;
}

/** A player at the beginning of `replay`. See `openWorld` for its arguments and errors. */
export function play(replay: Replay, scenario?: Scenario, backend?: BackendName): Player {
  const world = openWorld(replay, scenario, backend);
  const codec = actionCodec(world.spec);
  const total = replay.header.steps;
  const keyframes = [world.snapshot()];
  let t = 0;

  function step(): boolean {
    if (t === total) return false;
    codec.read(replay.actions, t * codec.stepBits, world.actions);
    world.step();
    t++;
    if (t % KEYFRAME === 0 && t / KEYFRAME === keyframes.length) keyframes.push(world.snapshot());
    return true;
  }

  function seek(target: number): void {
    if (!Number.isInteger(target) || target < 0 || target > total) {
      throw new UserError(`replay: expected a step from 0 to ${total}, found ${target}`);
    }
    const nearest = Math.min(Math.floor(target / KEYFRAME), keyframes.length - 1);
    if (target < t || nearest * KEYFRAME > t) {
      world.restore(keyframes[nearest]!);
      t = nearest * KEYFRAME;
    }
    while (t < target) step();
  }

  return {
    replay,
    world,
    total,
    step,
    seek,
    episodeOf: (step) => episodeOf(replay, step),
    get t() {
      return t;
    },
  };
}

/** Index within `replay` of the episode that step `t` belongs to. */
export function episodeOf({ episodes }: Replay, t: number): number {
  let [low, high] = [0, episodes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (t < episodes[middle]!.end) high = middle;
    else low = middle + 1;
  }
  return low;
}
