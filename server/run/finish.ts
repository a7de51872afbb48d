/**
 * The end of a run: its policy judged on seeds that training never saw, exported, and recorded at work.
 *
 * @module
 */
import { join } from "node:path";
import { evaluate, type TrainState } from "../../agents/mod.ts";
import type { Runtime } from "../../tensor/mod.ts";
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
): Pick<ResultEvent, "policyStep" | "report" | "policies" | "replays"> {
  const learned = learnedFrom(plan, runtime, state);
  const stochastic = learned.policies(false);
  const { report } = evaluate({
    ...plan.setting,
    policies: () => stochastic,
    episodes: reportEpisodes,
    seed: plan.config.seed,
    algorithm: plan.config.algorithm,
    stochastic: true,
  });
  run.writeEvaluation(report);
  store.addEvaluation(run.name, report);
  const policies = exportAll(run, plan, learned);
  const replays = [false, true].map((mode, i) => {
    const label = policyLabel(plan, learned, mode);
    const { setting, config: { seed } } = plan;
    const policies = () => learned.policies(mode);
    const recording = recordEpisodes({
      setting,
      policies,
      episodes: replayEpisodes,
      seed,
      policy: label,
      run: run.name,
    });
    return keepReplay(run, store, recording, `${String(i + 1).padStart(4, "0")}.replay`);
  });
  learned.dispose();
  return { policyStep: learned.step, report, policies, replays };
}

/** `mappo + lagrangian, stochastic, best at step 81920`. */
export function policyLabel({ config }: Plan, { which, step }: Learned, mode: boolean): string {
  const names = config.constraint === null ? config.algorithm : `${config.algorithm} + ${config.constraint}`;
  return `${names}, ${mode ? "deterministic" : "stochastic"}, ${which} at step ${step}`;
}

/** Write a recording into the run's folder and the store; returns its path. `file` is the next free number if absent. */
export function keepReplay(
  run: RunFolder,
  store: Store,
  { bytes, header }: Recording,
  file?: string,
): string {
  const name = run.writeReplay(bytes, file);
  const { scenario, policy, episodes, steps } = header;
  store.addReplay({ run: run.name, file: name, scenario, policy, episodes, steps, bytes: bytes.length });
  return join(run.path, "replays", name);
}

/** `policy.onnx`, or `policy.GROUP.onnx` for each of several groups. */
function exportAll(run: RunFolder, plan: Plan, learned: Learned): string[] {
  const groups = plan.spec.groups.map((group) => group.name);
  return groups.map((group) => {
    const path = groups.length === 1 ? run.policy : join(run.path, `policy.${group}.onnx`);
    writeWhole(path, exportGroup(plan, learned, group));
    return path;
  });
}
