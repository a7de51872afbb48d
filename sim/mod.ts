/**
 * The simulator: the language of scenarios, worlds made of them, and the scenarios that come with Paddock.
 *
 * @module
 */
export * from "./types.ts";
export {
  type ActionSpaces,
  type BudgetDeclaration,
  type Cost,
  type Definition,
  type Given,
  given,
  type Scenario,
  scenario,
  type Termination,
  type TracedScenario,
  type View,
  type Zone,
} from "./language/scenario.ts";
export type { Choice, Entities, Entity, Kernel, KernelBase, Neighbour } from "./language/kernel.ts";
export type { Bool, List, Num, Part, Scalar, Vec2 } from "./language/values.ts";
export {
  type ClassDefinition,
  type ClassGroup,
  type ClassScenario,
  classScenario,
  type ClassSpec,
  type ClassWorld,
  type Draws,
} from "./language/class_scenario.ts";
export {
  column,
  type Field,
  type FieldAccess,
  type FieldKind,
  type Fields,
  group,
  type GroupDeclaration,
  type GroupOptions,
  groupsOf,
  type Owner,
  particles,
  type Physics,
  plain,
  type Sets,
  type WorldDeclaration,
} from "./language/world.ts";
export { particleStep, type ParticleStepOptions } from "./language/particle_step.ts";
export { type Rule, ruled } from "./language/rule.ts";
export {
  type Outcome,
  type Process,
  type StatePart,
  type TableChannel,
  type Tables,
  tabulate,
} from "./language/tables.ts";
export { describe, makeWorld, type WorldOptions } from "./engine/world.ts";
export type { Grouping } from "./engine/plan.ts";
export { wasmRuns } from "./engine/wasm/available.ts";
export { backends, type Domain, domainOf } from "./domain.ts";
export { findScenario } from "./registry.ts";
export { scenarios } from "./scenarios/mod.ts";
export * as text from "./text/mod.ts";
export { frame } from "./frame.ts";
export {
  type Look,
  lookOf,
  LOOKS,
  picture,
  type PictureOptions,
  type Projection,
  roundStep,
  wordsOf,
} from "./picture.ts";
export {
  type Combinations,
  type Estimate,
  type Identification,
  identify,
  type IdentifyOptions,
  readJsonLines,
  type Recording,
  recordingsOf,
  type Told,
} from "./identify/mod.ts";
export * from "./realism/mod.ts";
export { drawable } from "./engine/blueprint.ts";
export { randomPolicy, scriptedPolicy } from "./policies.ts";
export { type Runner, runner, type RunnerOptions, type Seat, type Side, side } from "./runner.ts";
export { type EpisodeSums, episodeSums, type Sums } from "./sums.ts";
export {
  type Difference,
  difference,
  type EpisodeMark,
  episodeOf,
  type EpisodeSummary,
  type Failure as ReplayFailure,
  type Field as ReplayField,
  forkReplay,
  type Origin as ReplayOrigin,
  play,
  type Player,
  readReplay,
  record,
  type Recorder,
  type RecordOptions,
  type Replay,
  type ReplayHeader,
  type Review,
  reviewSteps,
  type Steps,
  type Timeline,
  timeline,
  timelineSteps,
  toJsonLines,
  type Verdict,
  verify,
  verifySteps,
  type ViolationMark,
} from "./replay/mod.ts";
