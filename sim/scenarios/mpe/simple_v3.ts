/**
 * Simple: one agent goes to a landmark. For trying things out.
 *
 * Source       Lowe et al. 2017, MADDPG, arXiv:1706.02275; MPE2 at dbd68d2, simple_v3
 * Action       5 moves: stay, left, right, down, up; or their five strengths in [0, 1]
 * Observation  [4]  own velocity, offset to the landmark
 * Reward       −(distance to the landmark)²
 * Cost         "outside": each step out of the square [-1, 1]²
 *
 * @module
 */
import * as z from "zod";
import { particleStep } from "../../language/particle_step.ts";
import { scenario } from "../../language/scenario.ts";
import { group, particles } from "../../language/world.ts";
import { outside } from "../../mpe/costs.ts";
import { steer } from "../../mpe/steer.ts";

export const simple = scenario({
  id: "mpe/simple_v3",
  summary: "One agent goes to a landmark",
  maxCycles: 25,
  params: z.strictObject({}),

  world: () =>
    particles({
      agents: group("agent", 1, { collide: false, color: "#404040" }),
      landmarks: group("landmark", 1, { fixed: true, collide: false, color: "#bf4040" }),
    }),

  reset: (k) => {
    for (const e of k.entities) k.place(e, k.uniform2(-1, 1));
  },

  dynamics: particleStep,

  observe: (k, a) => [a.vel, k.landmarks.map((l) => l.pos.sub(a.pos))],

  reward: (k, a) => k.sum(k.landmarks, (l) => k.dist2(a, l)).neg(),

  costs: { outside },
  budgets: { outside: { kind: "episode", limit: 1 } },

  view: { camera: [-1.4, 1.4], trails: true },
  policies: {
    scripted: (spec, group) =>
      steer(spec, group, { velocity: 0, wish: (obs) => ({ go: [obs[2]!, obs[3]!] }) }),
  },
});
