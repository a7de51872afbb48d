/**
 * Power grid: N generators on a ring of N buses and N lines follow a day's demand. Shutting down is free, sleeping
 * towns are not; the cheapest generators could serve everyone, but the lines could not carry it.
 *
 * World        bus i has a generator, a town and line i to bus i + 1; the last line closes the ring. All numbers per
 *              unit of a town's mean demand
 * Action       discrete: down 0.2, hold, up 0.2; continuous: [1] in [-1, 1], times 0.2
 * Motion       half an hour per step: gᵢ' = gᵢ + ramp within [0, 3]
 *              demand dᵢ = 1 + 0.3 sin(2π (hour / 24) + φᵢ) + xᵢ,   xᵢ' = 0.9 xᵢ + 0.03 ε
 * Flows        DC load flow, all lines alike: with bⱼ = gⱼ − dⱼ − (Σg − Σd) / N, the mismatch being shared by all,
 *              line i carries fᵢ = Σ_{j ≤ i} bⱼ − Σⱼ (1 − j / N) bⱼ, so that flows round the ring add up to 0
 * Observation  [9]  own generation, own demand, mismatch (Σg − Σd) / N, mean demand, flow of the line to the left and
 *              of that to the right as shares of their limit, own price, sin and cos of the hour
 * Reward       − priceᵢ gᵢ, each generator's own fuel; prices rise evenly from 0.5 at bus 0 to 1.5 at the last one
 * Cost         `imbalance`  team: 1 per step with |Σg − Σd| / N above 0.1, against the demand of after the step
 *              `overload`   agent: 1 per step with |fᵢ| above the limit of the line to the right
 * Limits       4 steps of imbalance, 2 of overload for the worst line
 * Episode      48 steps: a day, from midnight
 * Random       φᵢ within ±0.5, xᵢ as N(0, 0.03); generators begin within 10 % of their town's demand
 *
 * Scripted     of 5 buses, continuous: `scripted` (shuts down) returns -2 at 48 steps of imbalance; `merit` (cheapest
 *              first) -29 at 7.7 and 46 of overload; `careful` -47 at none; `random` -49 at 37 and 13
 * Source       the larger, continuous sister of `safe/power`; DC load flow: Wood, Wollenberg, Sheblé 2013, "Power
 *              generation, operation, and control", chapter 3
 *
 * @module
 */
import * as z from "zod";
import { cos, sin } from "../../../core/mod.ts";
import type { Entity, Kernel } from "../../language/kernel.ts";
import { type Rule, ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import type { Num } from "../../language/values.ts";
import { column, group, type GroupDeclaration, plain } from "../../language/world.ts";
import type { Policy, Shape, World, WorldSpec } from "../../types.ts";

/** Per unit of a town's mean demand. */
const CAPACITY = 3;
const RAMP = 0.2;
const SWING = 0.3;
const NOISE = 0.03;
const TOLERANCE = 0.1;
/** How much of a town's mood is left a step later. */
const MEMORY = 0.9;
/** Steps per day. */
const DAY = 48;
const CHEAP = 0.5;
const DEAR = 1.5;
/** A full turn. */
const TURN = 2 * Math.PI;

const params = z.strictObject({
  N: z.int().min(3).max(24).default(5).describe("buses, each with a generator, a town and a line"),
  line: z.number().min(0.1).max(5).default(0.6).describe("what a line carries, per unit of mean demand"),
});
const fields = {
  output: column("agent"),
  demand: column("agent"),
  mood: column("agent"),
  phase: column("agent"),
  flow: column("agent"),
  mismatch: column("world"),
} as const;

type K = Kernel<z.output<typeof params>, { agents: GroupDeclaration }, typeof fields>;

export const powerGrid = scenario({
  id: "safe/power_grid",
  summary: "Generators on a ring of lines follow a day's demand, balanced and without overloads",
  maxCycles: DAY,
  params,

  world: ({ N }) => plain({ agents: group("generator", N) }),
  fields,
  actions: { discrete: 3, continuous: { dims: 1, low: -1, high: 1 } },

  reset: (k) => {
    const { output, demand, mood, phase } = k.fields;
    for (const bus of k.agents) {
      phase.set(bus, k.uniform(-0.5, 0.5));
      mood.set(bus, k.normal(0, NOISE));
      demand.set(bus, wanted(k, bus, k.num(0)));
      output.set(bus, demand.get(bus).mul(k.uniform(0.9, 1.1)));
    }
    balance(k);
  },

  dynamics: (k) => {
    const { output, demand, mood } = k.fields;
    for (const bus of k.agents) {
      output.set(bus, output.get(bus).add(ramp(k, bus)).clamp(0, CAPACITY));
      mood.set(bus, mood.get(bus).mul(MEMORY).add(k.normal(0, NOISE)));
      demand.set(bus, wanted(k, bus, k.cycle.add(1)));
    }
    balance(k);
  },

  observe: (k, bus) => {
    const { output, demand, flow, mismatch } = k.fields;
    const left = k.at(k.agents, bus.index.add(k.p.N - 1).mod(k.p.N));
    const hour = k.cycle.mul(TURN / DAY);
    return [
      output.get(bus),
      demand.get(bus),
      mismatch.get(),
      k.once("mean demand", () => k.sum(k.agents, (town) => demand.get(town)).div(k.p.N)),
      flow.get(left).div(k.param("line")),
      flow.get(bus).div(k.param("line")),
      price(k, bus),
      hour.sin(),
      hour.cos(),
    ];
  },

  reward: (k, bus) => k.fields.output.get(bus).mul(price(k, bus)).neg(),

  costs: {
    imbalance: {
      scope: "team",
      summary: "steps out of balance by more than 0.1 per bus",
      of: (k) => k.fields.mismatch.get().abs().gt(TOLERANCE),
    },
    overload: {
      scope: "agent",
      summary: "steps with the line to the right above its limit",
      of: (k, bus) => k.fields.flow.get(bus).abs().gt(k.param("line")),
    },
  },
  budgets: { imbalance: { kind: "episode", limit: 4 }, overload: { kind: "episode", limit: 2 } },

  view: {
    camera: [-1.45, 1.45],
    shapes,
    caption: ({ columns, spec: { N } }, env) => {
      const flows = [...columns["flow"]!.data.subarray(env * N, (env + 1) * N)].map((f) => f.toFixed(2));
      return `mismatch ${columns["mismatch"]!.data[env]!.toFixed(2)} per bus; flows ${flows.join(", ")}`;
    },
  },
  policies: {
    scripted: (spec) => operator("scripted", spec, () => 0),
    merit: (spec) => operator("merit", spec, (seen) => merit(seen, spec.params.N as number)),
    careful: (spec) => operator("careful", spec, local),
  },
});

/** The change of output that the operator asks for. */
function ramp(k: K, bus: Entity): Num {
  const action = k.action(bus);
  return (k.actionKind === "discrete" ? action.sub(1) : action).mul(RAMP);
}

/** What a town wants at a step of the day. */
function wanted(k: K, bus: Entity, step: Num): Num {
  const { mood, phase } = k.fields;
  return step.mul(TURN / DAY).add(phase.get(bus)).sin().mul(SWING).add(1).add(mood.get(bus));
}

function price(k: K, bus: Entity): Num {
  return bus.index.mul((DEAR - CHEAP) / (k.p.N - 1)).add(CHEAP);
}

/** Mismatch and flows of outputs and demands. */
function balance(k: K): void {
  const { output, demand, flow, mismatch } = k.fields;
  const { N } = k.p;
  mismatch.set(k.sum(k.agents, (bus) => output.get(bus).sub(demand.get(bus))).div(N));
  const left = (bus: Entity) => output.get(bus).sub(demand.get(bus)).sub(mismatch.get());
  for (const line of k.agents) {
    const carried = k.sum(k.agents, (bus) => {
      const share = bus.index.le(line.index).num().sub(bus.index.neg().div(N).add(1));
      return left(bus).mul(share);
    });
    flow.set(line, carried);
  }
}

/** What an operator sees of its own bus and of the whole. */
interface Seen {
  readonly output: number;
  readonly demand: number;
  readonly mismatch: number;
  readonly meanDemand: number;
  readonly price: number;
}

/** A policy that ramps towards an output. */
function operator(name: string, { actionKind }: WorldSpec, target: (seen: Seen) => number): Policy {
  const rule: Rule = (obs) => {
    const [output, demand, mismatch, meanDemand] = obs as unknown as [number, number, number, number];
    const change = (target({ output, demand, mismatch, meanDemand, price: obs[6]! }) - output) / RAMP;
    if (actionKind === "continuous") return [Math.max(-1, Math.min(1, change))];
    if (change > 0.5) return 2;
    return change < -0.5 ? 0 : 1;
  };
  return ruled(name, rule)();
}

/** Serves the whole demand, cheapest generator first, wherever it is. */
function merit({ meanDemand, price }: Seen, N: number): number {
  const before = (price - CHEAP) / (DEAR - CHEAP) * (N - 1);
  return Math.max(0, Math.min(CAPACITY, N * meanDemand - CAPACITY * before));
}

/** How much more the cheapest makes than its town takes, and the dearest less: what the lines carry easily. */
const SHIFT = 0.25;

/** Serves its own town, a little more where fuel is cheap and less where it is dear. */
function local({ demand, price }: Seen): number {
  return demand + SHIFT * ((CHEAP + DEAR) / 2 - price);
}

/**
 * The ring: lines as thick as their flow, generators as large as their output, towns outside as large as their demand.
 */
function shapes({ columns, spec: { N, params } }: World, env: number): Shape[] {
  const at = (name: string, n: number) => columns[name]!.data[env * N + n]!;
  const place = (n: number, radius: number) => {
    const angle = n * TURN / N;
    return { x: radius * sin(angle), y: radius * cos(angle) };
  };
  const limit = params.line as number;
  const lines = Array.from({ length: N }, (_, n): Shape => {
    const share = Math.abs(at("flow", n)) / limit;
    const { x: x2, y: y2 } = place(n + 1, 0.9);
    const color = share > 1 ? "#fa5252" : "#74c0fc";
    return { kind: "line", ...place(n, 0.9), x2, y2, r: 0.01 + 0.03 * Math.min(2, share), color };
  });
  const buses = Array.from({ length: N }, (_, n): Shape[] => [
    { kind: "ring", ...place(n, 1.25), r: 0.12 * Math.sqrt(Math.max(0, at("demand", n))), color: "#868e96" },
    { kind: "disc", ...place(n, 0.9), r: 0.12 * Math.sqrt(at("output", n)), color: "#f59f00", agent: n },
  ]);
  return [...lines, ...buses.flat()];
}
