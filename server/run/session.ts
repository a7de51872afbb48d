/**
 * Training one run: state and metrics to the disk as it goes, and at the end the report, the policy and replays.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import {
  type Callback,
  lessonOptions,
  noImprovement,
  returnReached,
  stateHash,
  timeLimit,
  train,
  type Trained,
  type TrainEvent,
  wholeSteps,
  worldOptions,
} from "../../agents/mod.ts";
import { type ParallelWorld, parallelWorld } from "../../sim/parallel/mod.ts";
import type { Runtime } from "../../tensor/mod.ts";
import { number } from "../cli/format.ts";
import { openStore, type Store } from "../store.ts";
import type { RunFolder, Workspace } from "../workspace.ts";
import type { Plan, Request } from "./config.ts";
import { planFrom, planRun } from "./config.ts";
import type { ResultEvent, RunEvent } from "./events.ts";
import { finishRun } from "./finish.ts";
import { lockRun } from "./lock.ts";
import { metricLogs, metricsOf } from "./logs.ts";
import { dropShards, withRings } from "./shards.ts";
import { checkEnvs, roundedUp } from "./size.ts";
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
  checkEnvs(planned);
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
    enter(store, plan);
    const close = () => (store.close(), lock.release());
    return { workspace, run, store, plan, notes: roundedUp(plan), close };
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
    const store = openStore(workspace.database);
    const lost = !saved && (store.run(run.name)?.step ?? 0) > 0;
    const notes = [
      ...(saved?.damaged ?? []).map((fault) => `skipped a checkpoint: ${fault}`),
      ...lost ? ["no checkpoint was found: the training starts anew at step 0"] : [],
      ...changes,
    ];
    if (!store.run(run.name)) enter(store, plan);
    const close = () => (store.close(), lock.release());
    return { workspace, run, store, plan, ...saved && { saved }, notes, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The store's row of a run. Its steps are those that are made, so that no share of them is more than all. */
function enter(store: Store, plan: Plan): void {
  store.createRun({ ...plan.config, steps: wholeSteps(plan.algorithm, plan.config), config: plan.config });
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
  const from = saved?.state.step ?? 0;
  const steps = wholeSteps(plan.algorithm, plan.config);
  for (const message of notes) tell({ event: "note", message });
  const over = saved !== undefined && store.run(run.name)?.status === "done";
  if (over) tell({ event: "note", message: `${run.name} is done; there is nothing left to train` });
  else {
    store.truncateMetrics(run.name, from);
    store.setStatus(run.name, "running", from);
    const { scenario, algorithm, constraint, steps: asked } = plan.config;
    tell({
      event: "start",
      run: run.name,
      path: run.path,
      scenario,
      algorithm,
      constraint,
      step: from,
      steps,
      asked,
    });
  }
  try {
    const { state, reason, ended }: Ending = over
      ? { state: saved!.state, reason: "finished" }
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
      steps,
      ...ended !== undefined && state.step < steps && { ended },
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

/** How the training ended, and what ended it before its steps were done. */
interface Ending extends Trained {
  readonly ended?: string | undefined;
}

/** The training itself, with the callbacks that keep it. */
async function advance({ run, store, plan, saved }: Session, options: SessionOptions): Promise<Ending> {
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
    const { step } = event, steps = wholeSteps(plan.algorithm, config);
    if (event.kind === "update") {
      tell({ event: "update", step, steps, update: event.update, metrics: event.metrics });
    }
    if (event.kind === "evaluation") {
      tell({ event: "evaluation", step, best: event.best, report: event.report });
    }
  };
  let ended: string | undefined;
  /** `callback`, and why where it is the first to end the training. */
  const because = (callback: Callback, why: (event: TrainEvent) => string): Callback => (event) => {
    const said = callback(event);
    if (said) ended ??= why(event);
    return said;
  };
  const { stopAt, patience } = config;
  using world = workers > 1 ? await threadedWorld(plan, workers) : undefined;
  const trained = await train({
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
      ...minutes === undefined ? [] : [
        because(timeLimit(minutes), () => `--minutes ${minutes} are over`),
      ],
      ...stopAt === undefined ? [] : [
        because(returnReached(stopAt), (event) => `${returnOf(event)}, --stop-at ${stopAt}`),
      ],
      ...patience === undefined ? [] : [
        because(noImprovement(patience), (event) => `${sinceOf(event)}, --patience ${patience}`),
      ],
    ],
    ...saved && { resume: saved.state },
  });
  return { ...trained, ended };
}

function returnOf(event: TrainEvent): string {
  return event.kind === "evaluation" ? `an evaluation returned ${number(event.report.return.mean)}` : "";
}

function sinceOf(event: TrainEvent): string {
  if (event.kind !== "evaluation") return "";
  const last = event.since === 1 ? "evaluation was" : `${event.since} evaluations were`;
  return `the last ${last} no better than one before`;
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
