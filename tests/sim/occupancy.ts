/**
 * The exact optimum of a finite constrained process: a linear program over how often each action is taken in each state.
 *
 *     maximise Σ x r   subject to   Σₐ x(s', a) − γ Σ P(s' | s, a) x(s, a) = [s' is the start],   Σ x cₖ <= dₖ,   x >= 0
 *
 * Source   Altman 1999, "Constrained Markov decision processes"
 *
 * @module
 */
import highs from "highs";
import type { Tables } from "../../sim/mod.ts";

export interface Optimum {
  /** "Optimal", "Infeasible", … */
  readonly status: string;
  readonly return: number;
  /** `[K]` discounted costs. */
  readonly costs: readonly number[];
  /** `[K]` multipliers. */
  readonly duals: readonly number[];
}

/** Its types describe the module as CommonJS does, with the loader as a member. */
const solver = await (highs as unknown as typeof highs.default)();

export function optimum(tables: Tables, limits: readonly number[]): Optimum {
  const { S, A, start, discount, rows, next, probability, reward, cost } = tables;
  const flows = Array.from({ length: S }, () => new Map<number, number>());
  for (let row = 0; row < S * A; row++) {
    const add = (state: number, value: number) => {
      flows[state]!.set(row, (flows[state]!.get(row) ?? 0) + value);
    };
    add(Math.floor(row / A), 1);
    for (let t = rows[row]!; t < rows[row + 1]!; t++) add(next[t]!, -discount * probability[t]!);
  }
  const sum = (terms: Iterable<readonly [number, number]>) => {
    return [...terms].map(([row, value]) => `${value < 0 ? "-" : "+"} ${Math.abs(value)} x${row}`).join("\n");
  };
  const weighted = (weights: Float64Array) => sum([...weights.entries()]);
  const problem = [
    `Maximize\nreturn: ${weighted(reward)}`,
    "Subject To",
    ...flows.map((flow, s) => `flow${s}: ${sum(flow)} = ${s === start ? 1 : 0}`),
    ...cost.map((weights, k) => `cost${k}: ${weighted(weights)} <= ${limits[k]}`),
    "End",
  ];
  const { Status, ObjectiveValue, Columns, Rows } = solver.solve(problem.join("\n"), {
    primal_feasibility_tolerance: 1e-9,
    dual_feasibility_tolerance: 1e-9,
  });
  const x = (row: number) => (Columns[`x${row}`] as { Primal: number } | undefined)?.Primal ?? 0;
  return {
    status: Status,
    return: ObjectiveValue,
    costs: cost.map((weights) => weights.reduce((total, c, row) => total + (c === 0 ? 0 : c * x(row)), 0)),
    duals: cost.map((_, k) => Math.abs((Rows[S + k] as { Dual?: number } | undefined)?.Dual ?? 0)),
  };
}
