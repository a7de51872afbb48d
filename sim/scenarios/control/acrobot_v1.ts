/**
 * Acrobot: two links, driven at the joint between them only, to be swung up above a line.
 *
 * Source       Sutton 1996, "Generalization in reinforcement learning: …"; Sutton, Barto 2018; Gymnasium 1.4.0,
 *              Acrobot-v1
 * State        θ₁ rad from hanging down, θ₂ rad from straight, ω₁, ω₂ rad/s; each begins within ±0.1, a float32
 * Action       [3]  torque a = −1, 0 or 1 N m on the second link
 * Links        m = l = I = 1 (kg, m, kg m²), their centres at c = 0.5 m, g = 9.8 m/s²
 * Motion       d₁ = m c² + m (l² + c² + 2 l c cos θ₂) + 2I,   d₂ = m (c² + l c cos θ₂) + I
 *              φ₂ = m c g cos(θ₁ + θ₂ − π/2)
 *              φ₁ = −m l c ω₂² sin θ₂ − 2 m l c ω₁ ω₂ sin θ₂ + (m c + m l) g cos(θ₁ − π/2) + φ₂
 *              ω̇₂ = (a + φ₁ d₂ / d₁ − m l c ω₁² sin θ₂ − φ₂) / (m c² + I − d₂² / d₁);   ω̇₁ = −(d₂ ω̇₂ + φ₁) / d₁
 *              one step of 0.2 s by Runge and Kutta's fourth-order rule; then angles turned to ±π, |ω₁| <= 4π,
 *              |ω₂| <= 9π. The variant `nips`, of the paper of 1996, leaves out the term in ω₁².
 * Observation  [6]  cos θ₁, sin θ₁, cos θ₂, sin θ₂, ω₁, ω₂
 * Reward       −1 per step, 0 for the last one
 * End          the tip 1 m above the pivot, −cos θ₁ − cos(θ₁ + θ₂) > 1: terminated
 * Truncation   after 500 steps
 * Scripted     torque against the first link's motion: about −84
 *
 * @module
 */
import * as z from "zod";
import { cos, sin } from "../../../core/mod.ts";
import type { Kernel } from "../../language/kernel.ts";
import { ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import type { Bool, Num } from "../../language/values.ts";
import { column, group, type GroupDeclaration, plain } from "../../language/world.ts";
import type { Shape, World } from "../../types.ts";

/** Seconds per step. */
const DT = 0.2;
/** Of both links: kg, m, kg m² and m. */
const MASS = 1;
const LENGTH = 1;
const INERTIA = 1;
const CENTRE = 0.5;
/** m/s² */
const GRAVITY = 9.8;
/** rad/s */
const MAX_SPEED_1 = 4 * Math.PI;
const MAX_SPEED_2 = 9 * Math.PI;

const params = z.strictObject({
  dynamics: z.enum(["book", "nips"]).default("book").describe("whose equations"),
});
const fields = {
  theta1: column("world"),
  theta2: column("world"),
  omega1: column("world"),
  omega2: column("world"),
} as const;

type K = Kernel<z.output<typeof params>, { agents: GroupDeclaration }, typeof fields>;

export const acrobot = scenario({
  id: "control/acrobot_v1",
  summary: "Swing two links up, driven at the joint between them",
  maxCycles: 500,
  params,

  world: () => plain({ agents: group("acrobot", 1) }),
  fields,
  actions: { discrete: 3 },

  reset: (k) => {
    const { theta1, theta2, omega1, omega2 } = k.fields;
    for (const number of [theta1, theta2, omega1, omega2]) number.set(k.uniform(-0.1, 0.1).fround());
  },

  dynamics: (k) => {
    const { theta1, theta2, omega1, omega2 } = k.fields;
    const torque = k.action(k.at(k.agents, 0)).sub(1);
    const start = [theta1.get(), theta2.get(), omega1.get(), omega2.get()] as const;
    const end = rungeKutta(start, (state) => rates(state, torque, k.p.dynamics === "book"));
    theta1.set(turned(k, end[0]));
    theta2.set(turned(k, end[1]));
    omega1.set(end[2].clamp(-MAX_SPEED_1, MAX_SPEED_1));
    omega2.set(end[3].clamp(-MAX_SPEED_2, MAX_SPEED_2));
  },

  observe: (k) => {
    const [theta1, theta2] = [k.fields.theta1.get(), k.fields.theta2.get()];
    const { omega1, omega2 } = k.fields;
    return [theta1.cos(), theta1.sin(), theta2.cos(), theta2.sin(), omega1.get(), omega2.get()];
  },

  reward: (k) => k.select(swungUp(k), 0, -1),
  terminate: { scope: "team", of: swungUp },

  view: {
    camera: [-2.2, 2.2],
    zones: [{ kind: "line", x: -2.2, y: 1, r: 0.01, x2: 2.2, y2: 1, color: "#2f9e44" }],
    shapes,
  },
  policies: { scripted: ruled("scripted", (obs) => obs[4]! > 0 ? 0 : 2) },
});

/** θ₁, θ₂, ω₁, ω₂, or their derivatives. */
type State = readonly [Num, Num, Num, Num];

/** The derivatives of a state. */
function rates([theta1, theta2, omega1, omega2]: State, torque: Num, book: boolean): State {
  const [m, l, c, I, g] = [MASS, LENGTH, CENTRE, INERTIA, GRAVITY];
  const [cosine, sine] = [theta2.cos(), theta2.sin()];
  const d1 = cosine.mul(2 * l * c).add(l * l + c * c).mul(m).add(m * c * c).add(I).add(I);
  const d2 = cosine.mul(l * c).add(c * c).mul(m).add(I);
  const phi2 = theta1.add(theta2).sub(Math.PI / 2).cos().mul(m * c * g);
  const phi1 = omega2.square().mul(-m * l * c).mul(sine)
    .sub(omega2.mul(2 * m * l * c).mul(omega1).mul(sine))
    .add(theta1.sub(Math.PI / 2).cos().mul((m * c + m * l) * g))
    .add(phi2);
  const driven = d2.div(d1).mul(phi1).add(torque);
  const swung = book ? driven.sub(omega1.square().mul(m * l * c).mul(sine)) : driven;
  const rate2 = swung.sub(phi2).div(d2.square().div(d1).neg().add(m * c * c + I));
  const rate1 = d2.mul(rate2).add(phi1).neg().div(d1);
  return [omega1, omega2, rate1, rate2];
}

/** One step of DT: x + DT/6 (k₁ + 2k₂ + 2k₃ + k₄). */
function rungeKutta(x: State, rates: (state: State) => State): State {
  const each = (of: (i: 0 | 1 | 2 | 3) => Num): State => [of(0), of(1), of(2), of(3)];
  const k1 = rates(x);
  const k2 = rates(each((i) => k1[i].mul(DT / 2).add(x[i])));
  const k3 = rates(each((i) => k2[i].mul(DT / 2).add(x[i])));
  const k4 = rates(each((i) => k3[i].mul(DT).add(x[i])));
  return each((i) => k2[i].mul(2).add(k1[i]).add(k3[i].mul(2)).add(k4[i]).mul(DT / 6).add(x[i]));
}

/** The angle turned to [−π, π]. */
function turned(k: K, angle: Num): Num {
  const turns = angle.add(Math.PI).div(2 * Math.PI).floor();
  return k.select(angle.abs().gt(Math.PI), angle.sub(turns.mul(2 * Math.PI)), angle);
}

/** Whether the tip is above the line. */
function swungUp(k: K): Bool {
  const { theta1, theta2 } = k.fields;
  return k.once("swung up", () => theta1.get().cos().neg().sub(theta1.get().add(theta2.get()).cos()).gt(1));
}

/** The pivot, both links, the joint and the tip. */
function shapes({ columns }: World, env: number): Shape[] {
  const at = (name: string) => columns[name]!.data[env]!;
  const [first, both] = [at("theta1"), at("theta1") + at("theta2")];
  const [x, y] = [LENGTH * sin(first), -LENGTH * cos(first)];
  const [tipX, tipY] = [x + LENGTH * sin(both), y - LENGTH * cos(both)];
  return [
    { kind: "line", x: 0, y: 0, r: 0.05, x2: x, y2: y, color: "#1098ad" },
    { kind: "line", x, y, r: 0.05, x2: tipX, y2: tipY, color: "#1098ad" },
    { kind: "disc", x: 0, y: 0, r: 0.06, color: "#495057" },
    { kind: "disc", x, y, r: 0.06, color: "#495057" },
    { kind: "disc", x: tipX, y: tipY, r: 0.08, color: "#f08c00", agent: 0 },
  ];
}
