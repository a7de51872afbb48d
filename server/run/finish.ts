/**
 * The end of a run: its policy judged on seeds that training never saw, exported, and recorded at work.
 *
 * @module
 */
import { join } from "node:path";
import { evaluate, type Report, type TrainState } from "../../agents/mod.ts";
import type { Runtime } from "../../tensor/mod.ts";
import { methodOf } from "../cli/format.ts";
import type { Store } from "../store.ts";
import { type RunFolder, writeWhole } from "../workspace.ts";
import type { Plan } from "./config.ts";
import type { ResultEvent } from "./events.ts";
import { exportGroup } from "./exporting.ts";
import { type Learned, learnedFrom } from "./learned.ts";
import { recordEpisodes, type Recording } from "./recording.ts";

/** Episodes in each replay at the end of a run. */
const replayEpisodes = 10;

/** Report, export and record the policy of `state`. */
export function finishRun(
  { run, store, plan }: { run: RunFolder; store: Store; plan: Plan },
  state: TrainState,
  { runtime, reportEpisodes }: { runtime: Runtime; reportEpisodes: number },
): Pick<ResultEvent, "policyStep" | "report" | "final" | "policies" | "replays"> {
  const reportOf = (it: Learned): Report => {
    const policies = it.policies(false);
    const { seed, algorithm } = plan.config;
    const episodes = reportEpisodes;
    return evaluate({
      ...plan.setting,
      policies: () => policies,
      episodes,
      seed,
      algorithm,
    })
      .report;
  };
  const newest = learnedFrom(plan, runtime, state, "newest");
  const final = reportOf(newest);
  const learned = learnedFrom(plan, runtime, state);
  const report = learned.which === "newest" ? final : reportOf(learned);
  keepEvaluation(run, store, report);
  const policies = exportAll(run, plan, learned);
  // A policy that draws is recorded as it draws, too.
  const modes = report.stochastic ? [false, true] : [true];
  const replays = modes.map((mode, i) => {
    const { setting, config: { seed } } = plan;
    const policies = () => learned.policies(mode);
    const recording = recordEpisodes({
      setting,
      policies,
      episodes: replayEpisodes,
      seed,
      policy: (stochastic) => policyLabel(plan, learned, stochastic),
      run: run.name,
    });
    return keepReplay(run, store, recording, `${String(i + 1).padStart(4, "0")}.replay`);
  });
  return { policyStep: learned.step, report, final, policies, replays };
}

/** `mappo + lagrangian, stochastic, best at step 81920`. */
export function policyLabel({ config }: Plan, { which, step }: Learned, stochastic: boolean): string {
  return `${methodOf(config)}, ${stochastic ? "stochastic" : "deterministic"}, ${which} at step ${step}`;
}

/** Write a report into the run's folder, and into the store where that has the run. */
export function keepEvaluation(run: RunFolder, store: Store, report: Report): void {
  run.writeEvaluation(report);
  if (store.run(run.name)) store.addEvaluation(run.name, report);
}

/**
 * Write a recording into the run's folder, and into the store where that has the run; returns its path. `file` is the
 * next free number if absent.
 */
export function keepReplay(
  run: RunFolder,
  store: Store,
  { bytes, header }: Recording,
  file?: string,
): string {
  const name = run.writeReplay(bytes, file);
  const { scenario, policy, episodes, steps } = header;
  const info = { run: run.name, file: name, scenario, policy, episodes, steps, bytes: bytes.length };
  if (store.run(run.name)) store.addReplay(info);
  return join(run.path, "replays", name);
}

/** One model for each group; returns their paths. */
function exportAll(run: RunFolder, plan: Plan, learned: Learned): string[] {
  const { groups } = plan.spec;
  return groups.map(({ name }) => {
    const path = run.policyPath(groups.length === 1 ? undefined : name);
    writeWhole(path, exportGroup(plan, learned, name));
    return path;
  });
}
