/**
 * Simple reference: two agents that each have a landmark to reach, which only the other one knows.
 *
 * Source       Lowe et al. 2017, MADDPG, arXiv:1706.02275; MPE2 at dbd68d2, simple_reference_v3
 * Action       5 · symbol + move, of 10 symbols and the moves stay, left, right, down, up; or the five strengths and
 *              then 10 numbers said as they are, all in [0, 1]
 * Observation  [21]  own velocity, offset to each landmark, colour of the other's landmark (3), what the other said
 * Reward       localRatio · −(the other's distance to its landmark) + (1 − localRatio) · the mean of both
 * Cost         "decoy": each step in which an agent touches a landmark that is not its own; "outside": each step out
 *              of [-1, 1]²
 * OpenAI       with `legacyOpenAI`, as published before 2023: velocity is updated before place, distances are squared,
 *              and each agent receives their sum
 *
 * @module
 */
import * as z from "zod";
import type { Entity, Kernel } from "../../language/kernel.ts";
import { particleStep } from "../../language/particle_step.ts";
import { scenario } from "../../language/scenario.ts";
import { column, type Field, group, type GroupDeclaration, particles } from "../../language/world.ts";
import { outside } from "../../mpe/costs.ts";
import { legacyOpenAI } from "../../mpe/legacy.ts";
import { goals, speech } from "../../mpe/pictures.ts";
import { largest, points, steer, STILL } from "../../mpe/steer.ts";

/** Red, green and blue of each landmark. */
const COLOURS = [[0.75, 0.25, 0.25], [0.25, 0.75, 0.25], [0.25, 0.25, 0.75]];

export const simpleReference = scenario({
  id: "mpe/simple_reference_v3",
  summary: "Two agents tell each other where to go",
  maxCycles: 25,
  params: z.strictObject({
    localRatio: z.number().min(0).max(1).default(0.5).describe("weight of an agent's own listener"),
    legacyOpenAI,
  }),

  world: ({ legacyOpenAI }) =>
    particles({
      agents: group("agent", 2, { collide: false, speaks: 10, color: "#404040" }),
      landmarks: group("landmark", 3, {
        fixed: true,
        collide: false,
        color: ["#bf4040", "#40bf40", "#4040bf"],
      }),
    }, { first: legacyOpenAI ? "velocity" : "place" }),
  /** The landmark that the other agent should reach. */
  fields: { goal: column("agent") },

  reset: (k) => {
    for (const a of k.agents) k.fields.goal.set(a, k.integer(3));
    for (const e of k.entities) k.place(e, k.uniform2(-1, 1));
  },

  dynamics: particleStep,

  observe: (k, a) => [
    a.vel,
    k.landmarks.map((l) => l.pos.sub(a.pos)),
    COLOURS.map((part) => k.at(part, k.fields.goal.get(a))),
    other(k, a).said,
  ],

  reward: (k, a) => {
    const goal = (b: Entity) => k.at(k.landmarks, k.fields.goal.get(b));
    if (k.p.legacyOpenAI) {
      return k.once("sum", () => k.sum(k.agents, (b) => k.dist2(other(k, b), goal(b))).neg());
    }
    const own = (b: Entity) => k.dist(other(k, b), goal(b)).neg();
    return k.mix(k.param("localRatio"), own(a), k.once("mean", () => k.sum(k.agents, own).div(2)));
  },

  costs: {
    decoy: {
      scope: "agent",
      summary: "an agent touches a landmark that is not its own, per step",
      of: (k, a) =>
        k.any(k.landmarks, (l) => k.overlap(a, l).and(l.index.ne(k.fields.goal.get(other(k, a))))),
    },
    outside,
  },
  budgets: { decoy: { kind: "episode", limit: 1 }, outside: { kind: "episode", limit: 1 } },

  view: { camera: [-1.4, 1.4], trails: true, shapes: goals, caption: speech(["agent_0", "agent_1"]) },
  policies: {
    /** Each says the number of the other's landmark, and goes to the one it heard. */
    scripted: (spec, group) =>
      steer(spec, group, {
        velocity: 0,
        wish: (obs) => {
          const heard = obs.subarray(11);
          const known = heard.some((part) => part > 0);
          return {
            go: known ? points(obs, 2, 3)[largest(heard)] ?? STILL : STILL,
            say: largest(obs.subarray(8, 11)),
          };
        },
      }),
  },
});

type K = Kernel<object, { agents: GroupDeclaration }, { goal: Field<"agent", "number"> }>;

/** The agent that is not this one. */
function other(k: K, a: Entity): Entity {
  return k.at(k.agents, k.num(1).sub(a.index));
}
