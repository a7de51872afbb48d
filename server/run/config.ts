/**
 * From the words of a command to a run's config, and from a config to what `agents` trains.
 *
 * @module
 */
import { join } from "node:path";
import * as z from "zod";
import { settings, UserError } from "../../core/mod.ts";
import {
  type Budget,
  type Curriculum,
  curriculum,
  type CurriculumOptions,
  makeWorld,
  paramsOf,
  type WorldSpec,
} from "../../sim/mod.ts";
import { bindLimits, channelIndex, type Constraint, findConstraint } from "../../constraints/mod.ts";
import {
  type Algorithm,
  checkNeeds,
  checkSides,
  checkSteps,
  findAlgorithm,
  selfPlaySettings,
  type Setting,
  worldOptions,
} from "../../agents/mod.ts";
import { usage } from "../cli/flags.ts";
import type { LimitFlag } from "../cli/values.ts";
import { runConfig, type RunFolder } from "../workspace.ts";
import { configFile } from "../workspace/config.ts";
import { checkUnaltered } from "./altered.ts";
import { type FoundScenario, loadScenario } from "./scenario.ts";

/** The pace of a run: how often it saves and evaluates. */
export const pace = z.strictObject({
  checkpointEvery: z.int().min(1),
  evaluateEvery: z.int().min(0),
  evaluateEpisodes: z.int().min(1),
  stopAt: z.number().optional(),
  patience: z.int().min(1).optional(),
});

/** Stages of params, and when to move between them; what the stages hold is checked by `curriculum`. */
export const curriculumConfig = z.strictObject({
  stages: z.array(z.record(z.string(), z.unknown())).min(1),
  promote: z.number().optional(),
  demote: z.number().optional(),
  window: z.number().optional(),
  above: z.number().optional(),
});

/** `config.json` as training writes it. */
export const trainConfig = runConfig.extend(pace.shape).extend({
  file: z.string().optional(),
  selfPlay: selfPlaySettings.optional(),
  curriculum: curriculumConfig.optional(),
});

export type TrainConfig = z.output<typeof trainConfig>;

/** What was asked for, before anything is looked up. */
export interface Request extends z.output<typeof pace> {
  readonly scenario: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly actions?: "discrete" | "continuous" | undefined;
  readonly algorithm: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly constraint?: string | undefined;
  readonly constraintSettings: Readonly<Record<string, unknown>>;
  readonly limits: readonly LimitFlag[];
  /** Settings of self-play; none where it is not wanted. */
  readonly selfPlay?: Readonly<Record<string, unknown>> | undefined;
  /** Stages of params that the training goes through; policies are judged by the last. */
  readonly curriculum?: unknown;
  readonly steps: number;
  readonly seed: number;
  readonly envs: number;
}

/** A config and the values that its names stand for. */
export interface Plan {
  readonly config: TrainConfig;
  readonly spec: WorldSpec;
  readonly algorithm: Algorithm;
  readonly constraint?: Constraint;
  readonly curriculum?: Curriculum;
  /** The scenario as the run meets it, with the run's limits. */
  readonly setting: Setting & { readonly budgets: readonly Budget[] };
}

/**
 * The plan of a new run. The config still lacks its name.
 *
 * @throws UsageError on an unknown scenario, algorithm, constraint, setting, param or channel, with the nearest name
 */
export async function planRun(request: Request, versions: Record<string, string>): Promise<Plan> {
  const found = await loadScenario(request.scenario);
  const parts = usage(() => {
    const algorithm = findAlgorithm(request.algorithm).make(request.settings);
    const constraint = request.constraint === undefined
      ? undefined
      : findConstraint(request.constraint).make(request.constraintSettings);
    const { actions } = request;
    const stages = request.curriculum === undefined
      ? undefined
      : settings(curriculumConfig, request.curriculum, "curriculum");
    const lessons = lessonsOf(stages);
    const params = { ...request.params, ...lessons?.stage(lessons.length - 1) };
    const options = worldOptions({ ...found, params, groups: algorithm.groups, ...actions && { actions } });
    const { spec } = makeWorld(found.scenario, options);
    if (lessons) makeWorld(found.scenario, { ...options, params: { ...params, ...lessons.params } });
    const budgets = withLimits(spec, request.limits);
    checkNeeds(algorithm, spec, found.scenario, constraint);
    checkSteps(algorithm, request);
    constraint?.bind(spec, bindLimits(spec, budgets));
    const selfPlay = request.selfPlay && settings(selfPlaySettings, request.selfPlay, "self-play");
    if (selfPlay) checkSides(spec);
    return { algorithm, constraint, spec, budgets, selfPlay, stages };
  });
  const { algorithm, constraint, spec, budgets, selfPlay, stages } = parts;
  const { steps, seed, envs, checkpointEvery, evaluateEvery, evaluateEpisodes, stopAt, patience } = request;
  const config: TrainConfig = {
    format: 1,
    name: "unnamed",
    scenario: spec.scenario,
    ...found.file && { file: found.file },
    params: paramsOf(spec),
    algorithm: algorithm.name,
    settings: { ...algorithm.settings },
    constraint: constraint?.name ?? null,
    constraintSettings: { ...constraint?.settings },
    limits: bindLimits(spec, budgets).map(({ channel, scope, kind, limit, epsilon }) => ({
      channel,
      scope,
      kind,
      limit,
      ...epsilon > 0 && { epsilon },
    })),
    seed,
    steps,
    envs,
    actions: spec.actionKind,
    backend: spec.backend,
    codeHash: spec.codeHash,
    versions,
    createdAt: new Date().toISOString(),
    checkpointEvery,
    evaluateEvery,
    evaluateEpisodes,
    ...stopAt !== undefined && { stopAt },
    ...patience !== undefined && { patience },
    ...selfPlay && { selfPlay },
    ...stages && { curriculum: stages },
  };
  return planOf(config, found);
}

/** The plan that a run's config states, under the name of its folder, which may be a copy. Throws a UserError that names the file where the config fits nothing. */
export async function planFrom(run: RunFolder): Promise<Plan> {
  const path = join(run.path, configFile);
  const checked = settings(trainConfig, { ...run.readConfig(), name: run.name }, path);
  checkUnaltered(run, checked, path, (saved) => settings(trainConfig, saved, configFile));
  try {
    const plan = planOf(checked, await loadScenario(checked.file ?? checked.scenario));
    checkCode(plan);
    bindLimits(plan.spec, plan.setting.budgets);
    return plan;
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${path}: ${error.message}`);
    throw error;
  }
}

/** A scenario that was edited since would give the old policy another world, under the old name. */
function checkCode({ config, spec }: Plan): void {
  if (spec.scenario === config.scenario && spec.codeHash === config.codeHash) return;
  throw new UserError(
    `codeHash: the run was trained on ${config.scenario} ${config.codeHash}, and the scenario is now ` +
      `${spec.scenario} ${spec.codeHash}. Bring back the scenario as it was, or train a new run`,
  );
}

function planOf(config: TrainConfig, { scenario }: FoundScenario): Plan {
  const { params, actions, limits } = config;
  const budgets = limits.map(({ channel, kind, limit, epsilon }): Budget => ({
    channel,
    kind,
    limit,
    ...epsilon !== undefined && { epsilon },
  }));
  const algorithm = findAlgorithm(config.algorithm).make(config.settings);
  const setting = { scenario, params, actions, groups: algorithm.groups, budgets };
  const constraint = config.constraint === null
    ? undefined
    : findConstraint(config.constraint).make(config.constraintSettings);
  const lessons = lessonsOf(config.curriculum);
  return {
    config,
    ...lessons && { curriculum: lessons },
    spec: makeWorld(scenario, worldOptions(setting)).spec,
    algorithm,
    ...constraint && { constraint },
    setting,
  };
}

function lessonsOf(stages: z.output<typeof curriculumConfig> | undefined): Curriculum | undefined {
  return stages && curriculum(stages as CurriculumOptions);
}

/** The scenario's budgets, with the limits that were asked for in their place or beside them. */
export function withLimits(spec: WorldSpec, limits: readonly LimitFlag[]): Budget[] {
  const budgets = new Map(spec.budgets.map((budget) => [budget.channel, budget]));
  for (const { channel, kind, limit } of limits) {
    const name = spec.channels[channelIndex(spec, channel)]!.name;
    const known = budgets.get(name);
    budgets.set(name, { channel: name, ...known, kind: kind ?? known?.kind ?? "episode", limit });
  }
  return [...budgets.values()];
}
