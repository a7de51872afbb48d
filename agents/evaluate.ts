/**
 * Evaluation: what a policy returns and costs on seeds that training never sees.
 *
 * Episode `i` of an evaluation is the first episode of environment `i` under its seed, so the result does not depend
 * on how many episodes run side by side.
 *
 * @module
 */
import { fork, seed as seedStream } from "../core/mod.ts";
import {
  type BackendName,
  type Budget,
  type Grouping,
  makeWorld,
  type Policy,
  runner,
  type Scenario,
  type World,
  type WorldSpec,
} from "../sim/mod.ts";
import {
  bindLimits,
  type ChannelReport,
  costReport,
  type EpisodeRecord,
  type Interval,
  mean,
  meanInterval,
  monitor,
} from "../constraints/mod.ts";
import { type Dice, watched } from "./drawn.ts";

/** What an evaluation found. Returns are means over agents of their summed rewards. */
export interface Report {
  scenario: string;
  algorithm: string;
  episodes: number;
  seed: number;
  /** Whether any policy drew a random number. */
  stochastic: boolean;
  return: { mean: number; ci: Interval };
  /** The same of each group's members alone. */
  groups: Record<string, { mean: number; ci: Interval }>;
  costs: Record<string, ChannelReport>;
}

/** The scenario as a policy meets it. */
export interface Setting {
  readonly scenario: Scenario;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly actions?: "discrete" | "continuous";
  readonly backend?: BackendName;
  /** Who shares a policy: those of one role unless given. */
  readonly groups?: Grouping;
  /** The limits to judge by; the scenario's own budgets where absent. */
  readonly budgets?: readonly Budget[];
}

/** What to evaluate, and how often. */
export interface EvaluateOptions extends Setting {
  /** The policy of each group. */
  readonly policies: (spec: WorldSpec) => Readonly<Record<string, Policy>>;
  readonly episodes: number;
  readonly seed: number;
  /** Name that the report states. */
  readonly algorithm: string;
}

/** The most episodes that run side by side. */
const sideBySide = 256;

/** A seed for `purpose`, apart from that of every other purpose and from `seed` itself. */
export function seedFor(purpose: string, seed: number): number {
  const { k0, k1 } = fork(seedStream(seed), purpose);
  return k0 + (k1 & 0x1fffff) * 0x100000000;
}

/** World options of a setting, without the keys that are absent. */
export function worldOptions({ params, actions, backend, groups }: Setting) {
  return {
    ...params && { params },
    ...actions && { actions },
    ...backend && { backend },
    ...groups && { groups },
  };
}

/** Run `episodes` episodes and report. */
export function evaluate(options: EvaluateOptions): { report: Report; records: EpisodeRecord[] } {
  const { scenario, episodes, seed, algorithm } = options;
  const records: EpisodeRecord[] = [];
  const dice: Dice = { drawn: false };
  let spec: WorldSpec | undefined;
  for (let firstEnv = 0; firstEnv < episodes; firstEnv += sideBySide) {
    const envs = Math.min(sideBySide, episodes - firstEnv);
    const world = makeWorld(scenario, { ...worldOptions(options), envs, firstEnv });
    spec = world.spec;
    records.push(...firstEpisodes(world, firstEnv, options, dice));
  }
  const limits = bindLimits(spec!, options.budgets ?? spec!.budgets);
  return {
    records,
    report: {
      scenario: scenario.id,
      algorithm,
      episodes,
      seed,
      stochastic: dice.drawn,
      return: interval(records.map((record) => record.return)),
      groups: Object.fromEntries(
        spec!.groups.map(({ name }, g) => [name, interval(records.map(({ groups }) => groups[g]!))]),
      ),
      costs: costReport(spec!, limits, records),
    },
  };
}

function interval(values: readonly number[]): { mean: number; ci: Interval } {
  return { mean: mean(values), ci: meanInterval(values) };
}

/** The first episode of every environment of `world`. */
function firstEpisodes(
  world: World,
  firstEnv: number,
  options: EvaluateOptions,
  dice: Dice,
): EpisodeRecord[] {
  const { spec } = world;
  const seed = seedFor("evaluation", options.seed);
  world.reset(seed);
  const watch = monitor(spec, bindLimits(spec, options.budgets ?? spec.budgets));
  const run = runner(world, watched(options.policies(spec), dice), seed, { firstEnv });
  const first: (EpisodeRecord | undefined)[] = new Array(spec.E).fill(undefined);
  let left = spec.E;
  while (left > 0) {
    run.step();
    const ended = watch.step(world);
    let at = 0;
    for (let e = 0; e < spec.E; e++) {
      if (world.done[e] === 0) continue;
      const record = ended[at++]!;
      if (first[e]) continue;
      first[e] = record;
      left--;
    }
  }
  return first as EpisodeRecord[];
}
