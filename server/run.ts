/**
 * Runs: what `train` starts and resumes, and what evaluate, replay, export and serve read back.
 *
 * @module
 */
export { baseline, baselineNames } from "./run/baseline.ts";
export {
  pace,
  type Plan,
  planFrom,
  planRun,
  type Request,
  type TrainConfig,
  withLimits,
} from "./run/config.ts";
export type { ResultEvent, RunEvent, StartEvent, UpdateEvent } from "./run/events.ts";
export { exportGroup } from "./run/exporting.ts";
export { keepReplay, policyLabel } from "./run/finish.ts";
export { type Learned, learnedOf } from "./run/learned.ts";
export { recordEpisodes, type Recording } from "./run/recording.ts";
export { loadScenario } from "./run/scenario.ts";
export { resumeRun, type Session, startRun, trainSession } from "./run/session.ts";
