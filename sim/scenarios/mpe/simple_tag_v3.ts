/**
 * Simple tag: slow predators hunt faster prey among obstacles.
 *
 * Source       Lowe et al. 2017, MADDPG, arXiv:1706.02275, "predator-prey"; MPE2 at dbd68d2, simple_tag_v3
 * Agents       adversary_0, … the predators; agent_0, … the prey
 * Action       5 moves: stay, left, right, down, up; or their five strengths in [0, 1]
 * Observation  [16] predators, [14] prey  own velocity, own position, offset to each obstacle, offset to each other
 *              agent, velocity of each other prey. With `numLandmarkNeighbors` or `numAgentNeighbors` only so many,
 *              nearest first, and a velocity for each of these agents: 0 for predators
 * Reward       prey: −10 for each predator that touches it, − a penalty near and beyond the edge of [-1, 1]²;
 *              predators: each +10 for every pair of prey and predator that touch, whoever it is
 * Cost         "collision": each touching pair of team mates, each step; "outside": each step out of [-1, 1]²
 * Curriculum   with `curriculum`, stage 0, 1, 2 gives prey 50, 75, 100 % of their speed and strength
 *
 * @module
 */
import * as z from "zod";
import type { Entity } from "../../language/kernel.ts";
import { scenario } from "../../language/scenario.ts";
import { group, particles } from "../../language/world.ts";
import { collision, outside } from "../../mpe/costs.ts";
import { edgePenalty } from "../../mpe/edge.ts";
import { neighbors, offsets, seen } from "../../mpe/sight.ts";
import { mpeStep } from "../../mpe/step.ts";
import { flee, nearestTo, points, steer } from "../../mpe/steer.ts";

/** Share of their speed that prey have, by stage. */
const STAGES = [0.5, 0.75, 1] as const;

const params = z.strictObject({
  numGood: z.int().min(1).max(256).default(1).describe("prey"),
  numAdversaries: z.int().min(1).max(256).default(3).describe("predators"),
  numObstacles: z.int().min(0).max(256).default(2),
  curriculum: z.boolean().default(false),
  curriculumStage: z.int().min(0).max(2).default(0),
  numAgentNeighbors: neighbors("agents"),
  numLandmarkNeighbors: neighbors("obstacles"),
  terminateOnSuccess: z.boolean().default(false).describe("end when all prey are caught at once"),
});
type Params = z.output<typeof params>;

export const simpleTag = scenario({
  id: "mpe/simple_tag_v3",
  summary: "Predators hunt faster prey among obstacles",
  maxCycles: 25,

  params,

  world: ({ numGood, numAdversaries, numObstacles, curriculum, curriculumStage }) => {
    const share = curriculum ? STAGES[curriculumStage]! : 1;
    return particles({
      agents: [
        group("adversary", numAdversaries, { size: 0.075, accel: 3, maxSpeed: 1, color: "#d95959" }),
        group("agent", numGood, { size: 0.05, accel: 4 * share, maxSpeed: 1.3 * share, color: "#59d959" }),
      ],
      landmarks: group("landmark", numObstacles, { size: 0.2, fixed: true, color: "#404040" }),
    });
  },

  reset: (k) => {
    for (const a of k.agents) k.place(a, k.uniform2(-1, 1));
    for (const l of k.landmarks) k.place(l, k.uniform2(-0.9, 0.9));
  },

  dynamics: mpeStep,

  observe: (k, a) => {
    const { numAgentNeighbors: most, numLandmarkNeighbors } = k.p;
    const velocity = (o: Entity) => o.group === "agent" ? o.vel : k.vec(0, 0);
    return [
      a.vel,
      a.pos,
      offsets(k, a, k.landmarks, numLandmarkNeighbors),
      offsets(k, a, k.others(a), most),
      most === null ? k.others(a, "agent").map(velocity) : seen(k, a, k.others(a), most, 2, velocity),
    ];
  },

  reward: (k, a) => {
    const [predators, prey] = [k.group("adversary"), k.group("agent")];
    if (a.group === "adversary") {
      return k.once("caught", () => k.sum(prey, (g) => k.sum(predators, (p) => k.overlap(g, p)))).mul(10);
    }
    const touched = k.sum(predators, (p) => k.overlap(a, p)).mul(-10);
    return touched.sub(edgePenalty(k, a.pos.x)).sub(edgePenalty(k, a.pos.y));
  },

  costs: { collision, outside },
  budgets: { collision: { kind: "episode", limit: 2 }, outside: { kind: "episode", limit: 1 } },

  terminate: ({ terminateOnSuccess }) =>
    terminateOnSuccess
      ? {
        scope: "team",
        of: (k) =>
          k.all(k.group("agent"), (g) => k.any(k.group("adversary"), (p) => k.overlap(g, p)))
            .and(k.cycle.lt(k.maxCycles)),
      }
      : undefined,

  view: { camera: [-1.4, 1.4], trails: true },
  policies: {
    /** Predators run at the nearest prey, prey away from the nearest predator. */
    scripted: (spec, group) => {
      const { numGood, numAdversaries, numObstacles, ...more } = spec.params as Params;
      const others = 4 + 2 * (more.numLandmarkNeighbors ?? numObstacles);
      const hunts = group.name === "adversary";
      const wish = (obs: Float32Array) => {
        const { numAgentNeighbors: most } = more;
        if (most !== null) {
          const near = points(obs, others, Math.min(most, numGood + numAdversaries - 1));
          return { go: hunts ? nearestTo(near) : flee(obs, nearestTo(near)) };
        }
        if (hunts) return { go: nearestTo(points(obs, others + 2 * (numAdversaries - 1), numGood)) };
        return { go: flee(obs, nearestTo(points(obs, others, numAdversaries))) };
      };
      return steer(spec, group, { accel: hunts ? 3 : 4, velocity: 0, wish });
    },
  },
});
