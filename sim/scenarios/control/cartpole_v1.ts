/**
 * CartPole: a pole on a cart that is pushed left or right, to be kept upright.
 *
 * Source       Barto, Sutton, Anderson 1983, "Neuronlike adaptive elements …"; Gymnasium 1.4.0, CartPole-v1; equations
 *              of Florian 2007, "Correct equations for the dynamics of the cart-pole system", without friction
 * State        x m, ẋ m/s, θ rad from upright, θ̇ rad/s; each begins within ±0.05
 * Action       [2]  0 pushes left, 1 right, by F = 10 N
 * Motion       t = (F + m l θ̇² sin θ) / M             m the pole, M pole and cart, l half the pole's length
 *              θ̈ = (g sin θ − t cos θ) / (l (4/3 − m cos² θ / M)),   ẍ = t − m l θ̈ cos θ / M
 *              Euler's step of 0.02 s: places move by the old velocities
 * Observation  [4]  x, ẋ, θ, θ̇
 * Reward       1 per step, the last included; with `suttonBartoReward` 0, and −1 for the fall
 * End          |x| > 2.4 m or |θ| > 12°: terminated
 * Truncation   after 500 steps (10 s)
 * Scripted     right where θ + θ̇/2 + x/20 + ẋ/10 > 0: holds for 500 steps
 *
 * @module
 */
import * as z from "zod";
import { cos, sin } from "../../../core/mod.ts";
import type { Kernel } from "../../language/kernel.ts";
import { ruled } from "../../language/rule.ts";
import { type Definition, scenario } from "../../language/scenario.ts";
import type { Bool } from "../../language/values.ts";
import { column, group, type GroupDeclaration, plain } from "../../language/world.ts";
import type { Policy, Shape, World } from "../../types.ts";

/** Seconds per step. */
const TAU = 0.02;
/** Where an episode ends: m, and 12° in rad. */
const TRACK = 2.4;
const TILT = 12 * 2 * Math.PI / 360;
/** Each number of the state begins within ± this. */
const START = 0.05;

export const cartpoleParams = z.strictObject({
  suttonBartoReward: z.boolean().default(false).describe("reward 0 per step and −1 for the fall"),
  gravity: z.number().default(9.8).describe("m/s²"),
  massCart: z.number().positive().default(1).describe("kg"),
  massPole: z.number().positive().default(0.1).describe("kg"),
  length: z.number().positive().default(0.5).describe("half the pole's length, m"),
  force: z.number().positive().default(10).describe("of a push, N"),
});

export const cartpoleFields = {
  x: column("world"),
  xDot: column("world"),
  theta: column("world"),
  thetaDot: column("world"),
} as const;

type Params = z.output<typeof cartpoleParams>;
type K = Kernel<Params, { agents: GroupDeclaration }, typeof cartpoleFields>;

/** The cart and its pole, without reward and cost: what every variant shares. */
export const cart = {
  params: cartpoleParams,
  world: () => plain({ agents: group("cart", 1) }),
  fields: cartpoleFields,
  actions: { discrete: 2 },

  reset: (k) => {
    const { x, xDot, theta, thetaDot } = k.fields;
    for (const number of [x, xDot, theta, thetaDot]) number.set(k.uniform(-START, START));
  },

  dynamics: (k) => {
    const [gravity, massCart, massPole] = [k.param("gravity"), k.param("massCart"), k.param("massPole")];
    const [length, force] = [k.param("length"), k.param("force")];
    const mass = massPole.add(massCart);
    const poleMassLength = massPole.mul(length);
    const { x, xDot, theta, thetaDot } = k.fields;
    const [v, angle, omega] = [xDot.get(), theta.get(), thetaDot.get()];
    const [cosine, sine] = [angle.cos(), angle.sin()];
    const push = k.select(k.action(k.at(k.agents, 0)).eq(1), force, force.neg());
    // times 1 / M where the page divides by M: three divisions less, for an error of one unit in the last place
    const t = omega.square().mul(poleMassLength).mul(sine).add(push).mul(k.num(1).div(mass));
    const grip = cosine.square().mul(massPole.div(mass)).neg().add(4 / 3).mul(length);
    const angular = sine.mul(gravity).sub(cosine.mul(t)).div(grip);
    const linear = t.sub(angular.mul(poleMassLength.div(mass)).mul(cosine));
    x.set(x.get().add(v.mul(TAU)));
    xDot.set(v.add(linear.mul(TAU)));
    theta.set(angle.add(omega.mul(TAU)));
    thetaDot.set(omega.add(angular.mul(TAU)));
  },

  observe: (k) => {
    const { x, xDot, theta, thetaDot } = k.fields;
    return [x.get(), xDot.get(), theta.get(), thetaDot.get()];
  },

  reward: (k) => {
    if (k.p.suttonBartoReward) return k.select(fallen(k), -1, 0);
    return 1;
  },
  terminate: { scope: "team", of: fallen },
} satisfies Partial<
  Definition<typeof cartpoleParams, { agents: GroupDeclaration }, typeof cartpoleFields, K>
>;

/** Whether the cart left its track, or the pole fell. */
function fallen(k: K): Bool {
  const { x, theta } = k.fields;
  return k.once("fallen", () => x.get().abs().gt(TRACK).or(theta.get().abs().gt(TILT)));
}

/** How much each number of the state counts beside θ, and where the cart shall be, m. */
interface Balance {
  readonly omega: number;
  readonly x: number;
  readonly v: number;
  readonly home: number;
}

/** Pushes to where the pole falls; a pole that leans towards `home` moves the cart there. */
export function balance(name: string, { omega, x, v, home }: Balance): () => Policy {
  return ruled(name, ([place = 0, speed = 0, theta = 0, turning = 0]) => {
    return theta + omega * turning + x * (place - home) + v * speed > 0 ? 1 : 0;
  });
}

/** The rule that Gymnasium's users know, balancing where the cart stands. */
export const upright = balance("scripted", { omega: 0.5, x: 0.05, v: 0.1, home: 0 });

/** The cart as a square that rolls on its track, the pole as a line from its middle. */
export function cartpoleShapes({ columns, spec }: World, env: number): Shape[] {
  const { length } = spec.params as Params;
  const x = columns["x"]!.data[env]!;
  const theta = columns["theta"]!.data[env]!;
  const [tipX, tipY] = [x + 2 * length * sin(theta), 2 * length * cos(theta)];
  return [
    { kind: "line", x: -TRACK, y: -0.12, r: 0.01, x2: TRACK, y2: -0.12, color: "#868e96" },
    { kind: "cell", x, y: 0, r: 0.12, color: "#4c6ef5", agent: 0 },
    { kind: "line", x, y: 0, r: 0.03, x2: tipX, y2: tipY, color: "#e8590c" },
    { kind: "disc", x, y: 0, r: 0.03, color: "#495057" },
  ];
}

export const cartpoleCamera = [-TRACK - 0.2, TRACK + 0.2, -0.6, 1.4] as const;

export const cartpole = scenario({
  ...cart,
  id: "control/cartpole_v1",
  summary: "Push a cart left or right so that the pole on it stays upright",
  maxCycles: 500,
  view: { camera: cartpoleCamera, shapes: cartpoleShapes },
  policies: { scripted: upright },
});
