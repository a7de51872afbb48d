/**
 * Power balance: two generators follow a random demand, one step behind.
 *
 * State        output g₀, g₁ in 0..3, demand D in 2..4; start (1, 1, 2)
 * Action       [3]  ramp down, keep, ramp up: gᵢ' = clip(gᵢ + uᵢ, 0, 3)
 * Demand       2 → 2 (0.7), 3 (0.3);   3 → 2 (0.15), 3 (0.7), 4 (0.15);   4 → 3 (0.3), 4 (0.7)
 * Observation  [13]  own output and the other's (4 each), demand (3), which generator one is (2), all one-hot
 * Reward       shared: −(g₀' + 1.5 g₁') / 4, the fuel
 * Cost         `imbalance`  team: 1 if g₀' + g₁' is not the new demand;   `overload`  agent: 1 at full output, gᵢ' = 3
 * Limit        imbalance 8, overload 20 for each, discounted by γ = 0.95
 * Truncation   after 200 steps
 * Optimum      −12.244043 for a central controller, at costs (8, 10.109956, 0); multiplier 1.24926. A limit of 5.9 on
 *              the imbalance cannot be kept.
 * Scripted     the cheap generator at 2, the other at what the demand leaves
 *
 * @module
 */
import * as z from "zod";
import { ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import { type Chance, tabulate } from "../../language/tables.ts";
import { column, group, plain } from "../../language/world.ts";
import { stack } from "../pictures.ts";

const FULL = 3;
const LEAST_DEMAND = 2;
const DISCOUNT = 0.95;
/** Fuel per unit of output, by generator. */
const PRICE = [1, 1.5];
/** By demand less 2: the chances of falling, and of falling or staying. */
const FALLS = [0, 0.15, 0.3];
const FALLS_OR_STAYS = [0.7, 0.85, 1];

export const power = scenario({
  id: "safe/power",
  summary: "Two generators follow a random demand",
  maxCycles: 200,
  discount: DISCOUNT,
  params: z.strictObject({}),

  world: () => plain({ agents: group("generator", 2) }),
  fields: { output: column("agent"), demand: column("world") },
  actions: { discrete: 3 },

  reset: (k) => {
    for (const generator of k.agents) k.fields.output.set(generator, 1);
    k.fields.demand.set(2);
  },

  dynamics: (k) => {
    const { output, demand } = k.fields;
    for (const generator of k.agents) {
      const ramp = k.action(generator).sub(1);
      output.set(generator, output.get(generator).add(ramp).clamp(0, FULL));
    }
    const now = demand.get();
    const level = now.sub(LEAST_DEMAND);
    const u = k.uniform();
    const change = k.select(u.lt(k.at(FALLS, level)), -1, k.select(u.lt(k.at(FALLS_OR_STAYS, level)), 0, 1));
    demand.set(now.add(change));
  },

  observe: (k, generator) => [
    k.oneHot(k.fields.output.get(generator), FULL + 1),
    k.others(generator).map((other) => k.oneHot(k.fields.output.get(other), FULL + 1)),
    k.oneHot(k.fields.demand.get().sub(LEAST_DEMAND), 3),
    k.oneHot(generator.index, 2),
  ],

  reward: (k) =>
    k.once(
      "fuel",
      () =>
        k.sum(k.agents, (generator) => k.fields.output.get(generator).mul(k.at(PRICE, generator.index))).div(
          -4,
        ),
    ),

  costs: {
    imbalance: {
      scope: "team",
      summary: "steps in which output is not demand",
      of: (k) => k.sum(k.agents, (generator) => k.fields.output.get(generator)).ne(k.fields.demand.get()),
    },
    overload: {
      scope: "agent",
      summary: "steps at full output",
      of: (k, generator) => k.fields.output.get(generator).eq(FULL),
    },
  },
  budgets: { imbalance: { kind: "discounted", limit: 8 }, overload: { kind: "discounted", limit: 20 } },

  tables: () =>
    tabulate({
      parts: [
        { column: "output", at: 0, size: FULL + 1 },
        { column: "output", at: 1, size: FULL + 1 },
        { column: "demand", at: 0, size: 3, least: LEAST_DEMAND },
      ],
      actions: [3, 3],
      channels: [{ name: "imbalance" }, { name: "overload", agent: 0 }, { name: "overload", agent: 1 }],
      start: [1, 1, 0],
      discount: DISCOUNT,
      outcomes: ([g0, g1, level], [first, second]) => {
        const ramped = (output: number, action: number) => Math.max(0, Math.min(FULL, output + action - 1));
        const [a, b] = [ramped(g0!, first!), ramped(g1!, second!)];
        const reward = -(a + 1.5 * b) / 4;
        return DEMAND[level!]!.map(([p, next]) => {
          const unequal = a + b !== next + LEAST_DEMAND;
          return { p, next: [a, b, next], reward, costs: [unequal, a === FULL, b === FULL].map(Number) };
        });
      },
    }),

  view: {
    camera: [-0.7, 4.7, -0.8, 4.3],
    shapes: ({ columns }, env) => {
      const output = (i: number) => columns["output"]!.data[2 * env + i]!;
      const bar = (agent: number) => {
        const color = output(agent) === FULL ? "#fa5252" : "#4c6ef5";
        return stack({
          x: 2 * agent,
          count: output(agent),
          most: FULL,
          color,
          label: `generator ${agent}`,
          agent,
        });
      };
      const demand = columns["demand"]!.data[env]!;
      return [
        ...bar(0),
        ...bar(1),
        ...stack({ x: 4, count: demand, most: 4, color: "#40c057", label: "demand" }),
      ];
    },
  },
  policies: {
    scripted: ruled("scripted", (obs) => {
      const own = obs.subarray(0, 4).indexOf(1);
      const demand = obs.subarray(8, 11).indexOf(1) + LEAST_DEMAND;
      const wanted = obs[11] === 1 ? 2 : demand - 2;
      return wanted < own ? 0 : wanted > own ? 2 : 1;
    }),
  },
});

/** By demand less 2: the chances of the next one, less 2. */
const DEMAND: readonly (readonly Chance<number>[])[] = [
  [[0.7, 0], [0.3, 1]],
  [[0.15, 0], [0.7, 1], [0.15, 2]],
  [[0.3, 1], [0.7, 2]],
];
