/**
 * Small trainings for the tests over the shelf of algorithms.
 *
 * @module
 */
import { checkNeeds, trainer } from "../../agents/mod.ts";
import type { AlgorithmEntry, Trainer, TrainerOptions } from "../../agents/mod.ts";
import { lagrangian } from "../../constraints/mod.ts";
import { UserError } from "../../core/mod.ts";
import { findScenario, makeWorld, type Scenario } from "../../sim/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";

export const runtime = nodeRuntime();

export const kinds = ["discrete", "continuous"] as const;
export const shelf = [findScenario("mpe/simple_spread_v3"), findScenario("matrix/two_step")];

/** The settings among `wanted` that the algorithm has. */
export function fitting(entry: AlgorithmEntry, wanted: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(wanted).filter(([name]) => name in entry.settings.shape));
}

export const small = {
  hidden: [8],
  horizon: 25,
  epochs: 2,
  minibatches: 2,
  batch: 4,
  capacity: 64,
  updates: 1,
  start: 4,
};
/** Networks of other kinds that the algorithm may have, beside the plain one. */
export function variants(entry: AlgorithmEntry): [string, Record<string, unknown>][] {
  const wanted = {
    " with ids and, where it has one, a memory": { agentIds: true, memory: 6, chunk: 5 },
    " apart": { share: false, scaleReward: true },
  };
  const offered = Object.entries(wanted).filter(([, set]) => Object.keys(set)[0]! in entry.settings.shape);
  return [["", {}], ...offered];
}

export const still = { actorRate: 0, criticRate: 0, rate: 0 };

/** Whether the scenario offers that kind of action and meets the algorithm's needs. */
export function offers(entry: AlgorithmEntry, scenario: Scenario, actions: typeof kinds[number]): boolean {
  try {
    checkNeeds(entry.make({}), makeWorld(scenario, { actions }).spec, scenario);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

export const scenarioFor = (entry: AlgorithmEntry, actions: typeof kinds[number]) =>
  shelf.find((scenario) => offers(entry, scenario, actions));

export function start(
  entry: AlgorithmEntry,
  actions: typeof kinds[number],
  set = {},
  { scenario = scenarioFor(entry, actions)!, ...options }: Partial<TrainerOptions> = {},
): Trainer {
  const priced = makeWorld(scenario, { actions }).spec.budgets.length > 0;
  return trainer({
    scenario,
    actions,
    algorithm: entry.make(fitting(entry, { ...small, ...set })),
    ...priced && entry.make({}).obeys.includes("prices") && { constraint: lagrangian({ rate: 1 }) },
    steps: 400,
    envs: 4,
    seed: 3,
    runtime,
    ...options,
  });
}

export const parameters = (run: Trainer) =>
  Object.values(run.learners).flatMap(({ state }) =>
    Object.entries(state).filter(([name]) => name.endsWith(".theta")).map(([, theta]) => theta.slice())
  );
