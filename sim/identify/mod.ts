/**
 * System identification: params of a scenario from recorded motion, and what of them the motion cannot tell.
 *
 * @module
 */
export type { Combinations } from "./coefficients.ts";
export { type Identification, identify, type IdentifyOptions } from "./identify.ts";
export type { Numbers, Recording } from "./recording.ts";
export { recordingsOf } from "./replays.ts";
export type { Estimate, Told } from "./report.ts";
export type { Rollout } from "./rollout.ts";
export { type Read, readJsonLines } from "./json_lines.ts";
