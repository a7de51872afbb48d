/**
 * The PettingZoo port.
 *
 * @module
 */
export * from "./copy.ts";
export { sampleActions, sampleNext } from "./actions.ts";
export { aec, aecOverWorld, type AecSnapshot, type SimAecEnv } from "./aec.ts";
export { ansi } from "./ansi.ts";
export { aecToParallel } from "./conversions/aec_to_parallel.ts";
export { parallelToAec } from "./conversions/parallel_to_aec.ts";
export { turnBasedAecToParallel } from "./conversions/turn_based_aec_to_parallel.ts";
export type { EnvOptions, Simulated, Snapshot } from "./home.ts";
export { overWorld, parallel, type SimParallelEnv } from "./parallel.ts";
export * from "./spaces.ts";
export * from "./types.ts";
export { assertOutOfBounds } from "./wrappers/assert_out_of_bounds.ts";
export { captureStdout } from "./wrappers/capture_stdout.ts";
export { clipOutOfBounds } from "./wrappers/clip_out_of_bounds.ts";
export { type Masked, maskInObservation } from "./wrappers/mask_in_observation.ts";
export { multiEpisode } from "./wrappers/multi_episode.ts";
export { orderEnforcing } from "./wrappers/order_enforcing.ts";
export { type Labels, type Recorded, recordEpisode } from "./wrappers/record_episode.ts";
export { terminateIllegal } from "./wrappers/terminate_illegal.ts";
export { agentOrderTest, type Symmetry } from "./conformance/agent_order.ts";
export { apiTest } from "./conformance/api.ts";
export { autoresetTest } from "./conformance/autoreset.ts";
export { batchInvarianceTest } from "./conformance/batch_invariance.ts";
export { bombardmentTest } from "./conformance/bombardment.ts";
export { costChannelTest } from "./conformance/cost_channel.ts";
export { type Hashed, hashTest } from "./conformance/hash.ts";
export { maxCyclesTest } from "./conformance/max_cycles.ts";
export { parallelApiTest } from "./conformance/parallel_api.ts";
export { parallelSeedTest } from "./conformance/parallel_seed.ts";
export { renderTest } from "./conformance/render.ts";
export { replayTest } from "./conformance/replay.ts";
export { seedTest } from "./conformance/seed.ts";
export { type Forkable, snapshotForkTest } from "./conformance/snapshot_fork.ts";
export { stateTest } from "./conformance/state.ts";
