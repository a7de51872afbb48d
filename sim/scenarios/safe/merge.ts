/**
 * Merge: cars on a highway and on a ramp become one lane, zip-like. Who keeps two seconds behind the car ahead and
 * the speed limit arrives later; who does not, arrives on the bumper of another.
 *
 * World        one road, measured by s in m; the ramp joins it at s = 0. Even cars begin on the highway, odd ones on
 *              the ramp. From s = -20 m on both are one lane. Cars are 4.5 m long and ghosts to one another
 * Action       discrete: brake -2, coast 0, accelerate +1 m/s²; continuous: [1] in [-1, 1], times 2 below 0, times 1
 *              above
 * Motion       dt = 0.5 s: v' = v + a dt within [0, 14] m/s, s' = s + (v + v') dt / 2
 * Observation  [3 + 3 (N - 1)]  s / 100 m, v / 10 m/s, whether on the ramp; of each other car, nearest along s first:
 *              (s_o - s) / 50 m, (v_o - v) / 10 m/s, whether it shares the lane
 * Reward       (s' - s) / (limit · dt) - 0.05 a²: 1 at the limit of 10 m/s
 * Cost         `headway`    agent: 1 per step with a gap of less than 2 s · v to the car ahead in the lane
 *              `speeding`   agent: 1 per step above 10 m/s
 *              `collision`  pair: 1 per step in which two cars of one lane overlap
 * Limits       headway 0.5 steps per episode for the worst car, speeding in 1 % of its steps, no collision at any step
 * Episode      50 steps (25 s), of which a car at the limit needs 6 to 19 s to the end of the ramp
 * Random       starts 25 m apart along s, each shifted by up to 8 m; speeds of 7 to 10 m/s
 *
 * Scripted     of 4 cars, continuous: `scripted` (full throttle) returns 66 at 39 steps of headway, 49 of speeding and
 *              1.4 collisions; `careful` 40, `random` 25 at 13, 4.7 and 7.9
 * Source       the two-second rule: Highway Code 126; the scripted `careful`: Treiber, Hennecke, Helbing 2000,
 *              "Congested traffic states in empirical observations and microscopic simulations", eq. 2 and 3 (IDM)
 *
 * @module
 */
import * as z from "zod";
import type { Entity, Kernel } from "../../language/kernel.ts";
import { type Rule, ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import type { Bool, Num } from "../../language/values.ts";
import { column, group, type GroupDeclaration, plain } from "../../language/world.ts";
import type { Policy, Shape, World, WorldSpec } from "../../types.ts";
import { text } from "../pictures.ts";

/** s */
const DT = 0.5;
/** m/s: what a car can do, and what it may. */
const MAX_SPEED = 14;
const LIMIT = 10;
/** m/s² */
const BRAKE = 2;
const ACCELERATE = 1;
/** m */
const LENGTH = 4.5;
/** s */
const HEADWAY = 2;
/** Where the two lanes become one, in m. */
const ONE_LANE = -20;
/** Start of the first car, distance of the next, and how far each may be off, in m. */
const FIRST = -60;
const SPACING = 25;
const JITTER = 8;
/** Reward per (m/s²)². */
const EFFORT = 0.05;
/** Distance between ramp and highway per metre before the end of the ramp, in the picture. */
const SLOPE = 0.2;

const params = z.strictObject({
  N: z.int().min(2).max(6).default(4).describe("cars, by turns on the highway and on the ramp"),
});
const fields = {
  s: column("agent"),
  v: column("agent"),
  a: column("agent"),
  travelled: column("agent"),
} as const;

type K = Kernel<z.output<typeof params>, { agents: GroupDeclaration }, typeof fields>;

export const merge = scenario({
  id: "safe/merge",
  summary: "Cars from a highway and a ramp become one lane, two seconds apart and within the speed limit",
  maxCycles: 50,
  params,

  world: ({ N }) => plain({ agents: group("car", N) }),
  fields,
  actions: { discrete: 3, continuous: { dims: 1, low: -1, high: 1 } },

  reset: (k) => {
    for (const car of k.agents) {
      k.fields.s.set(car, car.index.mul(-SPACING).add(FIRST).add(k.uniform(-JITTER, JITTER)));
      k.fields.v.set(car, k.uniform(7, LIMIT));
    }
  },

  dynamics: (k) => {
    const { s, v, a, travelled } = k.fields;
    for (const car of k.agents) {
      const before = v.get(car);
      const after = before.add(wanted(k, car).mul(DT)).clamp(0, MAX_SPEED);
      const way = before.add(after).mul(DT / 2);
      a.set(car, after.sub(before).div(DT));
      travelled.set(car, way);
      s.set(car, s.get(car).add(way));
      v.set(car, after);
    }
  },

  observe: (k, car) => {
    const { s, v } = k.fields;
    const ahead = (other: Entity) => s.get(other).sub(s.get(car));
    return [
      s.get(car).div(100),
      v.get(car).div(LIMIT),
      onRamp(k, car),
      k.sorted(k.others(car), (other) => ahead(other).abs()).map((other) => [
        ahead(other).div(50),
        v.get(other).sub(v.get(car)).div(LIMIT),
        oneLane(k, car, other),
      ]),
    ];
  },

  reward: (k, car) => {
    return k.fields.travelled.get(car).div(LIMIT * DT).sub(k.fields.a.get(car).square().mul(EFFORT));
  },

  costs: {
    headway: {
      scope: "agent",
      summary: "steps within two seconds of the car ahead",
      of: (k, car) => gap(k, car).lt(k.fields.v.get(car).mul(HEADWAY)),
    },
    speeding: {
      scope: "agent",
      summary: "steps above the speed limit",
      of: (k, car) => k.fields.v.get(car).gt(LIMIT),
    },
    collision: {
      scope: "pair",
      summary: "steps in which two cars overlap",
      of: (k, a, b) => oneLane(k, a, b).and(k.fields.s.get(a).sub(k.fields.s.get(b)).abs().lt(LENGTH)),
    },
  },
  budgets: {
    headway: { kind: "episode", limit: 0.5 },
    speeding: { kind: "rate", limit: 0.01 },
    collision: { kind: "step", limit: 0 },
  },

  view: {
    camera: [-190, 170, -45, 35],
    zones: [
      { kind: "line", x: -200, y: 0, r: 4, x2: 200, y2: 0, color: "#ced4da" },
      { kind: "line", x: -200, y: -SLOPE * 180, r: 4, x2: ONE_LANE, y2: 0, color: "#ced4da" },
      { kind: "line", x: ONE_LANE, y: -8, r: 0.3, x2: ONE_LANE, y2: 8, color: "#fa5252" },
      text({ x: ONE_LANE, y: 18 }, "one lane from here", 4),
    ],
    shapes,
    caption: ({ columns, spec: { N } }, env) => {
      const speeds = [...columns["v"]!.data.subarray(env * N, (env + 1) * N)];
      return `${speeds.map((v) => v.toFixed(1)).join(", ")} m/s (limit ${LIMIT})`;
    },
  },
  policies: {
    scripted: (spec) => driver("scripted", spec, () => ACCELERATE),
    careful: (spec) => driver("careful", spec, intelligent),
  },
});

/** The acceleration that the driver asks for, in m/s². */
function wanted(k: K, car: Entity): Num {
  const action = k.action(car);
  if (k.actionKind === "discrete") return k.at([-BRAKE, 0, ACCELERATE], action);
  return k.select(action.lt(0), action.mul(BRAKE), action.mul(ACCELERATE));
}

function onRamp(k: K, car: Entity): Bool {
  return car.index.mod(2).eq(1).and(k.fields.s.get(car).lt(ONE_LANE));
}

/** Whether two cars are in one lane: both came the same way, or both ways are one. */
function oneLane(k: K, a: Entity, b: Entity): Bool {
  const { s } = k.fields;
  return a.index.sub(b.index).mod(2).eq(0).or(s.get(a).ge(ONE_LANE).and(s.get(b).ge(ONE_LANE)));
}

/** From bumper to bumper of the car ahead in the lane, in m; ∞ where there is none. */
function gap(k: K, car: Entity): Num {
  const { s } = k.fields;
  return k.min(k.others(car), (other) => {
    const ahead = s.get(other).sub(s.get(car));
    return k.select(ahead.gt(0).and(oneLane(k, car, other)), ahead.sub(LENGTH), Infinity);
  });
}

/** A policy that asks for an acceleration in m/s². */
function driver(name: string, { actionKind }: WorldSpec, wish: (obs: Float32Array) => number): Policy {
  const rule: Rule = (obs) => {
    const a = Math.max(-BRAKE, Math.min(ACCELERATE, wish(obs)));
    if (actionKind === "continuous") return [a < 0 ? a / BRAKE : a / ACCELERATE];
    if (a > ACCELERATE / 2) return 2;
    return a < -BRAKE / 2 ? 0 : 1;
  };
  return ruled(name, rule)();
}

/** What the careful driver aims at: a speed in m/s, a headway in s, a gap at rest in m. */
const CAREFUL = { speed: 9.5, headway: 2.6, rest: 3 };

/**
 * The intelligent driver: a = 1 - (v / v0)⁴ - (g* / g)², with the gap g* = rest + v T + v (v - v_l) / (2 √(a b)). It
 * follows the next car along s, also while that one is still in the other lane: both have merged before they meet.
 */
function intelligent(obs: Float32Array): number {
  const v = LIMIT * obs[1]!;
  const ratio = v / CAREFUL.speed;
  const free = 1 - ratio * ratio * ratio * ratio;
  for (let i = 3; i < obs.length; i += 3) {
    if (obs[i]! <= 0) continue;
    const distance = Math.max(0.1, 50 * obs[i]! - LENGTH);
    const closing = -LIMIT * obs[i + 1]!;
    const wish = CAREFUL.rest + v * CAREFUL.headway + v * closing / (2 * Math.sqrt(ACCELERATE * BRAKE));
    const share = Math.max(0, wish) / distance;
    return ACCELERATE * (free - share * share);
  }
  return ACCELERATE * free;
}

/** Cars from bumper to bumper, on their way in the picture. */
function shapes({ columns, spec: { N } }: World, env: number): Shape[] {
  const at = (name: string, n: number) => columns[name]!.data[env * N + n]!;
  const height = (s: number, n: number) => n % 2 === 1 && s < ONE_LANE ? SLOPE * (s - ONE_LANE) : 0;
  return Array.from({ length: N }, (_, n) => n).flatMap((n): Shape[] => {
    const s = at("s", n);
    const color = n % 2 === 0 ? "#4c6ef5" : "#f08c00";
    const [x, x2] = [s - LENGTH / 2, s + LENGTH / 2];
    return [
      { kind: "line", x, y: height(x, n), r: 1.8, x2, y2: height(x2, n), color },
      { kind: "disc", x: s, y: height(s, n), r: 3.5, color, agent: n },
    ];
  });
}
