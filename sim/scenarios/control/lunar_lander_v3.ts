/**
 * Lunar lander: set a craft with two legs down between the flags, at rest.
 *
 * Source       Klimov 2016; Gymnasium 1.4.0, LunarLander-v3, whose Box2D 2.3 is planck 1.4.3 here: the same steps to
 *              1e-4 until something touches, then mostly the same episodes, always in the mean
 * World        20 m x 13.3 m, 50 steps per second; gravity `gravity`, and with `enableWind` a wind while no leg stands.
 *              11 points of random height, the pad flat at 3.3 m from x = 8 to 12. The craft (hull 4.8 kg, legs 0.07 kg
 *              on springs) begins at the top in the middle, pushed by a random force
 * Action       discrete: 0 nothing, 1 left engine, 2 main engine, 3 right engine; or [2] main, from half power at 0+ to
 *              full at 1, and side, beyond ±0.5; clipped to ±1
 * Observation  [8]  x / 10, y / 6.7 from the pad, their speeds / 5 and / 7.5 per s, angle, its speed / 2.5 per s, and
 *              1 for each leg that touches, right one first
 * Reward       gain of −100 distance − 100 speed − 100 |angle| + 10 per leg; −0.3 main power, −0.03 side power. A
 *              crash pays −100 instead, coming to rest +100
 * Cost         `fuel`  agent: power of the main engine, and a tenth of the side engine's, per step
 * Limit        80 per episode
 * End          the hull touches, |x| >= 1, or all is at rest: terminated
 * Truncation   after 1000 steps, which is also the most it can keep
 * Scripted     Gymnasium's heuristic: about 243 (245 there), at a cost of about 100; with continuous actions about 286
 *              (286), at a cost of about 86
 * Fidelity     `gym` takes the original's 180 and 60 iterations of the solver, `fast` 60 and 20: another world in
 *              detail, the same in the mean
 * Hinge        `gymnasium`: the legs' joints measure their angle from how the legs are built, as Box2D's Python package
 *              has it; `box2d`: from 0, as Box2D itself has it, where the heuristic returns about 235
 * State        the physics follow from how the episode began and from its log of steps (actions and draws): a restored
 *              world simulates them again, at the cost of as many steps
 *
 * @module
 */
import * as z from "zod";
import { UserError } from "../../../core/mod.ts";
import { classScenario, type ClassWorld, type Draws } from "../../language/class_scenario.ts";
import { continuousThrust, discreteThrust, type Thrust } from "../../lunar_lander/engines.ts";
import { requireExact } from "../../lunar_lander/exact_planck.ts";
import { advance, begin, type Flight, flight, OBSERVED } from "../../lunar_lander/flight.ts";
import { heuristic } from "../../lunar_lander/heuristic.ts";
import { caption, shapes } from "../../lunar_lander/picture.ts";
import { DRAWN, HEIGHT, HIGHEST, WIDTH } from "../../lunar_lander/terrain.ts";

/** Bound of the force at the start, N on each axis. */
const FORCE = 1000;
/** Bound of the places where wind begins, itself left out. */
const WIND = 9999;
const LONGEST = 1000;
/** Numbers of one entry of the log: main and side thrust, and two draws. */
const ENTRY = 4;

type Column = "terrain" | "force" | "wind" | "taken" | "log" | "pose" | "motion" | "touch" | "thrust";
interface Moon extends ClassWorld<unknown, Column, { readonly flight: Flight; readonly thrust: Thrust }> {}

export const lunarLander = classScenario({
  id: "control/lunar_lander_v3",
  version: 1,
  summary: "Set a craft down between the flags, at rest",
  maxCycles: LONGEST,
  params: z.strictObject({
    gravity: z.number().gt(-12).lt(0).default(-10).describe("upwards, m/s²"),
    enableWind: z.boolean().default(false).describe("whether it blows while no leg touches"),
    windPower: z.number().min(0).max(20).default(15).describe("most force of the wind, N"),
    turbulencePower: z.number().min(0).max(2).default(1.5).describe("most torque of the wind, N m"),
    fidelity: z.enum(["gym", "fast"]).default("gym").describe("iterations of the solver"),
    hinge: z.enum(["gymnasium", "box2d"]).default("gymnasium").describe(
      "where the legs' joints measure from: how they are built, or 0",
    ),
  }),

  spec: () => ({
    groups: [{
      name: "lander",
      agents: 1,
      observation: { size: OBSERVED },
      actions: { discrete: 4, continuous: { dims: 2, low: -1, high: 1, clips: true } },
    }],
    costs: { fuel: { scope: "agent", summary: "steps of the main engine at full power" } },
  }),
  budgets: { fuel: { kind: "episode", limit: 80 } },
  /**
   * How it began: `terrain`, `force`, `wind`. What was done: `taken` steps, the reset's own included, in `log`. What
   * follows: `pose` (x, y, angle of hull and legs), `motion` (speeds of the hull), `touch` of the legs, and the last
   * `thrust`.
   */
  columns: () => ({
    terrain: DRAWN,
    force: 2,
    wind: 2,
    taken: 1,
    log: ENTRY * (LONGEST + 1),
    pose: 9,
    motion: 3,
    touch: 2,
    thrust: 2,
  }),
  hidden: (weather) => {
    requireExact();
    return { flight: flight(weather), thrust: { main: 0, side: 0 } };
  },
  restored: (w) => {
    const taken = w.columns.taken[0]!;
    for (let t = 0; t < taken; t++) fly(w, t);
    if (taken > 0) show(w);
  },

  reset: (w, random) => {
    const { terrain, force, wind } = w.columns;
    for (let i = 0; i < DRAWN; i++) terrain[i] = random.uniform(0, HIGHEST);
    for (let i = 0; i < 2; i++) force[i] = random.uniform(-FORCE, FORCE);
    if (w.p.enableWind) { for (let i = 0; i < 2; i++) wind[i] = random.integer(2 * WIND) - WIND; }
    note(w, 0, 0, random);
    fly(w, 0);
    show(w);
  },

  step: (w, random) => {
    const { flight, thrust } = w.hidden;
    if (w.actionKind === "discrete") discreteThrust(w.actions[0]!, thrust);
    else continuousThrust(w.actions[0]!, w.actions[1]!, thrust);
    const { main, side } = thrust;
    fly(w, note(w, main, side, random));
    show(w);
    w.reward[0] = flight.reward;
    if (flight.ended) w.terminated[0] = 1;
    w.charge("fuel", main + 0.1 * Math.abs(side), [0]);
  },

  observe: (w, _agent, into) => {
    into.set(w.hidden.flight.obs);
  },

  view: { camera: [0, WIDTH, 0, HEIGHT], trails: true, shapes, caption },
  policies: { scripted: heuristic },
});

/** Enters a step into the log, with the draws that every step takes, idle or not; says which one it is. */
function note({ columns: { log, taken } }: Moon, main: number, side: number, random: Draws): number {
  const t = taken[0]!;
  if (t > LONGEST) {
    throw new UserError(
      `control/lunar_lander_v3 keeps ${LONGEST} steps: set maxCycles to ${LONGEST} at most`,
    );
  }
  log[ENTRY * t] = main;
  log[ENTRY * t + 1] = side;
  log[ENTRY * t + 2] = random.uniform(-1, 1);
  log[ENTRY * t + 3] = random.uniform(-1, 1);
  taken[0] = t + 1;
  return t;
}

/** Takes step `t` as it stands in the log; the first begins the flight. */
function fly({ columns: { log, terrain, force, wind }, hidden: { flight, thrust } }: Moon, t: number): void {
  thrust.main = log[ENTRY * t]!;
  thrust.side = log[ENTRY * t + 1]!;
  const [d0, d1] = [log[ENTRY * t + 2]!, log[ENTRY * t + 3]!];
  if (t === 0) begin(flight, { terrain, force, wind }, d0, d1);
  else advance(flight, thrust, d0, d1);
}

/** Copies into columns what follows from the flight. */
function show({ columns: { pose, motion, touch, thrust }, hidden }: Moon): void {
  const { craft: { hull, legs }, touch: touches } = hidden.flight;
  let i = 0;
  for (const body of [hull, legs[0], legs[1]]) {
    const { x, y } = body.getPosition();
    pose[i++] = x;
    pose[i++] = y;
    pose[i++] = body.getAngle();
  }
  const velocity = hull.getLinearVelocity();
  motion[0] = velocity.x;
  motion[1] = velocity.y;
  motion[2] = hull.getAngularVelocity();
  touch[0] = touches[0] ? 1 : 0;
  touch[1] = touches[1] ? 1 : 0;
  thrust[0] = hidden.thrust.main;
  thrust[1] = hidden.thrust.side;
}
