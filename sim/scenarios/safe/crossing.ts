/**
 * Crossing: N robots start on a circle, and each drives to the point opposite. The straight way leads all of them
 * through the centre at the same moment; a roundabout costs a few per cent of the return and keeps both budgets.
 *
 * World        a circle of radius 1 m; discs of radius 0.1 m that are ghosts to one another: costs carry the conflict
 * Action       discrete: stay, left, right, down, up; continuous: [2] acceleration, each in [-1, 1]; times 5 m/s²
 * Motion       MPE's particles: dt 0.1 s, a quarter of the speed lost per step, at most 1 m/s
 * Observation  [6 + 4 (N - 1)]  own velocity, own place, offset to the goal; for each other robot, counted from one's
 *              own place round the circle, its offset and relative velocity; halved where they reach 2
 * Reward       5 · (metres nearer to the goal) + 0.05 at the goal, − 0.05 elsewhere; within ±0.55
 * Cost         `contact`  pair: 1 per step in which two robots overlap
 *              `centre`   agent: 1 per step within 0.3 m of the centre
 * Limits       a third of a contact per pair and episode in all; 2 steps in the centre for the worst robot. Driving
 *              straight costs 7 and 3 times that at N = 4.
 * Episode      50 steps (5 s), of which the crossing takes about 22; a robot at its goal stays in play
 * Random       a start and a goal each shift by up to a tenth of the distance between neighbours
 *
 * @module
 */
import * as z from "zod";
import type { Entity, Kernel } from "../../language/kernel.ts";
import { particleStep } from "../../language/particle_step.ts";
import { scenario } from "../../language/scenario.ts";
import type { Vec2 } from "../../language/values.ts";
import { column, group, type GroupDeclaration, particles } from "../../language/world.ts";
import type { Policy, WorldSpec } from "../../types.ts";

/** Radii, in m. */
const ROBOT = 0.1;
const CENTRE = 0.3;
const GOAL = 0.15;
/** m/s², m/s and s */
const ACCEL = 5;
const MAX_SPEED = 1;
const DT = 0.1;
/** Share of its speed that a robot loses per step. */
const DAMPING = 0.25;
/** A full turn. */
const TURN = 2 * Math.PI;
/** Share of the distance between neighbours. */
const JITTER = 0.1;
/** Reward per metre of progress, and per step at the goal (its opposite elsewhere). */
const PROGRESS = 5;
const ARRIVED = 0.05;

export const crossing = scenario({
  id: "safe/crossing",
  summary: "Robots swap places across a circle without meeting in its centre",
  maxCycles: 50,
  params: z.strictObject({ N: z.int().min(2).max(16).default(4) }),

  world: ({ N }) =>
    particles({
      agents: group("robot", N, {
        size: ROBOT,
        accel: ACCEL,
        maxSpeed: MAX_SPEED,
        collide: false,
        color: "#4c6ef5",
      }),
      goals: group("goal", N, { size: GOAL, fixed: true, collide: false, color: "#40c057" }),
    }, { dt: DT, damping: DAMPING }),
  fields: { before: column("agent") },
  actions: { discrete: 5, continuous: { dims: 2, low: -1, high: 1 } },

  reset: (k) => {
    const gap = TURN / k.p.N;
    const place = (e: Entity, turned: number) => {
      const angle = e.index.add(k.uniform(-JITTER, JITTER)).mul(gap).add(turned);
      k.place(e, k.vec(angle.cos(), angle.sin()));
    };
    for (const robot of k.agents) place(robot, 0);
    for (const goal of k.goals) place(goal, TURN / 2);
  },

  dynamics: (k) => {
    for (const robot of k.agents) k.fields.before.set(robot, toGoal(k, robot).length());
    particleStep(k, { force: (robot) => control(k, robot).mul(ACCEL) });
  },

  observe: (k, robot) => [
    robot.vel,
    robot.pos,
    toGoal(k, robot).mul(0.5),
    around(k, robot).map((other) => [other.pos.sub(robot.pos).mul(0.5), other.vel.sub(robot.vel).mul(0.5)]),
  ],

  reward: (k, robot) => {
    const left = toGoal(k, robot).length();
    const progress = k.fields.before.get(robot).sub(left).mul(PROGRESS);
    return progress.add(k.select(left.lt(GOAL), ARRIVED, -ARRIVED));
  },

  costs: {
    contact: {
      scope: "pair",
      summary: "steps in which two robots overlap",
      of: (k, a, b) => k.overlap(a, b),
    },
    centre: {
      scope: "agent",
      summary: "steps in the centre",
      of: (_, robot) => robot.pos.length().lt(CENTRE),
    },
  },
  budgets: ({ N }) => ({
    contact: { kind: "episode", limit: N * (N - 1) / 2 / 3 },
    centre: { kind: "episode", limit: 2 },
  }),

  view: {
    camera: [-1.3, 1.3],
    trails: true,
    zones: [{ kind: "zone", x: 0, y: 0, r: CENTRE, color: "#fa5252", label: "centre" }],
  },
  policies: {
    scripted: (spec) => driver(spec, "scripted", straight),
    careful: (spec) => driver(spec, "careful", keepRight),
  },
});

type K = Kernel<{ N: number }, { agents: GroupDeclaration; goals: GroupDeclaration }>;

/** Offset to the robot's own goal. */
function toGoal(k: K, robot: Entity): Vec2 {
  return k.at(k.goals, robot.index).pos.sub(robot.pos);
}

/** The other robots, in order round the circle: the same picture from every place. */
function around(k: K, robot: Entity): Entity[] {
  return Array.from({ length: k.p.N - 1 }, (_, i) => k.at(k.agents, robot.index.add(i + 1).mod(k.p.N)));
}

function control(k: K, robot: Entity): Vec2 {
  return k.actionKind === "discrete" ? k.control(robot) : k.vec(k.action(robot, 0), k.action(robot, 1));
}

/** Where a driver wants to go, as a velocity in m/s, from its place at the end of this step and its offset to the goal. */
type Course = (x: number, y: number, toGoalX: number, toGoalY: number, N: number) => [vx: number, vy: number];

/** A policy that reads velocity, place and goal off the observation and accelerates towards a course. */
function driver(spec: WorldSpec, name: string, course: Course): Policy {
  const N = spec.params.N as number;
  const discrete = spec.actionKind === "discrete";
  return {
    name,
    hiddenSize: 0,
    act({ rows, obs }, into) {
      const O = obs.length / rows;
      for (let r = 0; r < rows; r++) {
        const [vx, vy, x, y, gx, gy] = obs.subarray(r * O, r * O + 6) as unknown as Six;
        const [wantedX, wantedY] = course(x + DT * vx, y + DT * vy, 2 * gx - DT * vx, 2 * gy - DT * vy, N);
        const ax = (wantedX - (1 - DAMPING) * vx) / (ACCEL * DT);
        const ay = (wantedY - (1 - DAMPING) * vy) / (ACCEL * DT);
        if (discrete) into[r] = nearestMove(ax, ay);
        else {
          const most = Math.max(1, Math.abs(ax), Math.abs(ay));
          into[2 * r] = ax / most;
          into[2 * r + 1] = ay / most;
        }
      }
    },
  };
}
type Six = [number, number, number, number, number, number];

/** The discrete move along the larger component; none where both are small. */
function nearestMove(ax: number, ay: number): number {
  if (Math.max(Math.abs(ax), Math.abs(ay)) < 0.5) return 0;
  if (Math.abs(ax) > Math.abs(ay)) return ax < 0 ? 1 : 2;
  return ay < 0 ? 3 : 4;
}

/** Straight to the goal, slower within a third of a metre. */
function straight(_x: number, _y: number, toGoalX: number, toGoalY: number): [number, number] {
  const distance = length(toGoalX, toGoalY);
  const speed = Math.min(MAX_SPEED, 3 * distance);
  return distance === 0 ? [0, 0] : [toGoalX / distance * speed, toGoalY / distance * speed];
}

/**
 * Round the centre with it on the left, on a ring of radius `ring`, then straight on: every robot turns the same way,
 * so that neighbours keep their distance.
 */
function keepRight(x: number, y: number, toGoalX: number, toGoalY: number, N: number): [number, number] {
  const ring = Math.max(0.45, 0.04 * N);
  const distance = length(toGoalX, toGoalY);
  const ahead = x * toGoalX + y * toGoalY < 0;
  const clearance = (x * toGoalY - y * toGoalX) / distance; // of the straight way, positive with the centre on the left
  if (!ahead || clearance >= ring) return straight(x, y, toGoalX, toGoalY);
  const radius = length(x, y);
  const [outX, outY] = [x / radius, y / radius];
  // On the tangent from here to the ring; once within it, along it and a little outwards.
  const sine = Math.min(1, ring / radius);
  const inwards = radius > ring ? Math.sqrt(1 - sine * sine) : 6 * (radius - ring);
  const [dx, dy] = [-inwards * outX - sine * outY, -inwards * outY + sine * outX];
  const size = length(dx, dy);
  return [MAX_SPEED * dx / size, MAX_SPEED * dy / size];
}

function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}
