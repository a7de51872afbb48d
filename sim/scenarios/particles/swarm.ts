/**
 * Swarm: N agents fly as a flock, each seeing its k nearest only. Flying close pays, flying too close costs.
 *
 * Source       the rules of the scripted policy: Reynolds 1987, "Flocks, herds and schools"; the rest is Paddock's own
 * World        a square of 4 agents per square metre whatever N is; beyond its edge a spring pushes back
 * Action       discrete: stay, left, right, down, up; continuous: [2] acceleration, each in [-1, 1]; times 3 m/s²
 * Motion       MPE's particles: dt 0.1 s, a quarter of the speed lost per step, at most 1 m/s; discs of radius 5 cm push
 *              each other up to a gap of 4 cm
 * Observation  [4 + 5k]  own velocity, own place as a share of half the side; for each of the k nearest within sight,
 *              nearest first: 1 (0 where there is none), offset as a share of sight, relative velocity
 * Reward       mean over the k places of (1 − distance / sight) + v · v' / 2, 0 where there is none; within ±1.5
 * Cost         `spacing`  pair: 1 per step in which two are less than 25 cm apart
 * Limit        two such pairs per agent and episode; random moves take 25 to 30, the scripted flock about 1
 * Episode      100 steps (10 s)
 * Random       places, uniform in the square
 *
 * @module
 */
import * as z from "zod";
import type { Entity, Kernel } from "../../language/kernel.ts";
import { particleStep } from "../../language/particle_step.ts";
import { scenario } from "../../language/scenario.ts";
import type { Num, Vec2 } from "../../language/values.ts";
import { group, type GroupDeclaration, particles } from "../../language/world.ts";
import type { Policy, WorldSpec } from "../../types.ts";

/** Agents per square metre. */
const DENSITY = 4;
/** Radius of an agent, in m. */
const SIZE = 0.05;
/** m/s² and m/s */
const ACCEL = 3;
const MAX_SPEED = 1;
/** Pairs closer than this are charged, in m. */
const SPACING = 0.25;
/** Gap at which contact forces end, in m: 40 margins. */
const CONTACT = 0.04;
/** Acceleration per metre beyond the edge, in 1/s². */
const EDGE = 20;
/** Worth of flying with a neighbour, beside that of being at its side. */
const ALIGNED = 0.5;

export const swarm = scenario({
  id: "particles/swarm",
  summary: "any number of agents flock, each seeing its nearest only, without crowding",
  maxCycles: 100,
  params: z.strictObject({
    N: z.int().min(1).max(20000).default(20).describe("agents"),
    k: z.int().min(1).max(16).default(6).describe("neighbours that an agent sees"),
    sight: z.number().min(0.3).max(3).default(0.8).describe("how far an agent sees, in m"),
  }),

  world: ({ N }) =>
    particles({
      agents: group("agent", N, { size: SIZE, accel: ACCEL, maxSpeed: MAX_SPEED, color: "#4c6ef5" }),
    }),
  actions: { discrete: 5, continuous: { dims: 2, low: -1, high: 1 } },

  reset: (k) => {
    const half = halfSide(k.p.N);
    for (const a of k.agents) k.place(a, k.uniform2(-half, half));
  },

  dynamics: (k) => {
    particleStep(k, { force: (a) => control(k, a).mul(a.accel).sub(beyond(k, a).mul(EDGE)), range: CONTACT });
  },

  observe: (k, a) => [
    a.vel,
    a.pos.div(halfSide(k.p.N)),
    k.nearest(a, k.p.k, k.p.sight).map((o) => [o.present, o.offset.div(k.p.sight), o.vel.sub(a.vel)]),
  ],

  reward: (k, a) => {
    const worth = k.nearest(a, k.p.k, k.p.sight).map((o) => {
      const close = k.num(1).sub(o.offset.length().div(k.p.sight));
      return k.select(o.present, close.add(o.vel.dot(a.vel).mul(ALIGNED / MAX_SPEED)), 0);
    });
    return worth.reduce((sum, one) => sum.add(one)).div(k.p.k);
  },

  costs: {
    spacing: {
      scope: "pair",
      range: SPACING,
      summary: "a pair less than 25 cm apart, per step",
      of: () => 1,
    },
  },
  budgets: ({ N }) => ({ spacing: { kind: "episode", limit: 2 * N } }),

  view: ({ N }) => ({ camera: [-1.1 * halfSide(N), 1.1 * halfSide(N)] }),
  policies: { scripted: flock },
});

type K = Kernel<{ N: number; k: number; sight: number }, { agents: GroupDeclaration }>;

/** Half the side of the square that holds N agents, in m. */
function halfSide(N: number): number {
  return Math.sqrt(N / DENSITY) / 2;
}

function control(k: K, a: Entity): Vec2 {
  return k.actionKind === "discrete" ? k.control(a) : k.vec(k.action(a, 0), k.action(a, 1));
}

/** How far an agent is beyond the edge, along each axis. */
function beyond(k: K, a: Entity): Vec2 {
  const half = halfSide(k.p.N);
  const over = (x: Num) => x.sub(x.clamp(-half, half));
  return k.vec(over(a.pos.x), over(a.pos.y));
}

/** Weights of the rules: away from who is too close, along with the others, towards them. */
const SEPARATE = 6;
const ALIGN = 1;
const GATHER = 1;
/** Distance that separation keeps, in m. */
const COMFORT = 0.5;

/** Reynolds's boids on the neighbours that an agent observes. */
function flock(spec: WorldSpec): Policy {
  const { k, sight } = spec.params as { k: number; sight: number };
  const discrete = spec.actionKind === "discrete";
  return {
    name: "scripted",
    hiddenSize: 0,
    act({ rows, obs }, into) {
      const O = obs.length / rows;
      for (let row = 0; row < rows; row++) {
        let [x, y, seen] = [0, 0, 0];
        for (let slot = 0; slot < k; slot++) {
          const at = row * O + 4 + 5 * slot;
          if (obs[at] === 0) continue;
          seen++;
          const [dx, dy] = [obs[at + 1]! * sight, obs[at + 2]! * sight];
          const distance = Math.max(1e-6, Math.sqrt(dx * dx + dy * dy));
          const push = SEPARATE * Math.max(0, COMFORT - distance) / (COMFORT * distance);
          x += GATHER * dx + ALIGN * obs[at + 3]! - push * dx;
          y += GATHER * dy + ALIGN * obs[at + 4]! - push * dy;
        }
        if (seen > 0) [x, y] = [x / seen, y / seen];
        const most = Math.max(Math.abs(x), Math.abs(y));
        if (!discrete) {
          into[2 * row] = x / Math.max(1, most);
          into[2 * row + 1] = y / Math.max(1, most);
        } else if (most < 0.1) into[row] = 0;
        else if (Math.abs(x) === most) into[row] = x < 0 ? 1 : 2;
        else into[row] = y < 0 ? 3 : 4;
      }
    },
  };
}
