/**
 * Mountain car: an engine too weak for the hill, so that the car must swing to and fro in the valley first.
 *
 * Source       Moore 1990, "Efficient memory-based learning for robot control"; Gymnasium 1.4.0, MountainCar-v0
 * State        place p within [−1.2, 0.6], speed v within ±0.07 per step; begins at rest, p within [−0.6, −0.4]
 * Action       [3]  0 pushes left, 1 rests, 2 pushes right
 * Motion       v' = v + 0.001 (a − 1) − 0.0025 cos 3p, within ±0.07;   p' = p + v';   the left end stops the car
 * Observation  [2]  p, v
 * Reward       −1 per step
 * End          p >= 0.5 with v at least `goalVelocity`: terminated
 * Truncation   after 200 steps
 * Scripted     pushes the way the car moves: about −119.5
 *
 * @module
 */
import * as z from "zod";
import { sin } from "../../../core/mod.ts";
import { ruled } from "../../language/rule.ts";
import { scenario, type View, type Zone } from "../../language/scenario.ts";
import { column, group, plain } from "../../language/world.ts";
import type { World } from "../../types.ts";

/** The ends of the road, the fastest the car can be, and the flag. */
export const LEFT = -1.2;
export const RIGHT = 0.6;
export const MAX_SPEED = 0.07;
const GOAL = 0.5;

export const mountainCar = scenario({
  id: "control/mountain_car_v0",
  summary: "Swing a weak car out of a valley, with three pushes",
  maxCycles: 200,
  params: z.strictObject({
    goalVelocity: z.number().default(0).describe("least speed that counts at the flag"),
    force: z.number().positive().default(0.001).describe("of a push"),
    gravity: z.number().positive().default(0.0025),
  }),

  world: () => plain({ agents: group("car", 1) }),
  fields: { position: column("world"), velocity: column("world") },
  actions: { discrete: 3 },

  reset: (k) => k.fields.position.set(k.uniform(-0.6, -0.4)),

  dynamics: (k) => {
    const { position, velocity } = k.fields;
    const p = position.get();
    const push = k.action(k.at(k.agents, 0)).sub(1).mul(k.param("force"));
    const slope = p.mul(3).cos().mul(k.param("gravity").neg());
    const v = velocity.get().add(push.add(slope)).clamp(-MAX_SPEED, MAX_SPEED);
    const next = p.add(v).clamp(LEFT, RIGHT);
    position.set(next);
    velocity.set(k.select(next.eq(LEFT).and(v.lt(0)), 0, v));
  },

  observe: (k) => [k.fields.position.get(), k.fields.velocity.get()],
  reward: () => -1,
  terminate: {
    scope: "team",
    of: (k) => k.fields.position.get().ge(GOAL).and(k.fields.velocity.get().ge(k.param("goalVelocity"))),
  },

  view: valley(GOAL),
  policies: { scripted: ruled("scripted", ([_, v = 0]) => v < 0 ? 0 : 2) },
});

/** The road's height, as Gymnasium draws it. */
function height(p: number): number {
  return 0.45 * sin(3 * p) + 0.55;
}

/** The road, a flag at `goal`, and the car. */
export function valley(goal: number): View {
  const pieces = 36;
  const at = (i: number) => LEFT + (RIGHT - LEFT) * i / pieces;
  const road = Array.from({ length: pieces }, (_, i): Zone => {
    const [x, x2] = [at(i), at(i + 1)];
    return { kind: "line", x, y: height(x), r: 0.01, x2, y2: height(x2), color: "#868e96" };
  });
  const top = height(goal) + 0.2;
  return {
    camera: [LEFT - 0.05, RIGHT + 0.05, -0.05, 1.3],
    zones: [
      ...road,
      { kind: "line", x: goal, y: height(goal), r: 0.01, x2: goal, y2: top, color: "#2f9e44" },
      { kind: "cell", x: goal + 0.04, y: top - 0.04, r: 0.04, color: "#2f9e44" },
    ],
    shapes: ({ columns }: World, env: number) => {
      const x = columns["position"]!.data[env]!;
      return [{ kind: "disc", x, y: height(x) + 0.04, r: 0.04, color: "#4c6ef5", agent: 0 }];
    },
  };
}
