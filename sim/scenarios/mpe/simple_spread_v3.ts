/**
 * Simple spread: N agents cover N landmarks without touching one another.
 *
 * Source       Lowe et al. 2017, MADDPG, arXiv:1706.02275, "cooperative navigation"; MPE2 at dbd68d2, simple_spread_v3
 * Action       5 moves: stay, left, right, down, up; or their five strengths in [0, 1]
 * Observation  [4 + 2N + 4(N − 1)]  own velocity, own position, offset to each landmark, offset to each other agent,
 *              their silent messages (2 zeros each)
 * Reward       localRatio · −(agents touching this one) + (1 − localRatio) · −(sum over landmarks of the distance to
 *              their nearest agent)
 * Cost         "collision": each touching pair, each step
 *
 * @module
 */
import { z } from "zod";
import { particleStep } from "../../language/particle_step.ts";
import { scenario } from "../../language/scenario.ts";
import { group, particles } from "../../language/world.ts";

export const simpleSpread = scenario({
  id: "mpe/simple_spread_v3",
  summary: "N agents cover N landmarks without touching one another",
  maxCycles: 25,

  params: z.strictObject({
    N: z.int().min(1).max(256).default(3).describe("agents, and landmarks"),
    localRatio: z.number().min(0).max(1).default(0.5).describe("weight of an agent's own collisions"),
  }),

  world: ({ N }) =>
    particles({
      agents: group("agent", N, { size: 0.15, color: "#5959d9" }),
      landmarks: group("landmark", N, { size: 0.05, fixed: true, collide: false, color: "#404040" }),
    }),

  reset: (k) => {
    for (const e of k.entities) k.place(e, k.uniform2(-1, 1));
  },

  dynamics: particleStep,

  observe: (k, a) => [
    a.vel,
    a.pos,
    k.landmarks.map((l) => l.pos.sub(a.pos)),
    k.others(a).map((o) => o.pos.sub(a.pos)),
    k.zeros(2 * (k.agents.length - 1)),
  ],

  reward: (k, a) =>
    k.mix(
      k.p.localRatio,
      k.sum(k.others(a), (o) => k.overlap(a, o)).neg(),
      k.once("cover", () => k.sum(k.landmarks, (l) => k.min(k.agents, (b) => k.dist(b, l))).neg()),
    ),

  costs: {
    collision: {
      of: (k, a, b) => k.overlap(a, b),
      scope: "pair",
      summary: "a pair of agents that touch, per step",
    },
  },
  budgets: { collision: { kind: "episode", limit: 2 } },

  view: { camera: [-1.4, 1.4], trails: true },
});
