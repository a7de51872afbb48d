/**
 * Simple world comm: predators, led by one that sees and speaks, hunt prey that look for food and hide in forests.
 *
 * Source       Lowe et al. 2017, MADDPG, arXiv:1706.02275; MPE2 at dbd68d2, simple_world_comm_v3
 * Agents       leadadversary_0; adversary_0, … the other predators; agent_0, … the prey
 * Action       5 moves: stay, left, right, down, up, or their five strengths in [0, 1]; the leader 5 · symbol + move
 *              of 4 symbols, or five strengths and then 4 numbers said as they are
 * Sight        one sees another that shares a forest, and, from outside all forests, those outside; the leader sees all
 * Observation  predators [34]  own velocity, own position, offset to each obstacle, food and forest, offset to each
 *              other agent (0 if unseen), velocity of each prey (0 if unseen), for each forest 1 if in it, else −1,
 *              what the leader said; prey [28]  the same without the last, and velocities come after the forests
 * Reward       prey: −5 for each predator that touches it, −2 · a penalty near and beyond the edge of [-1, 1]², +2 for
 *              each food it touches, −0.05 · distance to the nearest food; predators: −0.1 · distance to the nearest
 *              prey, and each +5 for every pair of prey and predator that touch
 * Cost         "collision": each touching pair of predators or of prey, each step; "outside": each step out of
 *              [-1, 1]²
 *
 * @module
 */
import * as z from "zod";
import type { Entities, Entity, KernelBase } from "../../language/kernel.ts";
import { scenario } from "../../language/scenario.ts";
import type { Vec2 } from "../../language/values.ts";
import { group, particles } from "../../language/world.ts";
import { collision, outside } from "../../mpe/costs.ts";
import { edgePenalty } from "../../mpe/edge.ts";
import { mpeStep } from "../../mpe/step.ts";
import { speech } from "../../mpe/pictures.ts";
import { flee, nearestTo, type Point, points, steer, STILL } from "../../mpe/steer.ts";

const predator = { size: 0.075, accel: 3, maxSpeed: 1 };
const thing = { fixed: true, collide: false };

const params = z.strictObject({
  numGood: z.int().min(1).max(64).default(2).describe("prey"),
  numAdversaries: z.int().min(1).max(64).default(4).describe("predators, the leader included"),
  numObstacles: z.int().min(0).max(64).default(1),
  numFood: z.int().min(1).max(64).default(2),
  numForests: z.int().min(0).max(64).default(2),
});
type Params = z.output<typeof params>;

export const simpleWorldComm = scenario({
  id: "mpe/simple_world_comm_v3",
  summary: "Led predators hunt prey that look for food and hide in forests",
  maxCycles: 25,

  params,

  world: ({ numGood, numAdversaries, numObstacles, numFood, numForests }) =>
    particles({
      agents: [
        group("leadadversary", 1, { ...predator, speaks: 4, color: "#a62626" }),
        group("adversary", numAdversaries - 1, { ...predator, color: "#f27373" }),
        group("agent", numGood, { size: 0.045, accel: 4, maxSpeed: 1.3, color: "#73f273" }),
      ],
      landmarks: group("landmark", numObstacles, { size: 0.2, fixed: true, color: "#404040" }),
      food: group("food", numFood, { ...thing, size: 0.03, color: "#2626a6" }),
      forests: group("forest", numForests, { ...thing, size: 0.3, color: "#99e699" }),
    }),

  reset: (k) => {
    for (const a of k.agents) k.place(a, k.uniform2(-1, 1));
    // MPE2 places food and forests twice; the second time counts.
    for (const things of [k.landmarks, k.food, k.forests, k.food, k.forests]) {
      for (const e of things) k.place(e, k.uniform2(-0.9, 0.9));
    }
  },

  dynamics: mpeStep,

  observe: (k, a) => {
    const seen = (o: Entity, what: Vec2) => sight(k, k.forests, a, o, what);
    const places = k.landmarks.concat(k.food).concat(k.forests).map((e) => e.pos.sub(a.pos));
    const others = k.others(a).map((o) => seen(o, o.pos.sub(a.pos)));
    const velocities = k.others(a, "agent").map((o) => seen(o, o.vel));
    const inForest = k.forests.map((f) => k.select(k.overlap(a, f), 1, -1));
    const own = [a.vel, a.pos, places, others];
    if (a.group === "agent") return [own, inForest, velocities];
    return [own, velocities, inForest, k.group("leadadversary").map((leader) => leader.said)];
  },

  reward: (k, a) => {
    const predators = k.group("leadadversary").concat(k.group("adversary"));
    const prey = k.group("agent");
    if (a.group !== "agent") {
      const caught = k.once("caught", () => k.sum(prey, (g) => k.sum(predators, (p) => k.overlap(g, p))));
      return k.min(prey, (g) => k.dist(g, a)).mul(-0.1).add(caught.mul(5));
    }
    const touched = k.sum(predators, (p) => k.overlap(a, p)).mul(-5);
    const edge = touched.sub(edgePenalty(k, a.pos.x).mul(2)).sub(edgePenalty(k, a.pos.y).mul(2));
    const eaten = k.sum(k.food, (f) => k.overlap(a, f)).mul(2);
    return edge.add(eaten).sub(k.min(k.food, (f) => k.dist(f, a)).mul(0.05));
  },

  costs: {
    collision: {
      ...collision,
      of: (k, a, b) => (a.group === "agent") === (b.group === "agent") ? k.overlap(a, b) : 0,
    },
    outside,
  },
  budgets: { collision: { kind: "episode", limit: 2 }, outside: { kind: "episode", limit: 1 } },

  view: { camera: [-1.4, 1.4], trails: true, caption: speech(["leadadversary_0"]) },
  policies: {
    /** Predators run at the nearest prey they see; prey run from a predator that is near, else to food. */
    scripted: (spec, group) => {
      const { numGood, numAdversaries, numObstacles, numFood, numForests } = spec.params as Params;
      const food = 4 + 2 * numObstacles;
      const others = food + 2 * (numFood + numForests);
      const seen = (all: Point[]) => all.filter(([x, y]) => x !== 0 || y !== 0);
      const wish = (obs: Float32Array) => {
        if (group.name !== "agent") {
          const prey = seen(points(obs, others + 2 * (numAdversaries - 1), numGood));
          return { go: prey.length > 0 ? nearestTo(prey) : STILL };
        }
        const hunters = seen(points(obs, others, numAdversaries)).filter(([x, y]) => x * x + y * y < 0.16);
        return {
          go: hunters.length > 0 ? flee(obs, nearestTo(hunters)) : nearestTo(points(obs, food, numFood)),
        };
      };
      return steer(spec, group, { accel: group.name === "agent" ? 4 : 3, velocity: 0, wish });
    },
  },
});

/** What `a` sees of `o`: in a common forest, or where both are outside all of them; the leader sees everyone. */
function sight(k: KernelBase, forests: Entities, a: Entity, o: Entity, what: Vec2): Vec2 {
  if (a.group === "leadadversary") return what;
  const hidden = (e: Entity) => k.any(forests, (f) => k.overlap(e, f));
  const together = k.any(forests, (f) => k.overlap(a, f).and(k.overlap(o, f)));
  return k.select(together.or(hidden(a).or(hidden(o)).not()), what, k.vec(0, 0));
}
