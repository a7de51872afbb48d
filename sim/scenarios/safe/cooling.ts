/**
 * Data-centre cooling: two zones heat up with a common load, and a hot zone heats its neighbour.
 *
 * State        temperature t₀, t₁ in 0..5, load L in 0..1; start (2, 2, 0)
 * Action       [3]  cooling uᵢ = 0, 1 or 2
 * Motion       tᵢ' = clip(tᵢ + 1 + L − uᵢ + eᵢ, 0, 5) with the current t and L; eᵢ = 1 with probability 0.2 if the other
 *              zone has t >= 4, else 0, independently. L' = L with 0.8, else 1 − L.
 * Observation  [16]  own temperature and the other's (6 each), load (2), which zone one is (2), all one-hot
 * Reward       shared: −(u₀ + u₁) / 2, the energy
 * Cost         `hot`  agent: 1 if tᵢ' >= 4
 * Limit        2 for each zone, discounted by γ = 0.95
 * Truncation   after 200 steps
 * Optimum      −24.720930 for a central controller; the multipliers sum to 1.55814
 * Scripted     as much cooling as brings the zone to 3
 *
 * @module
 */
import * as z from "zod";
import { ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import { both, type Chance, tabulate } from "../../language/tables.ts";
import { column, group, plain } from "../../language/world.ts";
import { stack } from "../pictures.ts";

const TOP = 5;
const HOT = 4;
const DISCOUNT = 0.95;
/** Chance that a hot zone heats the other, and that the load changes. */
const SPREAD = 0.2;
const CHANGE = 0.2;

export const cooling = scenario({
  id: "safe/cooling",
  summary: "Two zones of a data centre share a load and heat one another",
  maxCycles: 200,
  discount: DISCOUNT,
  params: z.strictObject({}),

  world: () => plain({ agents: group("zone", 2) }),
  fields: { temperature: column("agent"), load: column("world") },
  actions: { discrete: 3 },

  reset: (k) => {
    for (const zone of k.agents) k.fields.temperature.set(zone, 2);
  },

  dynamics: (k) => {
    const { temperature, load } = k.fields;
    const zones = [k.at(k.agents, 0), k.at(k.agents, 1)];
    const now = zones.map((zone) => temperature.get(zone));
    zones.forEach((zone, i) => {
      const heated = k.uniform().lt(SPREAD).and(now[1 - i]!.ge(HOT)).num();
      const next = now[i]!.add(1).add(load.get()).sub(k.action(zone)).add(heated);
      temperature.set(zone, next.clamp(0, TOP));
    });
    const changes = k.uniform().lt(CHANGE);
    load.set(k.select(changes, k.num(1).sub(load.get()), load.get()));
  },

  observe: (k, zone) => [
    k.oneHot(k.fields.temperature.get(zone), TOP + 1),
    k.others(zone).map((other) => k.oneHot(k.fields.temperature.get(other), TOP + 1)),
    k.oneHot(k.fields.load.get(), 2),
    k.oneHot(zone.index, 2),
  ],

  reward: (k) => k.once("energy", () => k.sum(k.agents, (zone) => k.action(zone)).div(-2)),

  costs: {
    hot: {
      scope: "agent",
      summary: "steps that end at temperature 4 or 5",
      of: (k, zone) => k.fields.temperature.get(zone).ge(HOT),
    },
  },
  budgets: { hot: { kind: "discounted", limit: 2 } },

  tables: () =>
    tabulate({
      parts: [
        { column: "temperature", at: 0, size: TOP + 1 },
        { column: "temperature", at: 1, size: TOP + 1 },
        { column: "load", at: 0, size: 2 },
      ],
      actions: [3, 3],
      channels: [{ name: "hot", agent: 0 }, { name: "hot", agent: 1 }],
      start: [2, 2, 0],
      discount: DISCOUNT,
      outcomes: ([t0, t1, load], [u0, u1]) => {
        const zone = (own: number, other: number, cooling: number): Chance<number>[] => {
          const at = (extra: number) => Math.max(0, Math.min(TOP, own + 1 + load! - cooling + extra));
          return other >= HOT ? [[1 - SPREAD, at(0)], [SPREAD, at(1)]] : [[1, at(0)]];
        };
        const loads: Chance<number>[] = [[1 - CHANGE, load!], [CHANGE, 1 - load!]];
        return both(both(zone(t0!, t1!, u0!), zone(t1!, t0!, u1!)), loads).map(([p, [[a, b], next]]) => {
          return {
            p,
            next: [a, b, next],
            reward: -(u0! + u1!) / 2,
            costs: [a, b].map((t) => t >= HOT ? 1 : 0),
          };
        });
      },
    }),

  view: {
    camera: [-0.7, 2.7, -0.8, 5.3],
    shapes: ({ columns }, env) => {
      const bar = (agent: number) => {
        const count = columns["temperature"]!.data[2 * env + agent]!;
        const color = count >= HOT ? "#fa5252" : count === HOT - 1 ? "#f08c00" : "#15aabf";
        return stack({ x: 2 * agent, count, most: TOP, color, label: `zone ${agent}`, agent });
      };
      return [...bar(0), ...bar(1)];
    },
    caption: ({ columns }, env) => columns["load"]!.data[env] === 1 ? "high load" : "low load",
  },
  policies: {
    scripted: ruled("scripted", (obs) => {
      const own = obs.subarray(0, TOP + 1).indexOf(1);
      return Math.max(0, Math.min(2, own + obs[2 * (TOP + 1) + 1]! - 2));
    }),
  },
});
