/**
 * Simple formation: N agents form a circle of radius 0.5 around a landmark.
 *
 * Source       Agarwal et al. 2019, "Learning transferable cooperative behavior in multi-agent teams",
 *              arXiv:1906.01202; MPE2 1.1.1, simple_formation_v1
 * Action       5 moves: stay, left, right, down, up; or their five strengths in [0, 1]
 * Observation  [6]  own velocity, own position, offset to the landmark
 * Reward       for all −(mean distance of agents to the places assigned to them, each 2 at most). Places are evenly
 *              round the circle from the least angle at which an agent stands, in [0, 2π); the assignment is the one
 *              with the least sum of distances
 * Cost         "collision": each touching pair, each step; "outside": each step out of [-1, 1]²
 *
 * @module
 */
import * as z from "zod";
import { cos, sin } from "../../../core/mod.ts";
import type { Kernel, KernelBase } from "../../language/kernel.ts";
import { scenario } from "../../language/scenario.ts";
import type { Num, Vec2 } from "../../language/values.ts";
import { group, type GroupDeclaration, particles } from "../../language/world.ts";
import { meanDistance, MOST_ASSIGNED, worstDistance } from "../../mpe/assignment.ts";
import { collision, outside } from "../../mpe/costs.ts";
import { mpeStep } from "../../mpe/step.ts";
import { steer } from "../../mpe/steer.ts";

const RADIUS = 0.5;
const TURN = 2 * Math.PI;
/** Distance from its place within which an agent stands right. */
const REACHED = 0.05;

export const simpleFormation = scenario({
  id: "mpe/simple_formation_v1",
  summary: "N agents form a circle around a landmark",
  maxCycles: 25,
  params: z.strictObject({
    N: z.int().min(1).max(MOST_ASSIGNED).default(4),
    terminateOnSuccess: z.boolean().default(false).describe(
      "end when each agent is within 0.05 of its place",
    ),
  }),

  world: ({ N }) =>
    particles({
      agents: group("agent", N, { size: 0.05, color: "#5959d9" }),
      landmarks: group("landmark", 1, { size: 0.03, fixed: true, collide: false, color: "#404040" }),
    }),

  reset: (k) => {
    for (const a of k.agents) k.place(a, k.uniform2(-1, 1));
    for (const l of k.landmarks) k.place(l, k.uniform2(-0.5, 0.5));
  },

  dynamics: mpeStep,

  observe: (k, a) => [a.vel, a.pos, k.landmarks.map((l) => l.pos.sub(a.pos))],

  reward: (k) => k.once("circle", () => meanDistance(k, standing(k), circle(k)).neg()),

  costs: { collision, outside },
  budgets: { collision: { kind: "episode", limit: 2 }, outside: { kind: "episode", limit: 1 } },

  terminate: ({ terminateOnSuccess }) =>
    terminateOnSuccess
      ? {
        scope: "team",
        of: (k) => worstDistance(k, standing(k), circle(k)).lt(REACHED).and(k.cycle.lt(k.maxCycles)),
      }
      : undefined,

  view: { camera: [-1.4, 1.4], trails: true },
  policies: {
    /** Agent i goes to angle i · 2π / N. */
    scripted: (spec, group) => {
      const angle = TURN / (spec.params as { N: number }).N;
      const wish = (obs: Float32Array, i: number) => {
        return { go: [obs[4]! + RADIUS * cos(i * angle), obs[5]! + RADIUS * sin(i * angle)] as const };
      };
      return steer(spec, group, { velocity: 0, wish });
    },
  },
});

type K = Kernel<{ N: number }, { agents: GroupDeclaration; landmarks: GroupDeclaration }>;

/** Where the agents are. */
function standing(k: K): Vec2[] {
  return [...k.agents].map(({ pos }) => pos);
}

/** The agents' places round the circle. */
function circle(k: K): Vec2[] {
  const centre = k.at(k.landmarks, 0).pos;
  const first = [...k.agents].map(({ pos }) => pos.sub(centre)).reduce((a, b) => {
    return k.select(turn(k, b).lt(turn(k, a)), b, a);
  });
  const distance = first.length();
  const start = k.select(distance.eq(0), k.vec(1, 0), first.div(distance));
  return Array.from({ length: k.p.N }, (_, i) => {
    const [c, s] = [cos(i * (TURN / k.p.N)), sin(i * (TURN / k.p.N))];
    const turned = k.vec(start.x.mul(c).sub(start.y.mul(s)), start.x.mul(s).add(start.y.mul(c)));
    return centre.add(turned.mul(RADIUS));
  });
}

/** A number from 0 to 4 that grows with the angle of an arrow from 0 to 2π, and costs no arctangent. */
function turn(k: KernelBase, { x, y }: Vec2): Num {
  const share = x.div(x.abs().add(y.abs()));
  return k.select(y.lt(0), share.add(3), k.num(1).sub(share));
}
