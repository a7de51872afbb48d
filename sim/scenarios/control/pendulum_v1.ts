/**
 * Pendulum: a rod on a pivot, driven by a torque too weak to lift it at once, to be swung up and held.
 *
 * Source       Gymnasium 1.4.0, Pendulum-v1
 * State        θ rad from upright, ω rad/s; begins with θ within ±π, ω within ±1
 * Action       [1]  torque u, clipped to ±2 N m
 * Motion       ω' = ω + (3g / 2l · sin θ + 3 / (m l²) · u) dt, within ±8;   θ' = θ + ω' dt;   dt = 0.05 s
 * Observation  [3]  cos θ, sin θ, ω
 * Reward       −(θ² + ω² / 10 + u² / 1000) of the state before the step, θ turned to [−π, π): from −16.27 to 0
 * End          none
 * Truncation   after 200 steps (10 s)
 * Scripted     pumps energy up to that of standing still upright, then holds by a spring and a damper: about −150
 * numpy        1 computes in float64; 2 rounds 3u / (m l²), u² and u² / 1000 to float32, as numpy has done since
 *              NEP 50, because Gymnasium's torque is a float32
 *
 * @module
 */
import * as z from "zod";
import { cos, sin } from "../../../core/mod.ts";
import { ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import type { Num } from "../../language/values.ts";
import { column, group, plain } from "../../language/world.ts";
import type { Shape, World } from "../../types.ts";

/** Seconds per step. */
const DT = 0.05;
/** N m, and rad/s. */
const MAX_TORQUE = 2;
const MAX_SPEED = 8;

export const pendulum = scenario({
  id: "control/pendulum_v1",
  summary: "Swing a rod up with a weak torque and hold it upright",
  maxCycles: 200,
  params: z.strictObject({
    gravity: z.number().default(10).describe("m/s²"),
    mass: z.number().positive().default(1).describe("kg"),
    length: z.number().positive().default(1).describe("m"),
    numpy: z.literal([1, 2]).default(1).describe("whose rounding"),
  }),

  world: () => plain({ agents: group("pendulum", 1) }),
  /** `reward` is what the last step paid. */
  fields: { theta: column("world"), thetaDot: column("world"), reward: column("world") },
  actions: { continuous: { dims: 1, low: -MAX_TORQUE, high: MAX_TORQUE, clips: true } },

  reset: (k) => {
    k.fields.theta.set(k.uniform(-Math.PI, Math.PI));
    k.fields.thetaDot.set(k.uniform(-1, 1));
  },

  dynamics: (k) => {
    const { numpy } = k.p;
    const [gravity, mass, length] = [k.param("gravity"), k.param("mass"), k.param("length")];
    const rounded = (x: Num) => numpy === 2 ? x.fround() : x;
    const constant = (x: number) => numpy === 2 ? Math.fround(x) : x;
    const u = k.action(k.at(k.agents, 0)).clamp(-MAX_TORQUE, MAX_TORQUE);
    const [theta, omega] = [k.fields.theta.get(), k.fields.thetaDot.get()];
    const off = theta.add(Math.PI).mod(2 * Math.PI).sub(Math.PI);
    const effort = rounded(rounded(u.square()).mul(constant(0.001)));
    const push = rounded(u.mul(rounded(k.num(3).div(mass.mul(length).mul(length)))));
    const accel = theta.sin().mul(gravity.mul(3).div(length.mul(2))).add(push);
    const next = omega.add(accel.mul(DT)).clamp(-MAX_SPEED, MAX_SPEED);
    k.fields.reward.set(off.square().add(omega.square().mul(0.1)).add(effort).neg());
    k.fields.thetaDot.set(next);
    k.fields.theta.set(theta.add(next.mul(DT)));
  },

  observe: (k) => {
    const theta = k.fields.theta.get();
    return [theta.cos(), theta.sin(), k.fields.thetaDot.get()];
  },

  reward: (k) => k.fields.reward.get(),

  view: { camera: [-1.3, 1.3], shapes },
  policies: {
    scripted: ({ params }) => {
      const { gravity, mass, length } = params as { gravity: number; mass: number; length: number };
      /** rad/s² of gravity at θ = 90°, and of 1 N m. */
      const fall = 3 * gravity / (2 * length);
      const drive = 3 / (mass * length * length);
      return ruled("scripted", ([cosine = 0, sine = 0, omega = 0]) => {
        const lacking = fall * (1 - cosine) - omega * omega / 2;
        const hold = -(fall * sine + 20 * sine + 6 * omega) / drive;
        const pump = 2 * lacking * (omega < 0 ? -1 : 1);
        return [within(cosine > 0.8 ? hold : pump)];
      })();
    },
  },
});

function within(torque: number): number {
  return Math.max(-MAX_TORQUE, Math.min(MAX_TORQUE, torque));
}

/** The rod, its pivot and its end. */
function shapes({ columns, spec }: World, env: number): Shape[] {
  const length = spec.params["length"] as number;
  const theta = columns["theta"]!.data[env]!;
  const [x, y] = [-length * sin(theta), length * cos(theta)];
  return [
    { kind: "line", x: 0, y: 0, r: 0.05, x2: x, y2: y, color: "#e8590c" },
    { kind: "disc", x: 0, y: 0, r: 0.03, color: "#495057" },
    { kind: "disc", x, y, r: 0.09, color: "#e8590c", agent: 0 },
  ];
}
