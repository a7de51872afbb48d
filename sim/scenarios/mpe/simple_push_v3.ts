/**
 * Simple push: an agent wants to be at the goal; an adversary, which does not know which of the two landmarks that is,
 * wants to be there while the agent is not, and may push it away.
 *
 * Source       Lowe et al. 2017, MADDPG, arXiv:1706.02275, "keep-away"; MPE2 at dbd68d2, simple_push_v3
 * Agents       adversary_0; agent_0
 * Action       5 moves: stay, left, right, down, up; or their five strengths in [0, 1]
 * Observation  agent [19]  own velocity, offset to the goal, own colour (3: it tells the goal), offset to each
 *              landmark, their colours (3 each), offset to the adversary;
 *              adversary [8]  own velocity, offset to each landmark, offset to the agent
 * Reward       agent: −(distance to the goal); adversary: (agent's distance) − (own distance)
 * Cost         "contact": each step in which the two touch; "outside": each step out of [-1, 1]²
 *
 * @module
 */
import * as z from "zod";
import { scenario } from "../../language/scenario.ts";
import { column, group, particles } from "../../language/world.ts";
import { outside } from "../../mpe/costs.ts";
import { mpeStep } from "../../mpe/step.ts";
import { goals } from "../../mpe/pictures.ts";
import { nearestTo, points, steer } from "../../mpe/steer.ts";

export const simplePush = scenario({
  id: "mpe/simple_push_v3",
  summary: "An agent at its goal, and an adversary that pushes it away",
  maxCycles: 25,
  params: z.strictObject({}),

  world: () =>
    particles({
      agents: [group("adversary", 1, { color: "#bf4040" }), group("agent", 1, { color: "#4040bf" })],
      landmarks: group("landmark", 2, { fixed: true, collide: false, color: ["#1ae61a", "#1a1ae6"] }),
    }),
  fields: { goal: column("world") },

  reset: (k) => {
    k.fields.goal.set(k.integer(2));
    for (const e of k.entities) k.place(e, k.uniform2(-1, 1));
  },

  dynamics: mpeStep,

  observe: (k, a) => {
    const landmarks = k.landmarks.map((l) => l.pos.sub(a.pos));
    const other = k.others(a).map((o) => o.pos.sub(a.pos));
    if (a.group === "adversary") return [a.vel, landmarks, other];
    const goal = k.fields.goal.get();
    const own = [0.25, k.at([0.75, 0.25], goal), k.at([0.25, 0.75], goal)];
    const colours = k.landmarks.map((l) => [0, 1, 2].map((i) => k.select(l.index.eq(i - 1), 0.1 + 0.8, 0.1)));
    return [a.vel, k.at(k.landmarks, goal).pos.sub(a.pos), own, landmarks, colours, other];
  },

  reward: (k, a) => {
    const goal = k.at(k.landmarks, k.fields.goal.get());
    if (a.group === "agent") return k.dist(a, goal).neg();
    return k.min(k.group("agent"), (g) => k.dist(g, goal)).sub(k.dist(goal, a));
  },

  costs: {
    contact: {
      scope: "pair",
      summary: "the agent and the adversary touch, per step",
      of: (k, a, b) => k.overlap(a, b),
    },
    outside,
  },
  budgets: { contact: { kind: "episode", limit: 1 }, outside: { kind: "episode", limit: 1 } },

  view: { camera: [-1.4, 1.4], trails: true, shapes: goals },
  policies: {
    /** The agent goes to its goal, the adversary to the landmark that the agent is nearest to. */
    scripted: (spec, group) =>
      steer(spec, group, {
        velocity: 0,
        wish: (obs) => {
          if (group.name === "agent") return { go: [obs[2]!, obs[3]!] };
          return { go: nearestTo(points(obs, 2, 2), [obs[6]!, obs[7]!]) };
        },
      }),
  },
});
