/**
 * What is wrong in an environment of either API, AEC or Parallel, and what both API tests must say of it.
 *
 * @module
 */
import { type AecEnv, boxSpace, discreteSpace, type ParallelEnv } from "../../sim/pettingzoo/mod.ts";
import { always, type Broken, broken } from "./pettingzoo_broken.ts";

const never = discreteSpace(3, "never");
const box = boxSpace({ low: -1, high: 1, shape: [2] }, "box");

/** What both API tests look for in either API. */
export const COMMON: readonly Broken<AecEnv | ParallelEnv>[] = [
  [
    "maxNumAgents counts others",
    () => ({ maxNumAgents: 7 }),
    /maxNumAgents is 7, .* let maxNumAgents be its length/,
  ],
  [
    "numAgents counts others",
    () => ({ numAgents: 7 }),
    /numAgents is 7.* let numAgents be the length of agents/,
  ],
  [
    "an agent that was never possible",
    () => ({ possibleAgents: ["dot_0", "dot_1"], maxNumAgents: 2 }),
    /lead_0 is in agents and not in possibleAgents: list it there/,
  ],
  [
    "an agent twice",
    () => ({ agents: ["dot_0", "dot_0"], numAgents: 2 }),
    /agents has an agent twice: dot_0, dot_0/,
  ],
  ["nobody to play", () => ({ agents: [], numAgents: 0 }), /there are no agents after reset\(\)/],
  [
    "a new space each time",
    () => ({ actionSpace: () => discreteSpace(3, "a") }),
    /a new object at each call: make it once/,
  ],
  [
    "a space that does not contain its samples",
    () => ({ actionSpace: always({ ...never, contains: () => false }) }),
    /does not contain its own sample/,
  ],
  [
    "a space that forgets its seed",
    () => ({ actionSpace: always({ ...never, seed: () => {}, sample: counter(3) }) }),
    /draws otherwise after the same seed/,
  ],
  [
    "bounds the wrong way round",
    () => ({ observationSpace: always({ ...box, low: box.high, high: box.low }) }),
    /low 1 is above high -1 at index 0: swap them/,
  ],
  [
    "too few bounds",
    () => ({ observationSpace: always({ ...box, low: Float32Array.of(-1) }) }),
    /its bounds have 1 and 2 numbers, its shape \[2\] 2/,
  ],
  [
    "an empty box",
    () => ({ observationSpace: always(boxSpace({ low: 0, high: 1, shape: [0] }, "empty")) }),
    /is empty: a box holds at least one number/,
  ],
  [
    "spaces for agents that do not exist",
    (env) => {
      const space = env.actionSpace("dot_0");
      return { actionSpace: () => space };
    },
    /actionSpace\("nobody_99"\) must throw/,
  ],
  [
    "a wrapper for unwrapped",
    (env) => ({ unwrapped: broken(env, () => ({})) }),
    /unwrapped is itself wrapped: give the innermost/,
  ],
];

/** 0, 1, …, n - 1, 0, … whatever the seed. */
function counter(n: number): () => number {
  let i = 0;
  return () => i++ % n;
}
