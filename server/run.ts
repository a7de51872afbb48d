/**
 * Runs: what `train` starts and resumes, and what evaluate, replay, export and serve read back.
 *
 * @module
 */
export { baseline } from "./run/baseline.ts";
export { withLimits } from "./run/config.ts";
export type { ResultEvent, RunEvent } from "./run/events.ts";
export { exportGroup } from "./run/exporting.ts";
export { keepEvaluation, keepReplay, policyLabel } from "./run/finish.ts";
export { openLearned } from "./run/learned.ts";
export { recordEpisodes } from "./run/recording.ts";
export { loadScenario } from "./run/scenario.ts";
export { resumeRun, type Session, startRun, trainSession } from "./run/session.ts";
