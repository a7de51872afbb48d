/**
 * Collect treasure: collectors pick up treasures, one at a time, and bring each to the deposit of its kind; deposits
 * move too, to meet them.
 *
 * Source       Iqbal & Sha 2019, MAAC, arXiv:1810.02912; MPE2 1.1.1, collect_treasure_v1
 * Agents       collector_0, …; deposit_0, …, one for each kind of treasure. All are ghosts to one another.
 * Action       5 moves: stay, left, right, down, up; or their five strengths in [0, 1]
 * Treasures    one that was picked up is gone for a step and then lies anew, at a random place and of a random kind
 * Observation  own position, own velocity, for a collector the kind it holds (one of n, or none); for each other agent,
 *              nearest first, offset, velocity, the kind it takes and the kind it holds (n each); for each treasure,
 *              nearest first, offset and kind, zeros for those that are gone. [86] collectors, [84] deposits
 * Reward       for all +5 for each treasure picked up or delivered in this step; collector: −5 for each other collector
 *              it overlaps, −0.1 · distance to the nearest treasure, or to the deposit of what it holds; deposit: −0.1 ·
 *              distance to the nearest collector that holds its kind, or to the centroid of all if there is none
 * Cost         "collision": each overlapping pair of collectors, each step; "outside": each step out of [-1, 1]²
 * Differs      after the reset, places and kinds come from the world's own streams, not from numpy's generator
 *
 * @module
 */
import * as z from "zod";
import type { Entity, Kernel, KernelBase } from "../../language/kernel.ts";
import { particleStep } from "../../language/particle_step.ts";
import { scenario } from "../../language/scenario.ts";
import type { Num, Part } from "../../language/values.ts";
import { column, type Field, group, type GroupDeclaration, particles } from "../../language/world.ts";
import { collision, outside } from "../../mpe/costs.ts";
import { centre, type Point, points, steer } from "../../mpe/steer.ts";

/** Treasures lie within [-0.95, 0.95]². */
const BOUND = 0.95;
/** Where MPE2 keeps a treasure that was picked up. */
const GONE = -999;
const PICKED = 5;
const DELIVERED = 5;
const OVERLAP = 5;
const SHAPING = 0.1;

const moving = { accel: 1.5, maxSpeed: 1, collide: false };

export const collectTreasure = scenario({
  id: "mpe/collect_treasure_v1",
  summary: "Collectors bring treasures to the deposits of their kinds",
  maxCycles: 25,

  params: z.strictObject({
    numCollectors: z.int().min(1).max(32).default(6),
    numDeposits: z.int().min(1).max(6).default(2).describe("deposits, and kinds of treasures"),
    numTreasures: z.int().min(1).max(32).default(6),
  }),

  world: ({ numCollectors, numDeposits, numTreasures }) =>
    particles({
      agents: [
        group("collector", numCollectors, { ...moving, size: 0.05, color: "#868e96" }),
        group("deposit", numDeposits, {
          ...moving,
          size: 0.075,
          mass: 2.25,
          color: ["#132445", "#543100", "#0f380f", "#4b0d0e", "#342442", "#311e1a"],
        }),
      ],
      treasures: group("treasure", numTreasures, {
        fixed: true,
        collide: false,
        size: 0.025,
        color: "#f18d00",
      }),
    }),

  fields: {
    /** 1 + the kind that a collector holds; 0 for nothing. */
    holding: column("collector"),
    kind: column("treasure"),
    /** Whether a treasure lies there. */
    lies: column("treasure"),
    /** Reward of this step for what was picked up and delivered. */
    earned: column("world"),
  },

  reset: (k) => {
    for (const a of k.agents) k.place(a, k.uniform2(-1, 1));
    for (const t of k.treasures) {
      k.fields.kind.set(t, k.integer(k.p.numDeposits));
      k.place(t, k.uniform2(-BOUND, BOUND));
      k.fields.lies.set(t, 1);
    }
  },

  dynamics: (k) => {
    particleStep(k);
    k.fields.earned.set(0);
    for (const t of k.treasures) {
      const place = k.uniform2(-BOUND, BOUND);
      const kind = k.integer(k.p.numDeposits);
      const lies = k.fields.lies.get(t).eq(1);
      k.when(lies, () => pickUp(k, t));
      k.when(lies.not(), () => {
        k.place(t, place);
        k.fields.kind.set(t, kind);
        k.fields.lies.set(t, 1);
      });
    }
    for (const c of k.group("collector")) deliver(k, c);
  },

  observe: (k, a) => [
    a.pos,
    a.vel,
    a.group === "collector" ? holds(k, a) : [],
    k.sorted(k.others(a), (o) => k.dist2(o, a)).map((
      o,
    ) => [o.pos.sub(a.pos), o.vel, takes(k, o), holds(k, o)]),
    k.sorted(k.treasures, (t) => k.select(k.fields.lies.get(t).eq(1), k.dist2(t, a), Infinity)).map((t) => {
      const lies = k.fields.lies.get(t).eq(1);
      return [
        k.select(lies, t.pos.sub(a.pos), k.vec(0, 0)),
        kinds(k).map((kind) => lies.and(k.fields.kind.get(t).eq(kind))),
      ];
    }),
  ],

  reward: (k, a) => {
    const { holding, lies, earned } = k.fields;
    const collectors = k.group("collector");
    const shaping = (distance: Num) => distance.mul(-SHAPING).add(earned.get());
    if (a.group === "collector") {
      const overlaps = k.sum(k.others(a, "collector"), (o) => k.overlap(a, o)).mul(-OVERLAP);
      const nearest = k.min(k.treasures, (t) => k.select(lies.get(t).eq(1), k.dist2(t, a), Infinity));
      const deposit = k.at(k.group("deposit"), holding.get(a).sub(1));
      const left = k.select(holding.get(a).eq(0), root(k, nearest, 0), k.dist(deposit, a));
      return overlaps.add(shaping(left));
    }
    const centroid = k.once(
      "centroid",
      () =>
        k.vec(k.sum(collectors, (c) => c.pos.x), k.sum(collectors, (c) => c.pos.y)).div(collectors.length),
    );
    const carries = (c: Entity) => holding.get(c).eq(a.index.add(1));
    const nearest = k.min(collectors, (c) => k.select(carries(c), k.dist2(c, a), Infinity));
    return shaping(root(k, nearest, k.dist(centroid, a.pos)));
  },

  costs: {
    collision: { ...collision, of: (k, a, b) => b.group === "collector" ? k.overlap(a, b) : 0 },
    outside,
  },
  budgets: { collision: { kind: "episode", limit: 2 }, outside: { kind: "episode", limit: 1 } },

  view: { camera: [-1.4, 1.4], trails: true },
  policies: {
    /** Collectors go to the nearest treasure, then to its deposit; deposits to who carries their kind, or to all. */
    scripted: (spec, group) => {
      const { numCollectors, numDeposits: n } = spec.params as { numCollectors: number; numDeposits: number };
      const width = 4 + 2 * n;
      const collects = group.name === "collector";
      const from = collects ? 4 + n : 4;
      const others = numCollectors + n - 1;
      const wish = (obs: Float32Array, member: number) => {
        const seen = Array.from(
          { length: others },
          (_, i) => obs.subarray(from + i * width, from + (i + 1) * width),
        );
        const at = (part: Float32Array): Point => [part[0]!, part[1]!];
        const takes = (kind: number) => seen.find((part) => part[4 + kind] === 1);
        const holds = (kind: number) => seen.find((part) => part[4 + n + kind] === 1);
        if (!collects) {
          const carrier = holds(member);
          const all = seen.filter((part) => part.subarray(4, 4 + n).every((bit) => bit === 0));
          return { go: carrier === undefined ? centre(all.map(at)) : at(carrier) };
        }
        const held = obs.subarray(4, 4 + n).indexOf(1);
        const deposit = held < 0 ? undefined : takes(held);
        if (deposit !== undefined) return { go: at(deposit) };
        return { go: points(obs, from + others * width, 1)[0]! };
      };
      return steer(spec, group, { accel: collects ? 1.5 : 1.5 / 2.25, velocity: 2, wish });
    },
  },
});

type K = Kernel<
  { numDeposits: number },
  { agents: GroupDeclaration[]; treasures: GroupDeclaration },
  {
    holding: Field<"collector", "number">;
    kind: Field<"treasure", "number">;
    lies: Field<"treasure", "number">;
    earned: Field<"world", "number">;
  }
>;

/** The root of a square, or `otherwise` where there is none. */
function root(k: KernelBase, square: Num, otherwise: Num | number): Num {
  return k.select(square.lt(Infinity), square.sqrt(), otherwise);
}

/** The first collector with empty hands that touches a treasure takes it. */
function pickUp(k: K, t: Entity): void {
  const { holding, kind, lies, earned } = k.fields;
  const collectors = k.group("collector");
  const touches = (c: Entity) => holding.get(c).eq(0).and(k.overlap(t, c));
  const taker = k.min(collectors, (c) => k.select(touches(c), c.index, Infinity));
  k.when(taker.lt(Infinity), () => {
    holding.set(k.at(collectors, taker), kind.get(t).add(1));
    lies.set(t, 0);
    k.place(t, k.vec(GONE, GONE));
    earned.set(earned.get().add(PICKED));
  });
}

/** A collector that touches the deposit of what it holds hands it over. */
function deliver(k: K, c: Entity): void {
  const { holding, earned } = k.fields;
  const kind = holding.get(c).sub(1);
  k.when(kind.ge(0).and(k.overlap(c, k.at(k.group("deposit"), kind))), () => {
    holding.set(c, 0);
    earned.set(earned.get().add(DELIVERED));
  });
}

function kinds(k: K): number[] {
  return Array.from({ length: k.p.numDeposits }, (_, kind) => kind);
}

/** The kind that an agent takes, as one of n. */
function takes(k: K, a: Entity): Part {
  return kinds(k).map((kind) => a.group === "deposit" ? a.index.eq(kind) : 0);
}

/** The kind that an agent holds, as one of n. */
function holds(k: K, a: Entity): Part {
  return kinds(k).map((kind) => a.group === "collector" ? k.fields.holding.get(a).eq(kind + 1) : 0);
}
