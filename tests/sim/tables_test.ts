/**
 * Scenarios that expose tables: simulated steps agree with them, and the optima they imply are the known ones.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  type Budget,
  findScenario,
  makeWorld,
  runner,
  scenario,
  scenarios,
  scriptedPolicy,
  type Tables,
  type TracedScenario,
  type World,
} from "../../sim/mod.ts";
import { digits, indexOf, tabulate } from "../../sim/language/tables.ts";
import { optimum } from "./occupancy.ts";

const tabular = scenarios.filter(({ tables }) => tables !== undefined);

Deno.test("the tabular scenarios of the reference are all there", () => {
  assert.deepEqual(tabular.map(({ id }) => id).sort(), [
    "matrix/bandit",
    "matrix/capacity",
    "safe/cooling",
    "safe/dosage",
    "safe/hazard_grid",
    "safe/power",
    "safe/robot_swap",
    "safe/routing",
  ]);
});

/** Steps simulated from each state with each joint action. */
const SAMPLES = 1000;

/** Writes a state of the tables into every environment. */
function put(world: World, { parts }: Tables, state: number): void {
  const values = digits(state, parts.map(({ size }) => size));
  parts.forEach(({ column, at, least = 0 }, i) => {
    const { data, width } = world.columns[column]!;
    for (let e = 0; e < world.spec.E; e++) data[e * width + at] = values[i]! + least;
  });
}

/** The state that an environment is in. */
function stateOf(world: World, { parts }: Tables, env: number): number {
  const values = parts.map(({ column, at, least = 0 }) => {
    const { data, width } = world.columns[column]!;
    return data[env * width + at]! - least;
  });
  return indexOf(values, parts.map(({ size }) => size));
}

/** Whether nothing happens in a state any more. */
function isOver({ A, rows, next, reward, cost }: Tables, state: number): boolean {
  return Array.from({ length: A }, (_, action) => state * A + action).every((row) => {
    const stays = rows[row + 1]! - rows[row]! === 1 && next[rows[row]!] === state;
    return stays && reward[row] === 0 && cost.every((values) => values[row] === 0);
  });
}

/** A mean of samples, and how far from it the true one may lie: 5 standard errors, a chance of 6 · 10⁻⁷. */
function mean(values: Float64Array): [mean: number, half: number] {
  const m = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - m) * (x - m), 0) / (values.length - 1);
  return [m, 5 * Math.sqrt(variance / values.length) + 1e-12];
}

for (const it of tabular) {
  Deno.test(`${it.id}: transitions, rewards and costs of ${SAMPLES} steps per state and action agree with the tables`, () => {
    const { terminate: _, ...endless } = it as TracedScenario;
    const plain = makeWorld(it);
    const tables = it.tables!(plain.spec.params);
    const { S, A, rows, next, probability, reward, cost, channels, actions } = tables;
    const world = makeWorld(scenario(endless as never), { envs: SAMPLES, maxCycles: S * A + 1 });
    world.reset(11);
    const { N, C } = world.spec;
    assert.deepEqual(world.spec.actionSizes, actions);
    assert.equal(plain.spec.N, N);
    let [chiSquared, freedom] = [0, 0];
    for (let row = 0; row < S * A; row++) {
      if (isOver(tables, Math.floor(row / A))) continue;
      put(world, tables, Math.floor(row / A));
      const joint = digits(row % A, actions);
      for (let i = 0; i < SAMPLES * N; i++) world.actions[i] = joint[i % N]!;
      world.step();

      const counts = new Map<number, number>();
      for (let e = 0; e < SAMPLES; e++) {
        const to = stateOf(world, tables, e);
        counts.set(to, (counts.get(to) ?? 0) + 1);
      }
      for (let t = rows[row]!; t < rows[row + 1]!; t++) {
        const expected = SAMPLES * probability[t]!;
        const off = (counts.get(next[t]!) ?? 0) - expected;
        chiSquared += off * off / expected;
        counts.delete(next[t]!);
      }
      freedom += rows[row + 1]! - rows[row]! - 1;
      assert.equal(counts.size, 0, `row ${row} leads to ${[...counts.keys()]}, which the tables exclude`);

      for (let n = 0; n < N; n++) {
        const [found, half] = mean(
          Float64Array.from({ length: SAMPLES }, (_, e) => world.reward[e * N + n]!),
        );
        assert.ok(Math.abs(found - reward[row]!) <= half, `reward, row ${row}: ${found} for ${reward[row]}`);
      }
      channels.forEach(({ name, agent = 0 }, k) => {
        const c = world.spec.channels.findIndex((channel) => channel.name === name);
        const charged = Float64Array.from(
          { length: SAMPLES },
          (_, e) => world.cost[(e * N + agent) * C + c]!,
        );
        const [found, half] = mean(charged);
        assert.ok(
          Math.abs(found - cost[k]![row]!) <= half,
          `${name}, row ${row}: ${found} for ${cost[k]![row]}`,
        );
      });
    }
    // Wilson and Hilferty's normal approximation; 3.9 is a chance of 10⁻⁴
    if (freedom > 0) {
      const spread = 2 / (9 * freedom);
      const z = (Math.cbrt(chiSquared / freedom) - (1 - spread)) / Math.sqrt(spread);
      assert.ok(Math.abs(z) < 3.9, `χ² ${chiSquared} for ${freedom} degrees of freedom: z = ${z}`);
    }
  });

  Deno.test(`${it.id}: begins where the tables begin, and shows its state first in every observation`, () => {
    const world = makeWorld(it);
    const tables = it.tables!(world.spec.params);
    assert.equal(stateOf(world, tables, 0), tables.start);
    assert.equal(it.discount, tables.discount);
    for (let s = 0; s < tables.S; s++) {
      put(world, tables, s);
      world.refresh();
      const state = digits(s, tables.parts.map(({ size }) => size));
      if (it.id.startsWith("matrix/")) continue;
      const shown = tables.parts.flatMap(({ size }, i) =>
        Array.from({ length: size }, (_, v) => Number(v === state[i]))
      );
      assert.deepEqual([...world.obs.subarray(0, shown.length)], shown);
    }
  });
}

/** By agent and channel, the limits of a scenario's budgets. */
function limitsOf({ channels }: Tables, budgets: readonly Budget[]): number[] {
  return channels.map(({ name }) => budgets.find(({ channel }) => channel === name)!.limit);
}

interface Known {
  readonly id: string;
  /** The scenario's own budgets where not given. */
  readonly limits?: readonly number[];
  readonly return: number;
  readonly costs: readonly number[];
  /** Where they are unique. */
  readonly duals?: readonly (number | undefined)[];
}

/** Section 1.3 of the reference on safe learning, computed there with HiGHS as well. */
const KNOWN: readonly Known[] = [
  { id: "matrix/bandit", return: 2.5, costs: [2.5], duals: [1] },
  { id: "matrix/capacity", return: 1.2, costs: [0.2, 0.6, 0.6] },
  { id: "safe/hazard_grid", return: -5.660517, costs: [0.5], duals: [0.68101] },
  { id: "safe/hazard_grid", limits: [1], return: -5.320015, costs: [1], duals: [0.68101] },
  { id: "safe/robot_swap", return: 0.964543, costs: [0, 0.2, 0.2], duals: [undefined, 0.23977, 0.23977] },
  { id: "safe/power", return: -12.244043, costs: [8, 10.109956, 0], duals: [1.24926, 0, 0] },
  { id: "safe/cooling", return: -24.72093, costs: [2, 2] },
  { id: "safe/routing", return: 24, costs: [0, 0, 30], duals: [0, 0, 0.6] },
  { id: "safe/dosage", return: -3.900967, costs: [1], duals: [0.09264] },
];

for (const { id, limits, ...known } of KNOWN) {
  Deno.test(`${id}${limits ? ` with limit ${limits}` : ""}: the occupancy program has the known optimum`, () => {
    const { spec } = makeWorld(findScenario(id));
    const tables = findScenario(id).tables!(spec.params);
    const found = optimum(tables, limits ?? limitsOf(tables, spec.budgets));
    const near = (a: number, b: number, tolerance: number, what: string) => {
      assert.ok(Math.abs(a - b) <= tolerance, `${what}: ${a} for ${b}`);
    };
    assert.equal(found.status, "Optimal");
    near(found.return, known.return, 1e-6, "return");
    known.costs.forEach((cost, k) => near(found.costs[k]!, cost, 1e-6, `cost ${k}`));
    known.duals?.forEach((dual, k) => {
      if (dual !== undefined) near(found.duals[k]!, dual, 1e-5, `multiplier ${k}`);
    });
    if (id === "safe/cooling") near(found.duals[0]! + found.duals[1]!, 1.55814, 1e-5, "sum of multipliers");
  });
}

Deno.test("power: a limit of 5.9 on the imbalance cannot be kept", () => {
  const tables = findScenario("safe/power").tables!({});
  assert.equal(optimum(tables, [5.9, 20, 20]).status, "Infeasible");
});

/** Discounted return and costs of a deterministic policy, by sweeps over the tables. */
function evaluated(id: string, name: string): { return: number; costs: number[]; limits: number[] } {
  const it = findScenario(id);
  const world = makeWorld(it);
  const { spec } = world;
  const tables = it.tables!(spec.params);
  const policies = Object.fromEntries(spec.groups.map(({ name: group }) => {
    return [group, scriptedPolicy(it, spec, group, name)!];
  }));
  const choose = runner(world, policies, 0, { advance: () => {} });
  const { S, A, actions, rows, next, probability, discount, start } = tables;
  const chosen = Array.from({ length: S }, (_, s) => {
    put(world, tables, s);
    world.refresh();
    choose.step();
    return s * A + indexOf([...world.actions], actions);
  });
  const value = (gain: Float64Array) => {
    let values = new Float64Array(S);
    for (let sweep = 0; sweep < 600; sweep++) { // 0.95^600 = 4e-14
      values = Float64Array.from(chosen, (row) => {
        let future = 0;
        for (let t = rows[row]!; t < rows[row + 1]!; t++) future += probability[t]! * values[next[t]!]!;
        return gain[row]! + discount * future;
      });
    }
    return values[start]!;
  };
  return {
    return: value(tables.reward),
    costs: tables.cost.map(value),
    limits: limitsOf(tables, spec.budgets),
  };
}

/** Return of the scripted policies, and whether they keep every limit. */
const SCRIPTED = [
  ["safe/hazard_grid", "scripted", -7.512, true],
  ["safe/hazard_grid", "short", -4.425, false],
  ["safe/robot_swap", "scripted", 0.863, true],
  ["safe/power", "scripted", -16.381, true],
  ["safe/cooling", "scripted", -27.837, true],
  ["safe/routing", "scripted", 18, true],
  ["safe/routing", "greedy", 30, false],
  ["safe/dosage", "scripted", -4.049, true],
] as const;

for (const [id, name, expected, safe] of SCRIPTED) {
  Deno.test(`${id}: ${name} earns ${expected} and ${safe ? "keeps" : "breaks"} the limits`, () => {
    const found = evaluated(id, name);
    assert.ok(Math.abs(found.return - expected) < 0.001, `${found.return}`);
    assert.equal(found.costs.every((cost, k) => cost <= found.limits[k]! + 1e-9), safe, `${found.costs}`);
  });
}

Deno.test("tabulate() refuses chances that do not sum to 1 and states that do not exist", () => {
  const process = (p: number, next: number) => ({
    parts: [{ column: "x", at: 0, size: 2 }],
    actions: [1],
    channels: [],
    start: [0],
    discount: 0.9,
    outcomes: () => [{ p, next: [next], reward: 0, costs: [] }],
  });
  assert.throws(() => tabulate(process(0.9, 0)), /sum to 0.9/);
  assert.throws(() => tabulate(process(1, 2)), /from 0 to 1 at place 0, found 2/);
});
