/**
 * Simple spread: N agents cover N landmarks without touching one another.
 *
 * Source       Lowe et al. 2017, MADDPG, arXiv:1706.02275, "cooperative navigation"; MPE2 at dbd68d2, simple_spread_v3
 * Action       5 moves: stay, left, right, down, up; or their five strengths in [0, 1]
 * Observation  [4 + 2N + 4(N − 1)]  own velocity, own position, offset to each landmark, offset to each other agent,
 *              their silent messages (2 zeros each). With `numLandmarkNeighbors` or `numAgentNeighbors` only so many,
 *              nearest first
 * Reward       localRatio · −(agents touching this one) + (1 − localRatio) · −(sum over landmarks of the distance to
 *              their nearest agent)
 * Cost         "collision": each touching pair, each step
 * Curriculum   with `curriculum`, stage 0 does not count collisions in the reward, and stage 1 does
 * OpenAI       with `legacyOpenAI`, as published before 2023: velocity is updated before place, every agent counts as
 *              touching itself too, and each receives the sum of all rewards, N · global + Σ (local − 1)
 *
 * @module
 */
import * as z from "zod";
import type { Entity } from "../../language/kernel.ts";
import { particleStep } from "../../language/particle_step.ts";
import { scenario } from "../../language/scenario.ts";
import { group, particles } from "../../language/world.ts";
import { collision } from "../../mpe/costs.ts";
import { legacyOpenAI } from "../../mpe/legacy.ts";
import { neighbors, offsets } from "../../mpe/sight.ts";
import { ownPlace, points, steer } from "../../mpe/steer.ts";

/** Distance within which an agent holds a landmark. */
const CAPTURE = 0.1;

const params = z.strictObject({
  N: z.int().min(1).max(256).default(3).describe("agents, and landmarks"),
  localRatio: z.number().min(0).max(1).default(0.5).describe("weight of an agent's own collisions"),
  curriculum: z.boolean().default(false),
  curriculumStage: z.int().min(0).max(1).default(0),
  numAgentNeighbors: neighbors("agents"),
  numLandmarkNeighbors: neighbors("landmarks"),
  terminateOnSuccess: z.boolean().default(false).describe("end when each landmark has an agent within 0.1"),
  legacyOpenAI,
});
type Params = z.output<typeof params>;

export const simpleSpread = scenario({
  id: "mpe/simple_spread_v3",
  summary: "N agents cover N landmarks without touching one another",
  maxCycles: 25,

  params,

  world: ({ N, legacyOpenAI }) =>
    particles({
      agents: group("agent", N, { size: 0.15, color: "#5959d9" }),
      landmarks: group("landmark", N, { size: 0.05, fixed: true, collide: false, color: "#404040" }),
    }, { first: legacyOpenAI ? "velocity" : "place" }),

  reset: (k) => {
    for (const e of k.entities) k.place(e, k.uniform2(-1, 1));
  },

  dynamics: particleStep,

  observe: (k, a) => [
    a.vel,
    a.pos,
    offsets(k, a, k.landmarks, k.p.numLandmarkNeighbors),
    offsets(k, a, k.others(a), k.p.numAgentNeighbors),
    k.zeros(2 * (k.p.numAgentNeighbors ?? k.p.N - 1)),
  ],

  reward: (k, a) => {
    const { curriculum, curriculumStage, legacyOpenAI, N } = k.p;
    const counted = !curriculum || curriculumStage === 1;
    const touching = (b: Entity) => counted ? k.sum(k.others(b), (o) => k.overlap(b, o)).neg() : k.num(0);
    const cover = k.once(
      "cover",
      () => k.sum(k.landmarks, (l) => k.min(k.agents, (b) => k.dist(b, l))).neg(),
    );
    if (!legacyOpenAI) return k.mix(k.param("localRatio"), touching(a), cover);
    return k.once("sum", () => cover.mul(N).add(k.sum(k.agents, touching)).sub(counted ? N : 0));
  },

  costs: { collision },
  budgets: { collision: { kind: "episode", limit: 2 } },

  terminate: ({ terminateOnSuccess }) =>
    terminateOnSuccess
      ? {
        scope: "team",
        of: (k) =>
          k.all(k.landmarks, (l) => k.min(k.agents, (a) => k.dist(a, l)).lt(CAPTURE))
            .and(k.cycle.lt(k.maxCycles)),
      }
      : undefined,

  view: { camera: [-1.4, 1.4], trails: true },
  policies: {
    scripted: (spec, group) => {
      const { N, numLandmarkNeighbors: seen, numAgentNeighbors: near } = spec.params as Params;
      const landmarks = seen ?? N;
      return steer(spec, group, {
        velocity: 0,
        wish: (obs) => {
          const others = points(obs, 4 + 2 * landmarks, Math.min(near ?? N, N - 1));
          return { go: ownPlace([[0, 0], ...others], points(obs, 4, Math.min(landmarks, N))) };
        },
      });
    },
  },
});
