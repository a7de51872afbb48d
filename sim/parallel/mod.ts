/**
 * Worlds over several threads.
 *
 * @module
 */
export { type ParallelOptions, type ParallelWorld, parallelWorld } from "./world.ts";
export type { Totals } from "./control.ts";
export type { Orders } from "./slice.ts";
export type { ScenarioSource } from "./source.ts";
