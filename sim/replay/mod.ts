/**
 * Replays: record a world, read, play, fork and verify the file, and see where it broke its limits.
 *
 * @module
 */
export { type Difference, difference } from "./difference.ts";
export { forkReplay } from "./fork.ts";
export {
  type EpisodeMark,
  type Field,
  type Origin,
  readReplay,
  type Replay,
  type ReplayHeader,
} from "./format.ts";
export { toJsonLines } from "./json_lines.ts";
export { episodeOf, play, type Player } from "./play.ts";
export { record, type Recorder, type RecordOptions } from "./record.ts";
export { type Review, reviewSteps } from "./review.ts";
export type { Steps } from "./steps.ts";
export {
  type EpisodeSummary,
  type Timeline,
  timeline,
  timelineSteps,
  type ViolationMark,
} from "./timeline.ts";
export { type Failure, type Verdict, verify, verifySteps } from "./verify.ts";
