/**
 * The PettingZoo port: the Parallel API and the tests by which an environment proves that it keeps to it.
 *
 * @module
 */
export * from "./conformance.ts";
export * from "./copy.ts";
export * from "./parallel.ts";
export * from "./spaces.ts";
