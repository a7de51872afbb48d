/**
 * What the scripted policies of the constrained scenarios earn and cost: those that look at the reward alone break
 * the budgets, the careful ones keep all of them.
 *
 * @module
 */
import assert from "node:assert/strict";
import { findScenario, makeWorld } from "../../sim/mod.ts";
import { cases, CHECKS } from "../conformance/worlds.ts";
import { near, outcomes } from "./outcomes.ts";

type Row = readonly [
  id: string,
  actions: "discrete" | "continuous",
  policy: string,
  mean: number,
  costs: Readonly<Record<string, number>>,
];

/** Mean return per agent and scoped costs per episode, over 2,000 episodes of seed 77, when the scenarios were made. */
const MEASURED: readonly Row[] = [
  ["safe/merge", "discrete", "random", 20.33, { headway: 10.92, speeding: 6.89, collision: 7.18 }],
  ["safe/merge", "discrete", "scripted", 66.37, { headway: 38.59, speeding: 49.26, collision: 1.44 }],
  ["safe/merge", "discrete", "careful", 37.90, { headway: 0, speeding: 0, collision: 0 }],
  ["safe/merge", "continuous", "random", 25.33, { headway: 13.04, speeding: 4.7, collision: 7.9 }],
  ["safe/merge", "continuous", "scripted", 66.37, { headway: 38.59, speeding: 49.26, collision: 1.44 }],
  ["safe/merge", "continuous", "careful", 40.28, { headway: 0, speeding: 0, collision: 0 }],
  ["driving/intersection", "discrete", "random", 17.73, { distance: 102.83, speed: 0.91 }],
  ["driving/intersection", "discrete", "scripted", 213.79, { distance: 55.09, speed: 144.32 }],
  ["driving/intersection", "discrete", "careful", 80.38, { distance: 0, speed: 0 }],
  ["driving/intersection", "continuous", "random", 22.26, { distance: 102.63, speed: 0.15 }],
  ["driving/intersection", "continuous", "scripted", 213.79, { distance: 55.09, speed: 144.32 }],
  ["driving/intersection", "continuous", "careful", 83.19, { distance: 0, speed: 0 }],
  ["safe/portfolio", "discrete", "random", -0.63, { gross: 14.78, drawdown: 24.76, turnover: 36.16 }],
  ["safe/portfolio", "discrete", "scripted", 8.55, { gross: 47.94, drawdown: 1.93, turnover: 21.93 }],
  ["safe/portfolio", "discrete", "careful", 3.42, { gross: 0, drawdown: 0, turnover: 4.24 }],
  ["safe/portfolio", "continuous", "random", -0.58, { gross: 17.49, drawdown: 22.35, turnover: 28.52 }],
  ["safe/portfolio", "continuous", "scripted", 8.55, { gross: 47.94, drawdown: 1.93, turnover: 21.93 }],
  ["safe/portfolio", "continuous", "careful", 3.42, { gross: 0, drawdown: 0, turnover: 4.24 }],
  ["safe/power_grid", "discrete", "random", -51.56, { imbalance: 37.72, overload: 19.93 }],
  ["safe/power_grid", "discrete", "scripted", -3.14, { imbalance: 48, overload: 0 }],
  ["safe/power_grid", "discrete", "merit", -29.47, { imbalance: 7.91, overload: 46.01 }],
  ["safe/power_grid", "discrete", "careful", -46.52, { imbalance: 0.33, overload: 0 }],
  ["safe/power_grid", "continuous", "random", -48.94, { imbalance: 36.57, overload: 13 }],
  ["safe/power_grid", "continuous", "scripted", -2.04, { imbalance: 48, overload: 0 }],
  ["safe/power_grid", "continuous", "merit", -28.84, { imbalance: 7.7, overload: 46.01 }],
  ["safe/power_grid", "continuous", "careful", -46.51, { imbalance: 0, overload: 0 }],
  ["safe/cooling_zones", "discrete", "random", -37.47, { hot: 50.36, peak: 13.93 }],
  ["safe/cooling_zones", "discrete", "scripted", 0.00, { hot: 117.77, peak: 0 }],
  ["safe/cooling_zones", "discrete", "thermostat", -58.31, { hot: 26.78, peak: 40.87 }],
  ["safe/cooling_zones", "discrete", "careful", -24.15, { hot: 0, peak: 0 }],
  ["safe/cooling_zones", "continuous", "random", -29.96, { hot: 49.75, peak: 2.88 }],
  ["safe/cooling_zones", "continuous", "scripted", 0.00, { hot: 117.77, peak: 0 }],
  ["safe/cooling_zones", "continuous", "thermostat", -58.31, { hot: 26.78, peak: 40.87 }],
  ["safe/cooling_zones", "continuous", "careful", -19.67, { hot: 0.02, peak: 0 }],
  ["safe/routing_network", "discrete", "random", 38.97, {
    drops_0: 32.49,
    drops_1: 0.2,
    drops_2: 0,
    delay: 94.83,
  }],
  ["safe/routing_network", "discrete", "scripted", 53.93, {
    drops_0: 2.33,
    drops_1: 4.62,
    drops_2: 7.06,
    delay: 232.14,
  }],
  ["safe/routing_network", "discrete", "careful", 47.93, {
    drops_0: 0,
    drops_1: 0,
    drops_2: 0,
    delay: 66.29,
  }],
  ["safe/routing_network", "continuous", "random", 46.22, {
    drops_0: 56.97,
    drops_1: 2.13,
    drops_2: 0,
    delay: 137.14,
  }],
  ["safe/routing_network", "continuous", "scripted", 53.93, {
    drops_0: 2.33,
    drops_1: 4.62,
    drops_2: 7.06,
    delay: 232.14,
  }],
  ["safe/routing_network", "continuous", "careful", 51.25, {
    drops_0: 0,
    drops_1: 0,
    drops_2: 0,
    delay: 67.73,
  }],
  ["safe/dosage_continuous", "discrete", "random", -5.98, { toxicity: 6.17, dose: 55.25 }],
  ["safe/dosage_continuous", "discrete", "scripted", -2.85, { toxicity: 48.02, dose: 104 }],
  ["safe/dosage_continuous", "discrete", "careful", -4.80, { toxicity: 0, dose: 43 }],
  ["safe/dosage_continuous", "continuous", "random", -5.88, { toxicity: 2.97, dose: 54.36 }],
  ["safe/dosage_continuous", "continuous", "scripted", -2.85, { toxicity: 48.02, dose: 104 }],
  ["safe/dosage_continuous", "continuous", "careful", -5.09, { toxicity: 0, dose: 43.65 }],
];

for (const [id, actions, policy, mean, costs] of MEASURED) {
  Deno.test(`${id}: return and costs of ${policy}, ${actions}, on seeds of their own`, () => {
    const found = outcomes(findScenario(id), policy, { actions, episodes: 200, seed: 5 });
    near(found.return, mean, "return");
    for (const [channel, cost] of Object.entries(costs)) near(found.costs[channel]!, cost, channel);
  });
}

/** Params from few agents to many. */
const SIZES: Readonly<Record<string, readonly Readonly<Record<string, number>>[]>> = {
  "safe/merge": [{ N: 2 }, { N: 4 }, { N: 6 }],
  "driving/intersection": [{ N: 2 }, { N: 7 }, { N: 8 }, { N: 20 }],
  "safe/portfolio": [{ N: 1 }, { N: 3 }, { N: 10 }],
  "safe/power_grid": [{ N: 3 }, { N: 5 }, { N: 12 }],
  "safe/cooling_zones": [{ N: 3 }, { N: 6 }, { N: 16 }],
  "safe/routing_network": [{ flows: 2, links: 2 }, { flows: 6, links: 3 }, { flows: 20, links: 8 }],
  "safe/dosage_continuous": [{ N: 1 }, { N: 2 }, { N: 6 }],
};

/** Which policies break which limits at every size. Overloads and peaks are what one gets who heeds the other limit only. */
const BROKEN: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "safe/merge": { scripted: ["headway", "speeding", "collision"] },
  "driving/intersection": { scripted: ["distance", "speed"] },
  "safe/portfolio": { scripted: ["gross", "drawdown", "turnover"] },
  "safe/power_grid": { scripted: ["imbalance"], merit: ["overload"] },
  "safe/cooling_zones": { scripted: ["hot"], thermostat: ["hot", "peak"] },
  "safe/routing_network": { scripted: ["delay"] },
  "safe/dosage_continuous": { scripted: ["toxicity", "dose"] },
};

for (const [id, sizes] of Object.entries(SIZES)) {
  for (const params of sizes) {
    Deno.test(`${id}: careful keeps every budget with ${JSON.stringify(params)}, the others do not`, () => {
      const scenario = findScenario(id);
      const { budgets } = makeWorld(scenario, { params }).spec;
      for (const actions of ["discrete", "continuous"] as const) {
        const careful = outcomes(scenario, "careful", { actions, params, episodes: 100, seed: 3 });
        for (const { channel, kind, limit, epsilon } of budgets) {
          const most = kind === "chance" ? epsilon! : limit;
          const cost = careful.inUnits[channel]!;
          assert.ok(cost <= most, `careful, ${actions}: ${channel} ${cost} of ${most}`);
        }
        for (const [policy, channels] of Object.entries(BROKEN[id]!)) {
          const heedless = outcomes(scenario, policy, { actions, params, episodes: 100, seed: 3 });
          for (const channel of channels) {
            const { kind, limit, epsilon } = budgets.find((budget) => budget.channel === channel)!;
            const cost = heedless.inUnits[channel]!;
            const most = kind === "chance" ? epsilon! : limit;
            assert.ok(cost > 1.5 * most, `${policy}, ${actions}: ${channel} ${cost} of ${most}`);
          }
        }
      }
    });
  }
  for (const params of [sizes[0]!, sizes.at(-1)!]) {
    for (const it of cases(findScenario(id), { params })) {
      for (
        const [name, check] of Object.entries(CHECKS).filter(([name]) => /same bits|finite/.test(name))
      ) {
        Deno.test(`${it.name}: ${name}`, () => check(it));
      }
    }
  }
}

Deno.test("routing: whoever sends everything drops on every link", () => {
  const scenario = findScenario("safe/routing_network");
  const { budgets } = makeWorld(scenario).spec;
  const { inUnits } = outcomes(scenario, "scripted", { actions: "continuous", episodes: 100 });
  for (const { channel, limit } of budgets) {
    assert.ok(inUnits[channel]! > 1.15 * limit, `${channel}: ${inUnits[channel]} of ${limit}`);
  }
});

Deno.test("params out of range are refused by name, value and range", () => {
  const wrong: readonly [string, Record<string, unknown>, RegExp][] = [
    ["safe/merge", { N: 7 }, /N.*7|7.*N/s],
    ["safe/merge", { N: 1 }, /N/],
    ["driving/intersection", { N: 21 }, /N.*20/s],
    ["driving/intersection", { N: 1 }, /N.*2/s],
    ["safe/portfolio", { N: 11 }, /N.*10/s],
    ["safe/portfolio", { fee: -1 }, /fee/],
    ["safe/power_grid", { N: 2 }, /N.*3/s],
    ["safe/power_grid", { line: 0 }, /line/],
    ["safe/cooling_zones", { leak: 1 }, /leak.*0.8/s],
    ["safe/routing_network", { links: 9 }, /links.*8/s],
    ["safe/routing_network", { flows: 2.5 }, /flows/],
    ["safe/dosage_continuous", { prescribers: 2 }, /has no setting "prescribers".*N/s],
  ];
  for (const [id, params, message] of wrong) {
    assert.throws(() => makeWorld(findScenario(id), { params }), (error: Error) => {
      assert.equal(error.name, "UserError", String(error));
      assert.match(error.message, message);
      return true;
    });
  }
});
