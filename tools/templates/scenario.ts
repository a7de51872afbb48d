/**
 * Example: N rovers drive to N flags, each to its own, and keep off one another.
 *
 * World        particles in the plane, in world units; rovers push one another away, flags can be driven over
 * Action       5 moves: stay, left, right, down, up; or their five strengths in [0, 1]
 * Observation  [6 + 2 (N - 1)]  own velocity, own place, offset to the own flag, offset to each other rover
 * Reward       minus the distance to the own flag
 * Cost         `touch`  pair: 1 per step in which two rovers touch
 * Limit        1 touch per episode, all pairs together
 * Episode      25 steps; rovers and flags start anywhere in the square from -1 to 1
 *
 * @module
 */
import * as z from "zod";
import { group, particles, particleStep, scenario } from "../../sim/mod.ts";

/** Radii, in world units. */
const ROVER = 0.1;
const FLAG = 0.05;

export const example = scenario({
  id: "mine/example",
  summary: "each rover drives to its own flag, and none touches another",
  maxCycles: 25,
  params: z.strictObject({
    N: z.int().min(2).max(64).default(3).describe("rovers, and flags"),
  }),

  world: ({ N }) =>
    particles({
      agents: group("rover", N, { size: ROVER, color: "#4c6ef5" }),
      flags: group("flag", N, { size: FLAG, fixed: true, collide: false, color: "#40c057" }),
    }),

  reset: (k) => {
    for (const e of k.entities) k.place(e, k.uniform2(-1, 1));
  },

  dynamics: particleStep,

  observe: (k, rover) => [
    rover.vel,
    rover.pos,
    k.at(k.flags, rover.index).pos.sub(rover.pos),
    k.others(rover).map((other) => other.pos.sub(rover.pos)),
  ],

  reward: (k, rover) => k.dist(rover, k.at(k.flags, rover.index)).neg(),

  costs: {
    touch: {
      scope: "pair",
      summary: "steps in which two rovers touch",
      of: (k, a, b) => k.overlap(a, b),
    },
  },
  budgets: { touch: { kind: "episode", limit: 1 } },

  view: { camera: [-1.4, 1.4], trails: true },
});
