/**
 * Mountain car with a continuous engine: reach the flag, and spend little.
 *
 * Source       Moore 1990, "Efficient memory-based learning for robot control"; Gymnasium 1.4.0,
 *              MountainCarContinuous-v0
 * State        place p within [−1.2, 0.6], speed v within ±0.07 per step, both float32 from the first step on; begins
 *              at rest, p within [−0.6, −0.4]
 * Action       [1]  push a, clipped to ±1 but not in the reward
 * Motion       v' = v + 0.0015 a − 0.0025 cos 3p, within ±0.07;   p' = p + v';   the left end stops the car
 * Observation  [2]  p, v
 * Reward       −a² / 10 per step, and 100 at the flag
 * End          p >= 0.45 with v at least `goalVelocity`: terminated
 * Truncation   after 999 steps
 * Scripted     pushes fully the way the car moves: about 89.35
 * numpy        1 computes a step in float64 and stores float32; 2 rounds every operation on the state and the action to
 *              float32, as numpy has done since NEP 50, but for the first step, whose state is still float64, and for
 *              products with a clipped push, which is a float64
 *
 * @module
 */
import * as z from "zod";
import { ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import type { Num } from "../../language/values.ts";
import { column, group, plain } from "../../language/world.ts";
import { LEFT, MAX_SPEED, RIGHT, valley } from "./mountain_car_v0.ts";

const POWER = 0.0015;
const GRAVITY = 0.0025;
const GOAL = 0.45;

export const mountainCarContinuous = scenario({
  id: "control/mountain_car_continuous_v0",
  summary: "Swing a weak car out of a valley, at little expense",
  maxCycles: 999,
  params: z.strictObject({
    goalVelocity: z.number().default(0).describe("least speed that counts at the flag"),
    numpy: z.literal([1, 2]).default(1).describe("whose rounding"),
  }),

  world: () => plain({ agents: group("car", 1) }),
  /** `arrived` is 1 after the step that reached the flag. */
  fields: { position: column("world"), velocity: column("world"), arrived: column("world") },
  actions: { continuous: { dims: 1, low: -1, high: 1, clips: true } },

  reset: (k) => k.fields.position.set(k.uniform(-0.6, -0.4)),

  dynamics: (k) => {
    const { position, velocity, arrived } = k.fields;
    const action = k.action(k.at(k.agents, 0));
    const push = action.clamp(-1, 1);
    /** The next place and speed and whether the car arrived: `state` rounds sums, `product` what a push enters. */
    const step = (state: Rounding, product: Rounding): [Num, Num, Num] => {
      const of = (x: number) => state(k.num(x));
      const p = position.get();
      const slope = state(p.mul(3)).cos().mul(GRAVITY);
      const within = product(product(push.mul(product(k.num(POWER)))).sub(product(slope)));
      const clipped = state(push.mul(POWER).sub(slope));
      const pull = k.select(action.eq(push), within, clipped);
      const v = state(velocity.get().add(pull)).clamp(of(-MAX_SPEED), of(MAX_SPEED));
      const next = state(p.add(v)).clamp(of(LEFT), of(RIGHT));
      const speed = k.select(next.eq(of(LEFT)).and(v.lt(0)), 0, v);
      return [next, speed, next.ge(of(GOAL)).and(speed.ge(state(k.param("goalVelocity")))).num()];
    };
    const numpy2 = (): [Num, Num, Num] => {
      const [begin, later] = [step(exact, float32), step(float32, float32)];
      return [0, 1, 2].map((i) => k.select(k.cycle.eq(0), begin[i]!, later[i]!)) as [Num, Num, Num];
    };
    const [next, speed, there] = k.p.numpy === 1 ? step(exact, exact) : numpy2();
    position.set(next.fround());
    velocity.set(speed.fround());
    arrived.set(there);
  },

  observe: (k) => [k.fields.position.get(), k.fields.velocity.get()],
  reward: (k, car) => k.fields.arrived.get().mul(100).sub(k.action(car).square().mul(0.1)),
  terminate: { scope: "team", of: (k) => k.fields.arrived.get().eq(1) },

  view: valley(GOAL),
  policies: { scripted: ruled("scripted", ([_, v = 0]) => [v < 0 ? -1 : 1]) },
});

type Rounding = (x: Num) => Num;
const exact: Rounding = (x) => x;
const float32: Rounding = (x) => x.fround();
