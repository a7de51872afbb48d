/**
 * Recording: episodes of policies as a replay file.
 *
 * @module
 */
import {
  type Policy,
  readReplay,
  record,
  type ReplayHeader,
  runner,
  timeline,
  type WorldSpec,
} from "../../sim/mod.ts";
import { type Dice, seedFor, type Setting, watched, worldOptions } from "../../agents/mod.ts";

/** What to record. */
export interface RecordingOptions {
  readonly setting: Setting;
  readonly policies: (spec: WorldSpec) => Record<string, Policy>;
  readonly episodes: number;
  readonly seed: number;
  /** Who acts, for people, once it is known whether they drew random numbers. */
  readonly policy: (stochastic: boolean) => string;
  readonly run?: string;
}

/** A replay file and what happens in it. */
export interface Recording {
  readonly bytes: Uint8Array;
  readonly header: ReplayHeader;
  /** Episodes that broke a limit. */
  readonly violated: number;
  /** Steps that cost something beyond a limit. */
  readonly violations: number;
}

/** Record consecutive episodes of one environment. */
export function recordEpisodes(options: RecordingOptions): Recording {
  const { setting, policies, episodes, policy, run } = options;
  const seed = seedFor("replay", options.seed);
  const recorder = record(setting.scenario, { ...worldOptions(setting), seed });
  const dice: Dice = { drawn: false };
  const acting = runner(recorder.world, watched(policies(recorder.world.spec), dice), seed, {
    advance: () => recorder.step(),
  });
  while (recorder.episodes < episodes) acting.step();
  const bytes = recorder.finish({
    policy: policy(dice.drawn),
    ...setting.budgets && { limits: setting.budgets },
    ...run !== undefined && { run },
  });
  const replay = readReplay(bytes);
  const events = timeline(replay, undefined, setting.scenario);
  return {
    bytes,
    header: replay.header,
    violated: events.episodes.filter((episode) => episode.firstViolation >= 0).length,
    violations: events.violations.length,
  };
}
