/**
 * The learned policies of a run, out of a state: the best that training kept, or the newest.
 *
 * @module
 */
import { fork, seed as seedStream, UserError } from "../../core/mod.ts";
import type { Policy } from "../../sim/mod.ts";
import { type Player, restoreState, type State, type TrainState } from "../../agents/mod.ts";
import type { Runtime } from "../../tensor/mod.ts";
import { findRun, type RunFolder, type Workspace } from "../workspace.ts";
import { type Plan, planFrom } from "./config.ts";
import { resumeLine } from "../cli/format.ts";
import { note } from "../cli/output.ts";
import { openStore } from "../store.ts";
import { newestState } from "./state.ts";

/** Policies and where in the training they are from. */
export interface Learned {
  /** `best`: the best by the run's own evaluations; `newest`: those of the last checkpoint. */
  readonly which: "best" | "newest";
  /** Environment steps that they had learned from. */
  readonly step: number;
  readonly players: Readonly<Record<string, Player>>;
  /** The policy of each group; `mode` takes the most likely action. */
  policies(mode: boolean): Record<string, Policy>;
}

/** Names of what a state holds for the policy of `group`. */
const prefixes = {
  best: (group: string) => `best.${group}.`,
  newest: (group: string) => `learner.${group}.`,
};

/** The policies in `state`: the best where one was kept, unless the newest are wanted. */
export function learnedFrom(
  plan: Plan,
  runtime: Runtime,
  state: TrainState,
  which: Learned["which"] = hasBest(state) ? "best" : "newest",
): Learned {
  const { spec, algorithm } = plan;
  const players = Object.fromEntries(spec.groups.map((group) => {
    const stream = fork(seedStream(0), group.name);
    const player = algorithm.player({ spec, group, runtime, stream });
    const found = Object.entries(under(prefixes[which](group.name), state.tensors));
    restoreState(
      Object.fromEntries(found.filter(([name]) => name in player.policyState)),
      player.policyState,
    );
    player.refresh();
    return [group.name, player];
  }));
  return {
    which,
    step: which === "best" ? state.tensors.rank?.[2] ?? state.step : state.step,
    players,
    policies: (mode) =>
      Object.fromEntries(Object.entries(players).map(([group, player]) => [group, player.policy(mode)])),
  };
}

function hasBest({ tensors }: TrainState): boolean {
  return Object.keys(tensors).some((name) => name.startsWith("best."));
}

/** A run on the disk and what it learned. */
export interface LearnedRun {
  readonly workspace: Workspace;
  readonly run: RunFolder;
  readonly plan: Plan;
  readonly learned: Learned;
}

/**
 * What the run learned that `argument`, a name in the folder `runs` or a folder, means.
 *
 * @throws UserError where it has no checkpoint yet, or only damaged ones
 */
export async function openLearned(argument: string, runs: string, runtime: Runtime): Promise<LearnedRun> {
  const { state, ...found } = await openState(argument, runs);
  return { ...found, learned: learnedFrom(found.plan, runtime, state) };
}

/** A run and its newest state that can be read; notes on the standard error what is wrong with newer ones. */
export async function openState(argument: string, runs: string) {
  const { workspace, run } = findRun(argument, runs);
  const plan = await planFrom(run);
  const saved = newestState(run, plan);
  if (!saved) throw noCheckpoint(workspace, run);
  for (const fault of saved.damaged) note(`skipped a checkpoint: ${fault}`);
  return { workspace, run, plan, state: saved.state };
}

function noCheckpoint(workspace: Workspace, run: RunFolder): UserError {
  const store = openStore(workspace.database);
  const failed = store.run(run.name)?.status === "failed";
  store.close();
  const resume = resumeLine(run.path);
  return new UserError(
    failed
      ? `${run.path} has no checkpoint: its training failed before the first one. If it diverged, train a new run ` +
        `with a smaller step size, since this one would diverge again; else go on with: ${resume}`
      : `${run.path} has no checkpoint yet. Go on with: ${resume}`,
  );
}

/** The arrays of `state` whose names begin with `prefix`, without it. */
export function under(prefix: string, state: State): State {
  return Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array]),
  );
}
