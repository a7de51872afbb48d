/**
 * Simple adversary: N good agents know which landmark is the goal and want to be near it; an adversary does not know,
 * wants to be near it too, and watches them. To fool it they cover all landmarks.
 *
 * Source       Lowe et al. 2017, MADDPG, arXiv:1706.02275, "physical deception"; MPE2 at dbd68d2, simple_adversary_v3
 * Agents       adversary_0; agent_0, …
 * Action       5 moves: stay, left, right, down, up; or their five strengths in [0, 1]
 * Observation  good [2 + 2N + 2N]  offset to the goal, to each landmark, to each other agent;
 *              adversary [2N + 2N]  the same without the goal. With `numLandmarkNeighbors` or `numAgentNeighbors`
 *              only so many, nearest first
 * Reward       good: (adversary's distance to the goal) − (the good agents' least); adversary: −(its distance)
 * Cost         "crowding": each pair of good agents that overlap, each step; "outside": each step out of [-1, 1]²
 *
 * @module
 */
import * as z from "zod";
import { particleStep } from "../../language/particle_step.ts";
import { scenario } from "../../language/scenario.ts";
import { column, group, particles } from "../../language/world.ts";
import { collision, outside } from "../../mpe/costs.ts";
import { neighbors, offsets } from "../../mpe/sight.ts";
import { goals } from "../../mpe/pictures.ts";
import { centre, ownPlace, points, steer } from "../../mpe/steer.ts";

const params = z.strictObject({
  N: z.int().min(1).max(256).default(2).describe("good agents, and landmarks"),
  numAgentNeighbors: neighbors("agents"),
  numLandmarkNeighbors: neighbors("landmarks"),
});
type Params = z.output<typeof params>;

export const simpleAdversary = scenario({
  id: "mpe/simple_adversary_v3",
  summary: "Good agents near a secret goal, and an adversary that guesses it",
  maxCycles: 25,
  params,

  world: ({ N }) =>
    particles({
      agents: [
        group("adversary", 1, { size: 0.15, collide: false, color: "#d95959" }),
        group("agent", N, { size: 0.15, collide: false, color: "#5959d9" }),
      ],
      landmarks: group("landmark", N, { size: 0.08, fixed: true, collide: false, color: "#262626" }),
    }),
  fields: { goal: column("world") },

  reset: (k) => {
    k.fields.goal.set(k.integer(k.p.N));
    for (const e of k.entities) k.place(e, k.uniform2(-1, 1));
  },

  dynamics: particleStep,

  observe: (k, a) => {
    const goal = k.at(k.landmarks, k.fields.goal.get());
    return [
      a.group === "agent" ? goal.pos.sub(a.pos) : [],
      offsets(k, a, k.landmarks, k.p.numLandmarkNeighbors),
      offsets(k, a, k.others(a), k.p.numAgentNeighbors),
    ];
  },

  reward: (k, a) => {
    const goal = k.at(k.landmarks, k.fields.goal.get());
    if (a.group === "adversary") return k.dist(a, goal).neg();
    return k.once("good", () => {
      const nearest = k.min(k.group("agent"), (g) => k.dist(g, goal));
      return k.sum(k.group("adversary"), (b) => k.dist(b, goal)).sub(nearest);
    });
  },

  costs: { crowding: collision, outside },
  budgets: { crowding: { kind: "episode", limit: 2 }, outside: { kind: "episode", limit: 1 } },

  view: { camera: [-1.4, 1.4], trails: true, shapes: goals },
  policies: {
    /** Good agents spread over all landmarks; the adversary stays in their middle. */
    scripted: (spec, group) => {
      const { N, numLandmarkNeighbors: seen, numAgentNeighbors: near } = spec.params as Params;
      const from = group.name === "agent" ? 2 : 0;
      const wish = (obs: Float32Array) => {
        const landmarks = points(obs, from, Math.min(seen ?? N, N));
        if (from === 0) return { go: centre(landmarks) };
        const others = points(obs, from + 2 * (seen ?? N), Math.min(near ?? N, N));
        return { go: ownPlace([[0, 0], ...near === null ? others.slice(1) : others], landmarks) };
      };
      return steer(spec, group, { wish });
    },
  },
});
