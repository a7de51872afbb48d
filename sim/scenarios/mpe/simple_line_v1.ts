/**
 * Simple line: N agents spread evenly along the line between two landmarks.
 *
 * Source       Agarwal et al. 2019, "Learning transferable cooperative behavior in multi-agent teams",
 *              arXiv:1906.01202; MPE2 1.1.1, simple_line_v1
 * World        the landmarks are 1.25 apart, in a direction that keeps both within [-1, 1]²
 * Action       5 moves: stay, left, right, down, up; or their five strengths in [0, 1]
 * Observation  [8]  own velocity, own position, offset to each landmark
 * Reward       for all −(mean distance of agents to the places assigned to them, each 2 at most); the assignment is the
 *              one with the least sum of distances
 * Cost         "collision": each touching pair, each step; "outside": each step out of [-1, 1]²
 *
 * @module
 */
import * as z from "zod";
import type { Kernel, KernelBase } from "../../language/kernel.ts";
import { scenario } from "../../language/scenario.ts";
import type { Num, Vec2 } from "../../language/values.ts";
import { group, type GroupDeclaration, particles } from "../../language/world.ts";
import { meanDistance, MOST_ASSIGNED, worstDistance } from "../../mpe/assignment.ts";
import { collision, outside } from "../../mpe/costs.ts";
import { mpeStep } from "../../mpe/step.ts";
import { type Point, points, steer } from "../../mpe/steer.ts";

/** Distance of the landmarks. */
const LENGTH = 1.25;
/** The direction turns by 5° until the second landmark is within bounds; at most 254° lie outside. */
const TURN = 5 * (Math.PI / 180);
const TURNS = 52;
/** Distance from its place within which an agent stands right. */
const REACHED = 0.05;

export const simpleLine = scenario({
  id: "mpe/simple_line_v1",
  summary: "N agents spread evenly along a line",
  maxCycles: 25,
  params: z.strictObject({
    N: z.int().min(1).max(MOST_ASSIGNED).default(4),
    terminateOnSuccess: z.boolean().default(false).describe(
      "end when each agent is within 0.05 of its place",
    ),
  }),

  world: ({ N }) =>
    particles({
      agents: group("agent", N, { size: 0.03, color: "#5959d9" }),
      landmarks: group("landmark", 2, { size: 0.02, fixed: true, collide: false, color: "#404040" }),
    }),

  reset: (k) => {
    for (const a of k.agents) k.place(a, k.uniform2(-1, 1));
    const from = k.uniform2(-0.25, 0.25);
    k.place(k.at(k.landmarks, 0), from);
    k.place(k.at(k.landmarks, 1), end(k, from, k.uniform(0, 2 * Math.PI), TURNS));
  },

  dynamics: mpeStep,

  observe: (k, a) => [a.vel, a.pos, k.landmarks.map((l) => l.pos.sub(a.pos))],

  reward: (k) => k.once("line", () => meanDistance(k, standing(k), line(k)).neg()),

  costs: { collision, outside },
  budgets: { collision: { kind: "episode", limit: 2 }, outside: { kind: "episode", limit: 1 } },

  terminate: ({ terminateOnSuccess }) =>
    terminateOnSuccess
      ? {
        scope: "team",
        of: (k) => worstDistance(k, standing(k), line(k)).lt(REACHED).and(k.cycle.lt(k.maxCycles)),
      }
      : undefined,

  view: { camera: [-1.4, 1.4], trails: true },
  policies: {
    /** Agent i takes place i. */
    scripted: (spec, group) => {
      const { N } = spec.params as { N: number };
      const wish = (obs: Float32Array, i: number) => {
        const [[x, y], [toX, toY]] = points(obs, 4, 2) as [Point, Point];
        const share = N === 1 ? 0 : i / (N - 1);
        return { go: [x + (toX - x) * share, y + (toY - y) * share] as const };
      };
      return steer(spec, group, { velocity: 0, wish });
    },
  },
});

/** Where a line ends that starts in a direction and turns until it ends within bounds. */
function end(k: KernelBase, from: Vec2, angle: Num, turns: number): Vec2 {
  const to = from.add(k.vec(angle.cos(), angle.sin()).mul(LENGTH));
  if (turns === 0) return to;
  const within = to.x.abs().lt(1).and(to.y.abs().lt(1));
  return k.when(within, () => to, () => end(k, from, angle.add(TURN), turns - 1));
}

type K = Kernel<{ N: number }, { agents: GroupDeclaration; landmarks: GroupDeclaration }>;

/** Where the agents are. */
function standing(k: K): Vec2[] {
  return [...k.agents].map(({ pos }) => pos);
}

/** The agents' places, evenly from the first landmark to the second. */
function line(k: K): Vec2[] {
  const { N } = k.p;
  const [from, to] = [k.at(k.landmarks, 0).pos, k.at(k.landmarks, 1).pos];
  return Array.from({ length: N }, (_, i) => from.add(to.sub(from).mul(N === 1 ? 0 : i / (N - 1))));
}
