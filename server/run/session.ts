/**
 * Training one run: state and metrics to the disk as it goes, and at the end the report, the policy and replays.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import {
  lessonOptions,
  noImprovement,
  returnReached,
  stateHash,
  timeLimit,
  train,
  type Trained,
  type TrainEvent,
  worldOptions,
} from "../../agents/mod.ts";
import { type ParallelWorld, parallelWorld } from "../../sim/parallel/mod.ts";
import type { Runtime } from "../../tensor/mod.ts";
import { openStore, type Store } from "../store.ts";
import type { RunFolder, Workspace } from "../workspace.ts";
import type { Plan, Request } from "./config.ts";
import { planFrom, planRun } from "./config.ts";
import type { ResultEvent, RunEvent } from "./events.ts";
import { finishRun } from "./finish.ts";
import { lockRun } from "./lock.ts";
import { metricLogs, metricsOf } from "./logs.ts";
import { dropShards, withRings } from "./shards.ts";
import { newestState, type SavedState, saveState } from "./state.ts";
import { changedVersions, versions } from "./versions.ts";
import { tensorboard } from "./tensorboard.ts";

/** A run that this process holds. */
export interface Session {
  readonly workspace: Workspace;
  readonly run: RunFolder;
  readonly store: Store;
  readonly plan: Plan;
  readonly saved?: SavedState;
  /** What the person should know before it starts. */
  readonly notes: readonly string[];
  close(): void;
}

/** Make the folder and the store's row of a new run. */
export async function startRun(
  workspace: Workspace,
  request: Request,
  runtime: Runtime,
  name?: string,
): Promise<Session> {
  const planned = await planRun(request, versions(runtime));
  const { scenario, algorithm, constraint } = planned.config;
  const store = openStore(workspace.database);
  try {
    const taken = (name: string) => store.run(name) !== undefined;
    const run = workspace.create({
      scenario,
      algorithm,
      constraint,
      taken,
      ...name !== undefined && { name },
    });
    const lock = lockRun(run);
    const plan = { ...planned, config: { ...planned.config, name: run.name } };
    run.writeConfig(plan.config);
    store.createRun({ ...plan.config, config: plan.config });
    return { workspace, run, store, plan, notes: [], close: () => (store.close(), lock.release()) };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Take up a run where its newest checkpoint left it. */
export async function resumeRun(workspace: Workspace, run: RunFolder, runtime: Runtime): Promise<Session> {
  const lock = lockRun(run);
  try {
    const plan = await planFrom(run);
    const found = newestState(run, plan);
    const saved = found && { ...found, state: withRings(run, found.state) };
    dropShards(run, saved?.state);
    const changes = changedVersions(plan.config.versions, versions(runtime))
      .map((change) => `${change}: from here on the bits may differ from those of an unbroken run`);
    const notes = [...(saved?.damaged ?? []).map((fault) => `skipped a checkpoint: ${fault}`), ...changes];
    const store = openStore(workspace.database);
    if (!store.run(run.name)) store.createRun({ ...plan.config, config: plan.config });
    const close = () => (store.close(), lock.release());
    return { workspace, run, store, plan, ...saved && { saved }, notes, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** How a session is run. */
export interface SessionOptions {
  readonly runtime: Runtime;
  readonly tell: (event: RunEvent) => void;
  /** True where the run should save and stop after the running update. */
  readonly stopping: () => boolean;
  /** Episodes of the report at the end. */
  readonly reportEpisodes: number;
  /** Save and stop after so many minutes. */
  readonly minutes?: number | undefined;
  /** Threads that the environments are split over; 1 unless given. The result is the same for any number. */
  readonly workers?: number | undefined;
}

/** Train to the end, or until `stopping`. The result is also told. */
export async function trainSession(session: Session, options: SessionOptions): Promise<ResultEvent> {
  const { run, store, plan, saved, notes } = session;
  const { tell } = options;
  const { config } = plan;
  const from = saved?.state.step ?? 0;
  for (const message of notes) tell({ event: "note", message });
  const over = saved !== undefined && store.run(run.name)?.status === "done";
  if (over) tell({ event: "note", message: `${run.name} is done; there is nothing left to train` });
  else {
    store.truncateMetrics(run.name, from);
    store.setStatus(run.name, "running", from);
    const { scenario, algorithm, constraint, steps } = config;
    tell({
      event: "start",
      run: run.name,
      path: run.path,
      scenario,
      algorithm,
      constraint,
      step: from,
      steps,
    });
  }
  try {
    const { state, reason } = over
      ? { state: saved!.state, reason: "finished" as const }
      : await advance(session, options);
    const status = reason === "finished" ? "done" : "stopped";
    const finished = status === "done" && !over ? finishRun(session, state, options) : {};
    if (!over) store.setStatus(run.name, status, state.step);
    const result: ResultEvent = {
      event: "result",
      run: run.name,
      path: run.path,
      status,
      step: state.step,
      steps: config.steps,
      hash: stateHash(state.tensors),
      ...finished,
    };
    tell(result);
    return result;
  } catch (error) {
    markFailed(session);
    throw error;
  }
}

/** The training itself, with the callbacks that keep it. */
async function advance({ run, store, plan, saved }: Session, options: SessionOptions): Promise<Trained> {
  const { runtime, tell, stopping, minutes, workers = 1 } = options;
  const { config, setting, algorithm, constraint } = plan;

  const keepMetrics = (event: TrainEvent) => {
    const found = metricsOf(event);
    if (found) store.appendMetrics(run.name, event.step, found);
  };
  const keepState = (event: TrainEvent) => {
    if (event.kind !== "checkpoint") return;
    tell({ event: "checkpoint", step: event.step, path: saveState(run, plan, event.state) });
  };
  const relay = (event: TrainEvent) => {
    const { step } = event, { steps } = config;
    if (event.kind === "update") {
      tell({ event: "update", step, steps, update: event.update, metrics: event.metrics });
    }
    if (event.kind === "evaluation") {
      tell({ event: "evaluation", step, best: event.best, report: event.report });
    }
  };
  using world = workers > 1 ? await threadedWorld(plan, workers) : undefined;
  return await train({
    ...setting,
    world,
    algorithm,
    ...constraint && { constraint },
    runtime,
    steps: config.steps,
    envs: config.envs,
    seed: config.seed,
    selfPlay: config.selfPlay,
    curriculum: plan.curriculum,
    checkpointEvery: config.checkpointEvery,
    evaluateEvery: config.evaluateEvery,
    evaluateEpisodes: config.evaluateEpisodes,
    callbacks: [
      keepMetrics,
      tensorboard(run.path),
      metricLogs(run.path, saved?.state.step ?? 0),
      relay,
      keepState,
      () => stopping() ? "stop" : undefined,
      ...minutes === undefined ? [] : [timeLimit(minutes)],
      ...config.stopAt === undefined ? [] : [returnReached(config.stopAt)],
      ...config.patience === undefined ? [] : [noImprovement(config.patience)],
    ],
    ...saved && { resume: saved.state },
  });
}

/** The world of a plan over several threads. */
function threadedWorld({ config, setting, curriculum }: Plan, workers: number): Promise<ParallelWorld> {
  const scenario = config.file === undefined ? config.scenario : { url: pathToFileURL(config.file) };
  const options = worldOptions(lessonOptions({ ...setting, curriculum }));
  return parallelWorld({ ...options, scenario, envs: config.envs, workers });
}

/** Say so in the store, where that still works; the error that ended the run matters more than this one. */
function markFailed({ run, store }: Session): void {
  try {
    store.setStatus(run.name, "failed", store.run(run.name)?.step ?? 0);
  } catch {
    return;
  }
}
