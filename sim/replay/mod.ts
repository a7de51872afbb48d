/**
 * Replays: record a world, read, play, fork and verify the file, and see where it broke its limits.
 *
 * @module
 */
export { type EpisodeMark, type Field, readReplay, type Replay, type ReplayHeader } from "./format.ts";
export { episodeOf, forkReplay, play, type Player } from "./play.ts";
export { record, type Recorder, type RecordOptions } from "./record.ts";
export type { Steps } from "./steps.ts";
export {
  type EpisodeSummary,
  type Timeline,
  timeline,
  timelineSteps,
  type ViolationMark,
} from "./timeline.ts";
export { type Verdict, verify, verifySteps } from "./verify.ts";
