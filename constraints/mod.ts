/**
 * Budgets, multipliers and the monitor that judges them.
 *
 * @module
 */
export * from "./types.ts";
export * from "./limit.ts";
export * from "./monitor.ts";
export * from "./statistics.ts";
export * from "./registry.ts";
export { lagrangian, lagrangianSettings } from "./lagrangian.ts";
