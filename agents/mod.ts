/**
 * Algorithms, rollouts, the training loop and evaluation.
 *
 * @module
 */
export * from "./types.ts";
export * from "./registry.ts";
export { Diverged } from "./diverged.ts";
export { checkSteps, Unlearned } from "./first_step.ts";
export { wholeSteps } from "./whole_steps.ts";
export * from "./drawn.ts";
export * from "./evaluate.ts";
export * from "./aggregate.ts";
export * from "./callbacks.ts";
export * from "./checkpoint.ts";
export * from "./state.ts";
export * from "./returns.ts";
export { teamPolicy } from "./policy.ts";
export * from "./trainer.ts";
export * from "./league.ts";
export * from "./ratings.ts";
export * from "./rings.ts";
export * from "./self_play.ts";
export * from "./train.ts";
export * from "./algorithms/mod.ts";
