/**
 * Writes episodes down: what is played through the environment becomes replay files.
 *
 * @module
 */
import { UserError } from "../../../core/mod.ts";
import { makeWorld } from "../../engine/world.ts";
import type { Scenario } from "../../language/scenario.ts";
import { record } from "../../replay/record.ts";
import type { Budget, World } from "../../types.ts";
import type { Simulated } from "../home.ts";
import { type AecEnv, type AnyEnv, isAec, type ParallelEnv, type Start } from "../types.ts";
import { forwardAec, forwardParallel } from "./forward.ts";

export interface Labels {
  /** Who played: a word for the file's header. */
  readonly policy: string;
  /** The scenario's budgets if not given. */
  readonly limits?: readonly Budget[];
  readonly run?: string;
}

export interface Recorded {
  /** The replay of the episode so far, or of the one that has just ended. */
  replay(): Uint8Array;
}

/**
 * Each `reset` begins a recording. It plays the episode again to write it, and so proves that it can be.
 *
 * @throws UserError when the environment was not made of a scenario; so does `replay()` before the first step, and
 *   where the episode is not what its actions lead to: its world was written to, or restored
 */
export function recordEpisode<O>(env: AecEnv<O>, labels: Labels): AecEnv<O> & Recorded;
export function recordEpisode<O>(env: ParallelEnv<O>, labels: Labels): ParallelEnv<O> & Recorded;
export function recordEpisode<O>(
  env: AecEnv<O> | ParallelEnv<O>,
  labels: Labels,
): (AecEnv<O> | ParallelEnv<O>) & Recorded {
  const made = madeOfScenario(env);
  const { world } = made;
  let actions: (Int32Array | Float32Array)[] = [];
  let episode = 0;
  let seed = 0;

  function begin(): void {
    actions = [];
    episode = world.episode[0]!;
    seed = made.seed;
  }

  /** Runs a step of the environment, and keeps the actions if the world took a step. */
  function watch<T>(step: () => T): T {
    const before = time(world);
    const result = step();
    if (time(world) !== before) actions.push(world.actions.slice());
    return result;
  }

  function replay(): Uint8Array {
    const { seed: _seed, renderMode: _renderMode, ...making } = made.options;
    const recorder = record(made.scenario, { ...making, seed, firstEpisode: episode });
    for (const taken of actions) {
      recorder.world.actions.set(taken);
      recorder.step();
    }
    const twin = makeWorld(made.scenario, { ...making, autoreset: world.autoreset });
    twin.reset(seed, episode);
    for (const taken of actions) {
      twin.actions.set(taken);
      twin.step();
    }
    if (twin.hash(0) !== world.hash(0)) {
      throw new UserError(
        "recordEpisode: the episode is not what its actions lead to from its seed: its world was written to or " +
          "restored since reset(). Record episodes that are played from reset() by step() alone",
      );
    }
    return recorder.finish(labels);
  }

  if (isAec(env)) {
    const wrapper = forwardAec(() => env, {
      reset(start?: Start) {
        env.reset(start);
        begin();
      },
      step: (action) => watch(() => env.step(action)),
    });
    return Object.assign(wrapper, { replay });
  }
  const wrapper = forwardParallel(() => env, {
    reset(start?: Start) {
      const shown = env.reset(start);
      begin();
      return shown;
    },
    step: (taken) => watch(() => env.step(taken)),
  });
  return Object.assign(wrapper, { replay });
}

/** Grows with each step of the world. */
function time({ episode, cycle, spec }: World): number {
  return episode[0]! * (spec.maxCycles + 1) + cycle[0]!;
}

function madeOfScenario(
  { unwrapped, metadata }: AnyEnv,
): Simulated<unknown> & { readonly scenario: Scenario } {
  if ("scenario" in unwrapped && unwrapped.scenario !== undefined) {
    return unwrapped as unknown as Simulated<unknown> & { readonly scenario: Scenario };
  }
  throw new UserError(
    `recordEpisode: ${metadata.name} was not made of a scenario by parallel() or aec(), and a replay plays a scenario`,
  );
}
