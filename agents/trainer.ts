/**
 * A trainer: a world, a learner for each group, the multipliers between them, and one update of it all. It knows no
 * algorithm and no file.
 *
 * @module
 */
import { fork, seed as seedStream, UserError } from "../core/mod.ts";
import {
  type Curriculum,
  type Group,
  makeWorld,
  type Policy,
  type World,
  type WorldSpec,
} from "../sim/mod.ts";
import type { Runtime } from "../tensor/mod.ts";
import {
  bindLimits,
  type Constraint,
  type EpisodeRecord,
  type Limit,
  mean,
  monitor,
  timeToFirst,
} from "../constraints/mod.ts";
import { seedFor, type Setting, worldOptions } from "./evaluate.ts";
import { checkFinite } from "./diverged.ts";
import { checkLearned, checkSteps } from "./first_step.ts";
import { checkNeeds } from "./registry.ts";
import { lessons } from "./lessons.ts";
import { emptyRings, withoutRings, written } from "./rings.ts";
import { type SelfPlay, selfPlayPool } from "./self_play.ts";
import { copyState, nest, restoreState } from "./state.ts";
import type { Algorithm, Learner, Metrics, PlayerContext, State, TrainState } from "./types.ts";

/** What to train on what. */
export interface TrainerOptions extends Setting {
  readonly algorithm: Algorithm;
  readonly constraint?: Constraint;
  /** Environment steps in all, over the `envs` environments. */
  readonly steps: number;
  readonly envs: number;
  readonly seed: number;
  readonly runtime: Runtime;
  /**
   * The world to train in, of `envs` environments and the algorithm's groups; made if not given. One over several
   * threads (sim/parallel) trains to the same bits.
   */
  readonly world?: World | undefined;
  /** Stages that the training world's params go through; `params` are those that policies are judged by. */
  readonly curriculum?: Curriculum | undefined;
  /** Play against the past, in scenarios of several groups. */
  readonly selfPlay?: SelfPlay | undefined;
}

/** What one update did. */
export interface Update {
  readonly metrics: Metrics;
  readonly episodes: readonly EpisodeRecord[];
}

export interface Trainer {
  readonly spec: WorldSpec;
  readonly limits: readonly Limit[];
  readonly learners: Readonly<Record<string, Learner>>;
  /** Environment steps and updates done. */
  readonly step: number;
  readonly update: number;
  /** True where all steps are done. */
  readonly finished: boolean;
  /** Collect one rollout and learn from it. */
  advance(): Update;
  /** The learned policy of each group; `mode` takes the most likely action. */
  policies(mode?: boolean): Record<string, Policy>;
  /**
   * A copy of everything; `restore` brings it back, bit for bit. Where `rings` is "shared", replays are not copied, and
   * the next `advance` writes on in them.
   */
  save(rings?: "copied" | "shared"): TrainState;
  restore(state: TrainState): void;
  dispose(): void;
}

/** Build a trainer at step 0. Throws a UserError when algorithm, constraint and scenario do not fit. */
export function trainer(options: TrainerOptions): Trainer {
  const { scenario, algorithm, constraint, steps, envs, seed, runtime } = options;
  const { horizon } = algorithm;
  const world = options.world ??
    makeWorld(scenario, { ...worldOptions(lessonOptions(options)), envs, groups: algorithm.groups });
  const { spec } = world;
  checkNeeds(algorithm, spec, scenario, constraint);
  checkSteps(algorithm, options);
  const limits = bindLimits(spec, options.budgets ?? spec.budgets);
  const pricing = constraint?.bind(spec, limits);
  const stream = seedStream(seed);
  const contextOf = (group: Group): PlayerContext => ({
    spec,
    group,
    runtime,
    stream: fork(stream, `learner.${group.name}`),
  });
  const learners: Record<string, Learner> = Object.fromEntries(
    spec.groups.map((group) => [
      group.name,
      algorithm.start({ ...contextOf(group), pricing, peers: () => learners }),
    ]),
  );
  const spare = (name: string) =>
    algorithm.player(contextOf(spec.groups.find((group) => group.name === name)!));
  const pool = options.selfPlay &&
    selfPlayPool(options.selfPlay, world, learners, spare, fork(stream, "self-play"));
  const watch = monitor(spec, limits);
  const course = options.curriculum && lessons(options.curriculum, world);
  const prices = pricing?.start() ?? new Float64Array();
  /** Episodes so far that broke each channel's limit. */
  const violated = new Float64Array(spec.C);
  world.reset(seedFor("training", seed));
  let step = 0;
  let update = 0;

  /** The live arrays of the run; the world's snapshot is taken apart, since it is made anew each time. */
  const live: State = {
    prices,
    violated,
    ...nest("monitor", watch.sums),
    ...pool && nest("pool", pool.state),
    ...course && nest("curriculum", course.state),
    ...Object.assign(
      {},
      ...Object.entries(learners).map(([name, { state }]) => nest(`learner.${name}`, state)),
    ),
  };

  const rings: Record<string, number> = {};
  for (const [name, learner] of Object.entries(learners)) {
    for (const [ring, capacity] of Object.entries(learner.rings ?? {})) {
      rings[`learner.${name}.${ring}`] = capacity;
    }
  }

  return {
    spec,
    limits,
    learners,
    get step() {
      return step;
    },
    get update() {
      return update;
    },
    get finished() {
      return step >= steps;
    },
    advance() {
      const episodes: EpisodeRecord[] = [];
      const opponents = pool?.opponents(update) ?? {};
      const learning = Object.entries(learners).filter(([name]) =>
        !(algorithm.onPolicy && name in opponents)
      );
      for (let t = 0; t < horizon; t++) {
        for (const [, learner] of learning) learner.act(world);
        for (const side of Object.values(opponents)) side.act();
        world.step();
        for (const [, learner] of learning) learner.observe(world);
        for (const side of Object.values(opponents)) side.forget();
        const ended = watch.step(world);
        course?.observe(
          ended.map((episode) => ({ return: episode.return, withinBudget: kept(episode, limits) })),
        );
        episodes.push(...ended);
      }
      for (const [name, learner] of Object.entries(learners)) {
        if (!learning.some(([one]) => one === name)) learner.sitOut?.();
      }
      const progress = Math.min(1, step / steps);
      step += horizon * envs;
      update++;
      if (pricing && episodes.length > 0) {
        const costs = pricing.limits.map(({ index }) => mean(episodes.map(({ costs }) => costs[index]!)));
        pricing.update(costs, progress, prices);
      }
      const multipliers = pricing?.multipliers(prices) ?? [];
      const metrics: Metrics = {};
      for (const [name, learner] of learning) {
        const learned = learner.learn(world, { progress, prices: multipliers });
        checkFinite(learner, learned, { name, update, step });
        Object.assign(metrics, spec.groups.length > 1 ? prefixed(name, learned) : learned);
      }
      if (step >= steps) {
        const entries = Object.keys(rings).map((ring) => written(live, ring));
        checkLearned(algorithm, Math.max(0, ...entries));
      }
      pool?.freeze(update);
      if (course) metrics["curriculum/stage"] = course.stage();
      pricing?.limits.forEach(({ channel }, k) => metrics[`constraint/lambda/${channel}`] = multipliers[k]!);
      for (const { channel, index, limit } of limits) {
        violated[index]! += episodes.filter(({ costs }) => costs[index]! > limit).length;
        metrics[`violations_total/${channel}`] = violated[index]!;
      }
      return { metrics: { ...metrics, ...episodeMetrics(spec, limits, episodes) }, episodes };
    },
    policies: (mode = false) =>
      Object.fromEntries(Object.entries(learners).map(([name, learner]) => [name, learner.policy(mode)])),
    save(replays = "copied") {
      const own = replays === "shared" ? withoutRings(live, rings) : live;
      return { step, update, tensors: { ...live, ...copyState(own), world: world.snapshot() }, rings };
    },
    restore(state) {
      const { world: snapshot, ...tensors } = state.tensors;
      if (!(snapshot instanceof Uint8Array)) {
        throw new UserError(`checkpoint: it lacks "world", which this run needs`);
      }
      restoreState({ ...emptyRings(rings, tensors, live), ...tensors }, live);
      world.restore(snapshot);
      for (const learner of Object.values(learners)) learner.refresh();
      step = state.step;
      update = state.update;
    },
    dispose() {
      for (const learner of Object.values(learners)) learner.dispose();
    },
  };
}

/** The options as the training world has them: with the params of all stages. */
export function lessonOptions<O extends Setting & Pick<TrainerOptions, "curriculum">>(options: O): O {
  if (!options.curriculum) return options;
  return { ...options, params: { ...options.params, ...options.curriculum.params } };
}

function kept({ costs }: EpisodeRecord, limits: readonly Limit[]): boolean {
  return limits.every(({ index, limit }) => costs[index]! <= limit);
}

/** Return, length, cost and violations of the episodes that ended; nothing where none did. */
export function episodeMetrics(
  spec: WorldSpec,
  limits: readonly Limit[],
  episodes: readonly EpisodeRecord[],
): Metrics {
  if (episodes.length === 0) return {};
  const metrics: Metrics = {
    "episode/return": mean(episodes.map((episode) => episode.return)),
    "episode/length": mean(episodes.map((episode) => episode.length)),
  };
  if (spec.groups.length > 1) {
    spec.groups.forEach(({ name }, g) =>
      metrics[`${name}/episode/return`] = mean(episodes.map(({ groups }) => groups[g]!))
    );
  }
  spec.channels.forEach(({ name }, c) =>
    metrics[`cost/${name}`] = mean(episodes.map(({ costs }) => costs[c]!))
  );
  for (const { channel, index, limit } of limits) {
    metrics[`limit/${channel}`] = limit;
    metrics[`violations/${channel}`] = mean(episodes.map(({ costs }) => costs[index]! > limit ? 1 : 0));
    const first = timeToFirst(episodes, index);
    if (first !== undefined) metrics[`first_violation/${channel}`] = first;
  }
  return metrics;
}

function prefixed(group: string, metrics: Metrics): Metrics {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`${group}/${name}`, value]));
}
