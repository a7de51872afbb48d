/**
 * Intersection: two roads cross, and every car wants to be through first. A traffic light says whose turn it is and
 * binds nobody: each driver is paid for its own way only, and all pay for coming too close.
 *
 * World        two roads of 120 m that cross in their middle, two lanes each, 3 m right of the middle line. Car i comes
 *              from the west, south, east or north as i mod 4 says; at the end of its road it enters again at the
 *              other, so that traffic never ends. Cars go straight, and are ghosts to one another
 * Light        20 s: west-east 7 s green, 3 s red for all, south-north 7 s green, 3 s red for all
 * Action       discrete: brake -4, coast 0, accelerate +2 m/s²; continuous: [1] in [-1, 1], times 4 below 0, times 2
 *              above
 * Motion       dt = 0.2 s: v' = v + a dt within [0, 15] m/s, s' = s + (v + v') dt / 2, modulo the road
 * Observation  [21]  s / 60 m, v / 10 m/s; whether the own light is green, seconds to its next change / 10; the gap to
 *              the next car of the lane / 60 m, its v / 10 m/s; of the 3 nearest cars within 30 m, in the car's own
 *              frame (ahead, left): 1 (0 where there is none), offset / 30 m, relative velocity / 10 m/s
 * Reward       (s' - s) / (10 m/s · dt) - 0.01 a², each its own: motives are mixed
 * Cost         `distance`  pair: 1 per step in which two centres are less than 5 m apart
 *              `speed`     agent: 1 per step above 10 m/s
 * Limits       half a step of `distance` per car and episode, in all; speeding in 1 % of the steps of the worst car
 * Episode      150 steps (30 s)
 * Random       where in its cycle the light is; each place along the lane, by 5 m; speeds of 4 to 8 m/s
 *
 * Scripted     of 8 cars, continuous: `scripted` (full throttle) returns 214 at 55 steps of distance and 144 of
 *              speeding; `careful` (keeps its distance and the light) 83 at none; `random` 22 at 103 and 0.2
 * Source       a signal that all see as the way to coordinate: Aumann 1974, "Subjectivity and correlation in randomized
 *              strategies"; the scripted `careful`: the intelligent driver of Treiber, Hennecke, Helbing 2000
 *
 * @module
 */
import * as z from "zod";
import type { Entity, Kernel } from "../../language/kernel.ts";
import { type Rule, ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import type { Bool, Num, Vec2 } from "../../language/values.ts";
import { column, group, type GroupDeclaration, particles } from "../../language/world.ts";
import type { Policy, Shape, World, WorldSpec } from "../../types.ts";

/** s */
const DT = 0.2;
/** Half a road, from the middle line to the middle of a lane, and a car's length, in m. */
const ROAD = 60;
const LANE = 3;
const LENGTH = 4;
/** m/s: what a car can do, and what it may. */
const MAX_SPEED = 15;
const LIMIT = 10;
/** m/s² */
const BRAKE = 4;
const ACCELERATE = 2;
/** Centres closer than this are charged, in m. */
const CLOSE = 5;
/** Start of the first car of a lane, distance of the next, and how far each may be off, in m. */
const FIRST = -30;
const SPACING = 20;
const JITTER = 5;
/** Of the light, in s: one road's turn, and the green part of it. */
const TURN = 10;
const GREEN = 7;
/** How many cars are seen, and how far, in m. */
const SEEN = 3;
const SIGHT = 30;
/** Reward per (m/s²)². */
const EFFORT = 0.01;
/** Directions of the four lanes. */
const EAST = [1, 0, -1, 0] as const;
const NORTH = [0, 1, 0, -1] as const;
const COLORS = ["#4c6ef5", "#f08c00", "#1098ad", "#ae3ec9"] as const;

const params = z.strictObject({
  N: z.int().min(2).max(20).default(8).describe("cars; five fit on each of the four lanes"),
});
const fields = {
  s: column("agent"),
  v: column("agent"),
  a: column("agent"),
  travelled: column("agent"),
  clock: column("world"),
} as const;

type K = Kernel<z.output<typeof params>, { agents: GroupDeclaration }, typeof fields>;

export const intersection = scenario({
  id: "driving/intersection",
  summary: "Up to twenty cars on two crossing roads, each in its own hurry, with a light that binds nobody",
  maxCycles: 150,
  params,

  world: ({ N }) => particles({ agents: group("car", N, { size: 1.8, collide: false, color: COLORS }) }),
  fields,
  actions: { discrete: 3, continuous: { dims: 1, low: -1, high: 1 } },

  reset: (k) => {
    k.fields.clock.set(k.uniform(0, 2 * TURN));
    for (const car of k.agents) {
      const row = car.index.div(4).floor();
      put(k, car, row.mul(-SPACING).add(FIRST).add(k.uniform(-JITTER, JITTER)), k.uniform(4, 8));
    }
  },

  dynamics: (k) => {
    const { s, v, a, travelled, clock } = k.fields;
    clock.set(clock.get().add(DT).mod(2 * TURN));
    for (const car of k.agents) {
      const before = v.get(car);
      const after = before.add(wanted(k, car).mul(DT)).clamp(0, MAX_SPEED);
      const way = before.add(after).mul(DT / 2);
      a.set(car, after.sub(before).div(DT));
      travelled.set(car, way);
      put(k, car, s.get(car).add(way), after);
    }
  },

  observe: (k, car) => {
    const { s, v } = k.fields;
    const next = leader(k, car);
    const ahead = s.get(next).sub(s.get(car)).mod(2 * ROAD);
    return [
      s.get(car).div(ROAD),
      v.get(car).div(LIMIT),
      ...light(k, car),
      k.select(next.index.eq(car.index), 2, ahead.div(ROAD)),
      v.get(next).div(LIMIT),
      k.nearest(car, SEEN, SIGHT).map((other) => [
        other.present,
        inOwnFrame(k, car, other.offset).div(SIGHT),
        inOwnFrame(k, car, other.vel.sub(car.vel)).div(LIMIT),
      ]),
    ];
  },

  reward: (k, car) => {
    return k.fields.travelled.get(car).div(LIMIT * DT).sub(k.fields.a.get(car).square().mul(EFFORT));
  },

  costs: {
    distance: {
      scope: "pair",
      range: CLOSE,
      summary: "steps in which two cars are less than 5 m apart",
      of: () => 1,
    },
    speed: {
      scope: "agent",
      summary: "steps above the speed limit",
      of: (k, car) => k.fields.v.get(car).gt(LIMIT),
    },
  },
  budgets: ({ N }) => ({
    distance: { kind: "episode", limit: N / 2 },
    speed: { kind: "rate", limit: 0.01 },
  }),

  view: {
    camera: [-ROAD, ROAD],
    zones: [
      { kind: "line", x: 5.5 - ROAD, y: 0, r: 5.5, x2: ROAD - 5.5, y2: 0, color: "#ced4da" },
      { kind: "line", x: 0, y: 5.5 - ROAD, r: 5.5, x2: 0, y2: ROAD - 5.5, color: "#ced4da" },
    ],
    shapes,
    caption: ({ columns, spec: { N } }, env) => {
      const speeds = [...columns["v"]!.data.subarray(env * N, (env + 1) * N)];
      return `mean ${(speeds.reduce((sum, v) => sum + v, 0) / N).toFixed(1)} m/s (limit ${LIMIT})`;
    },
  },
  policies: {
    scripted: (spec) => driver("scripted", spec, () => ACCELERATE),
    careful: (spec) => driver("careful", spec, lawful),
  },
});

/** The acceleration that the driver asks for, in m/s². */
function wanted(k: K, car: Entity): Num {
  const action = k.action(car);
  if (k.actionKind === "discrete") return k.at([-BRAKE, 0, ACCELERATE], action);
  return k.select(action.lt(0), action.mul(BRAKE), action.mul(ACCELERATE));
}

/** The way that the car's lane goes. */
function direction(k: K, car: Entity): Vec2 {
  const lane = car.index.mod(4);
  return k.vec(k.at(EAST, lane), k.at(NORTH, lane));
}

/** Puts a car s metres beyond the middle of its road, modulo the road, at speed v. */
function put(k: K, car: Entity, s: Num, v: Num): void {
  const on = s.add(ROAD).mod(2 * ROAD).sub(ROAD);
  const way = direction(k, car);
  k.fields.s.set(car, on);
  k.fields.v.set(car, v);
  k.place(car, way.mul(on).add(k.vec(way.y, way.x.neg()).mul(LANE)), way.mul(v));
}

/**
 * The car before this one in the order of the lane: nobody overtakes who drives carefully. Alone, it is the car itself.
 */
function leader(k: K, car: Entity): Entity {
  const lane = car.index.mod(4);
  const last = lane.neg().add(k.p.N - 1).div(4).floor().mul(4).add(lane);
  return k.at(k.agents, k.select(car.index.lt(4), last, car.index.sub(4)));
}

/** Ahead and left, seen from the car. */
function inOwnFrame(k: K, car: Entity, v: Vec2): Vec2 {
  const way = direction(k, car);
  return k.vec(way.dot(v), way.cross(v));
}

/** Whether the car's light is green, and seconds until that changes / 10. */
function light(k: K, car: Entity): [Bool, Num] {
  const since = k.fields.clock.get().add(car.index.mod(2).mul(TURN)).mod(2 * TURN);
  const green = since.lt(GREEN);
  return [green, k.select(green, k.num(GREEN).sub(since), k.num(2 * TURN).sub(since)).div(10)];
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

/**
 * What the careful driver aims at: a speed in m/s, a headway in s, a gap at rest in m; and where it stops, as s in m.
 */
const CAREFUL = { speed: 9.2, headway: 1.2, rest: 3 };
const STOP = -13;
/** What it brakes with at most for a light that turned red, in m/s². */
const COMFORTABLE = 3;

/** Follows the car ahead, and at red stops at the line where it still can. */
function lawful(obs: Float32Array): number {
  const [s, v, green, , gap, leading] = obs as unknown as [number, number, number, number, number, number];
  const speed = LIMIT * v;
  const follow = intelligent(speed, ROAD * gap - LENGTH, LIMIT * leading);
  const left = STOP - ROAD * s;
  const canStop = speed * speed <= 2 * COMFORTABLE * (left + 1);
  if (green === 1 || left < -1 || !canStop) return follow;
  return Math.min(follow, intelligent(speed, left + CAREFUL.rest, 0));
}

/** a (1 - (v / v0)⁴ - (g* / g)²), with the gap g* = rest + v T + v (v - v_l) / (2 √(a b)). */
function intelligent(v: number, gap: number, leading: number): number {
  const ratio = v / CAREFUL.speed;
  const braking = v * (v - leading) / (2 * Math.sqrt(ACCELERATE * COMFORTABLE));
  const share = Math.max(0, CAREFUL.rest + v * CAREFUL.headway + braking) / Math.max(0.1, gap);
  return ACCELERATE * (1 - ratio * ratio * ratio * ratio - share * share);
}

/** The lights at the four stop lines, and the length of each car. */
function shapes({ columns, spec: { N } }: World, env: number): Shape[] {
  const clock = columns["clock"]!.data[env]!;
  const place = (lane: number, s: number, right: number) => {
    const [east, north] = [EAST[lane]!, NORTH[lane]!];
    return [east * s + north * right, north * s - east * right] as const;
  };
  const lights = EAST.map((_, lane): Shape => {
    const green = (clock + (lane % 2) * TURN) % (2 * TURN) < GREEN;
    const [x, y] = place(lane, STOP + 3, 0.5);
    const [x2, y2] = place(lane, STOP + 3, 5.5);
    return { kind: "line", x, y, x2, y2, r: 0.5, color: green ? "#40c057" : "#fa5252" };
  });
  const cars = Array.from({ length: N }, (_, n): Shape => {
    const s = columns["s"]!.data[env * N + n]!;
    const [x, y] = place(n % 4, s - 1.4, LANE);
    const [x2, y2] = place(n % 4, s + 1.4, LANE);
    return { kind: "line", x, y, x2, y2, r: 1, color: COLORS[n % 4]! };
  });
  return [...lights, ...cars];
}
