/**
 * The shelf of algorithms: one file is one paper.
 *
 * @module
 */
export { iddpg, maddpg } from "./maddpg.ts";
export { pqn, pqnVdn } from "./pqn.ts";
export { ippo, mappo } from "./ppo.ts";
export { iql, qmix, vdn } from "./qmix.ts";
