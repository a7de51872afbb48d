/**
 * Cooling zones: N zones of a data centre in a ring, each with servers that wake and sleep and a fan that pays by the
 * cube of its speed. Heat leaks between neighbours, and all fans at full speed would trip the building's breaker.
 *
 * Action       discrete: fan at 0, ¼, ½, ¾, 1 of its speed; continuous: [1] fan speed u in [0, 1]
 * Heat         one minute per step, of zone i (kW):
 *                load Pᵢ: 2 asleep, 6 awake; servers change with probability 0.05 per minute and are off from 40 °C on
 *                hᵢ = Pᵢ − 8 uᵢ + 0.2 (Tᵢ₋₁ + Tᵢ₊₁ − 2 Tᵢ)
 *                Tᵢ' = Tᵢ + 60 hᵢ / 200 + 0.05 ε   (200 kJ/K), within [10, 45] °C
 * Observation  [6]  (T − 22) / 5 of the own zone, of the one to the left and of the one to the right; whether the own
 *              servers are awake, and which share is, of the two neighbours and of all zones
 * Reward       − uᵢ³: fan power as a share of the fan's most
 * Cost         `hot`   agent: 1 per minute with T above 27 °C
 *              `peak`  team: 1 per minute with Σ u³ above N / 2
 * Limits       2 minutes of heat for the worst zone, 3 minutes of peak
 * Episode      120 minutes
 * Random       each zone begins within 21 to 23 °C, its servers awake with probability ½
 *
 * Scripted     of 6 zones, continuous: `scripted` (fans off) returns 0 at 118 minutes of heat; `thermostat` (on at
 *              26 °C) -58 at 27 and 41 of peak; `careful` (even speeds) -20 at none; `random` -30 at 50 and 3
 * Source       the larger, continuous sister of `safe/cooling`; 27 °C and 18 °C bound what ASHRAE TC 9.9, "Thermal
 *              guidelines for data processing environments", recommends; power goes by the cube of speed: the fan laws
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
import { text } from "../pictures.ts";

/** kW */
const ASLEEP = 2;
const AWAKE = 6;
const COOLING = 8;
/** kW per K of difference between neighbours. */
const LEAK = 0.2;
/** Kelvin per minute and kW: 60 s / 200 kJ/K. */
const WARMING = 60 / 200;
/** Kelvin per minute. */
const NOISE = 0.05;
/** Probability that servers wake or sleep, per minute. */
const CHANGE = 0.05;
/** °C */
const START = 22;
const HOT = 27;
const TRIP = 40;
const COLDEST = 10;
const HOTTEST = 45;
/** Of the ring in the picture. */
const RADIUS = 0.9;
/** A full turn. */
const TURN = 2 * Math.PI;

const params = z.strictObject({
  N: z.int().min(3).max(24).default(6).describe("zones in the ring"),
  leak: z.number().min(0).max(0.8).default(LEAK).describe("heat between neighbours, kW/K"),
});
const fields = {
  temperature: column("agent"),
  next: column("agent"),
  awake: column("agent"),
  power: column("agent"),
} as const;

type K = Kernel<z.output<typeof params>, { agents: GroupDeclaration }, typeof fields>;

export const coolingZones = scenario({
  id: "safe/cooling_zones",
  summary: "Fans keep a ring of coupled server zones cool, on little energy and below the breaker's limit",
  maxCycles: 120,
  params,

  world: ({ N }) => plain({ agents: group("zone", N) }),
  fields,
  actions: { discrete: 5, continuous: { dims: 1, low: 0, high: 1 } },

  reset: (k) => {
    for (const zone of k.agents) {
      k.fields.temperature.set(zone, k.uniform(START - 1, START + 1));
      k.fields.awake.set(zone, k.integer(2));
    }
  },

  dynamics: (k) => {
    const { temperature, next, awake, power } = k.fields;
    for (const zone of k.agents) {
      const speed = k.actionKind === "discrete" ? k.action(zone).div(4) : k.action(zone);
      const own = temperature.get(zone);
      const leaked = temperature.get(beside(k, zone, -1)).add(temperature.get(beside(k, zone, 1))).sub(
        own.mul(2),
      );
      const heat = load(k, zone).sub(speed.mul(COOLING)).add(leaked.mul(k.param("leak")));
      next.set(zone, own.add(heat.mul(WARMING)).add(k.normal(0, NOISE)).clamp(COLDEST, HOTTEST));
      power.set(zone, speed.mul(speed).mul(speed));
    }
    for (const zone of k.agents) {
      temperature.set(zone, next.get(zone));
      const changes = k.uniform().lt(CHANGE);
      awake.set(zone, k.select(changes, k.num(1).sub(awake.get(zone)), awake.get(zone)));
    }
  },

  observe: (k, zone) => {
    const { awake } = k.fields;
    const [left, right] = [beside(k, zone, -1), beside(k, zone, 1)];
    const warmth = (of: Entity) => k.fields.temperature.get(of).sub(START).div(5);
    return [
      warmth(zone),
      warmth(left),
      warmth(right),
      awake.get(zone),
      awake.get(left).add(awake.get(right)).div(2),
      k.once("awake", () => k.sum(k.agents, (any) => awake.get(any))).div(k.p.N),
    ];
  },

  reward: (k, zone) => k.fields.power.get(zone).neg(),

  costs: {
    hot: {
      scope: "agent",
      summary: "minutes above 27 °C",
      of: (k, zone) => k.fields.temperature.get(zone).gt(HOT),
    },
    peak: {
      scope: "team",
      summary: "minutes with the fans at more than half of their power in all",
      of: (k) => k.sum(k.agents, (zone) => k.fields.power.get(zone)).gt(k.p.N / 2),
    },
  },
  budgets: { hot: { kind: "episode", limit: 2 }, peak: { kind: "episode", limit: 3 } },

  view: {
    camera: [-1.5, 1.5],
    shapes,
    caption: ({ columns, spec: { N } }, env) => {
      const warmth = [...columns["temperature"]!.data.subarray(env * N, (env + 1) * N)];
      return `${warmth.map((t) => t.toFixed(1)).join(", ")} °C (limit ${HOT})`;
    },
  },
  policies: {
    scripted: (spec) => keeper("scripted", spec, () => 0),
    thermostat: (spec) => keeper("thermostat", spec, (_, warmth) => warmth > START + 4 ? 1 : 0),
    careful: (spec) => keeper("careful", spec, steady),
  },
});

/** The zone so many places round the ring. */
function beside(k: K, zone: Entity, places: number): Entity {
  return k.at(k.agents, zone.index.add(k.p.N + places).mod(k.p.N));
}

/** Heat of a zone's servers, in kW. */
function load(k: K, zone: Entity): Num {
  const running = k.fields.awake.get(zone).mul(AWAKE - ASLEEP).add(ASLEEP);
  return k.select(k.fields.temperature.get(zone).lt(TRIP), running, 0);
}

/** The fan's speed: from the load and the temperatures in kW and °C, own, left and right. */
type Speed = (load: number, own: number, left: number, right: number) => number;

function keeper(name: string, { actionKind }: WorldSpec, speed: Speed): Policy {
  const rule: Rule = (obs) => {
    const [own, left, right] = [0, 1, 2].map((i) => START + 5 * obs[i]!) as [number, number, number];
    const u = Math.max(0, Math.min(1, speed(ASLEEP + obs[3]! * (AWAKE - ASLEEP), own, left, right)));
    return actionKind === "continuous" ? [u] : Math.round(4 * u);
  };
  return ruled(name, rule)();
}

/** Where the careful keeper holds its zone, in °C, and which share of the way there it goes per minute. */
const SETPOINT = 24.5;
const GAIN = 0.12;

/** Takes away the mean of load and what is usual, and what is too warm by and by: even speeds cost the least. */
function steady(load: number, own: number): number {
  const usual = (ASLEEP + AWAKE) / 2;
  return ((load + usual) / 2 + GAIN * (own - SETPOINT) / WARMING) / COOLING;
}

/** Zones round the ring, from blue to red; outwards the fan's power, inwards a box where the servers are awake. */
function shapes({ columns, spec: { N } }: World, env: number): Shape[] {
  const at = (name: string, n: number) => columns[name]!.data[env * N + n]!;
  const size = Math.min(0.2, 1.8 / N);
  const place = (n: number, radius: number) => {
    const angle = n * TURN / N;
    return { x: radius * sin(angle), y: radius * cos(angle) };
  };
  return Array.from({ length: N }, (_, n) => n).flatMap((n): Shape[] => {
    const [edge, warmth] = [RADIUS + size, at("temperature", n)];
    const { x: x2, y: y2 } = place(n, edge + 0.4 * at("power", n));
    const name = N <= 8 ? [text(place(n, RADIUS), `${warmth.toFixed(1)}°`, 0.05)] : [];
    const zone: Shape[] = [
      { kind: "line", ...place(n, edge), r: 0.03, x2, y2, color: "#1098ad" },
      { kind: "disc", ...place(n, RADIUS), r: size, color: color(warmth), agent: n },
      ...name,
    ];
    const awake: Shape = { kind: "cell", ...place(n, RADIUS - 2 * size), r: size / 3, color: "#7048e8" };
    return at("awake", n) === 1 ? [...zone, awake] : zone;
  });
}

function color(temperature: number): string {
  if (temperature > HOT) return "#fa5252";
  if (temperature > HOT - 2) return "#fd7e14";
  return temperature > START - 1 ? "#fab005" : "#4dabf7";
}
