/**
 * Lagrangian multipliers: dual ascent on the violation of each limit.
 *
 *     max_π min_{λ≥0}  J_r(π) − Σ_k λ_k (J_k(π) − d_k)
 *     λ_k ← [ λ_k + η (J_k − d_k) / max(d_k, 1) ]₊
 *
 * Source   Altman 1999, Constrained Markov Decision Processes, ch. 3; Ray, Achiam and Amodei 2019, sec. 4
 * Differs  the violation is normalised by its limit, so that one rate serves limits of any size. `adam` feeds the
 *          same violation to Adam (Kingma and Ba 2015), as OmniSafe does: a step then has about the size of the
 *          rate, however large the violation
 * Prices   expected costs only: limits of kind episode, discounted and rate
 *
 * @module
 */
import * as z from "zod";
import { settings, UserError } from "../core/mod.ts";
import { limitAt } from "./limit.ts";
import type { PriceConstraint } from "./types.ts";

export const lagrangianSettings = z.strictObject({
  optimiser: z.enum(["gradient", "adam"]).default("gradient").describe(
    "projected gradient, or Adam, on the violation",
  ),
  rate: z.number().positive().default(0.02).describe("η: step size of the multipliers"),
  initial: z.number().min(0).default(0).describe("λ before the first update"),
  maximum: z.number().positive().default(100).describe("upper bound of every λ"),
  target: z.number().positive().max(1).default(1).describe("share of its limit that each cost is steered to"),
});

/** Numbers that Adam keeps for each multiplier, beside λ itself: first and second moment. */
const width = 3;
const beta1 = 0.9;
const beta2 = 0.999;
const tiny = 1e-8;

/** A Lagrangian multiplier for each limit. State: `[limits, 3]` λ, m, v, then the number of updates. */
export function lagrangian(input: z.input<typeof lagrangianSettings> = {}): PriceConstraint {
  const set = settings(lagrangianSettings, input, "lagrangian");
  return {
    shape: "prices",
    name: "lagrangian",
    settings: set,
    bind(spec, limits) {
      if (limits.length === 0) {
        throw new UserError(
          `${spec.scenario} states no budget for lagrangian to enforce. Give one with --limit CHANNEL=NUMBER`,
        );
      }
      for (const { channel, kind } of limits) {
        if (kind === "episode" || kind === "discounted" || kind === "rate") continue;
        throw new UserError(
          `lagrangian prices expected costs, and the limit of "${channel}" is of kind "${kind}". ` +
            `State it as episode, discounted or rate: --limit ${channel}=episode:NUMBER`,
        );
      }
      const K = limits.length;
      return {
        limits,
        targets: limits.map((limit) => limit.limit * set.target),
        start: () =>
          Float64Array.from(
            { length: K * width + 1 },
            (_, i) => i % width === 0 && i < K * width ? set.initial : 0,
          ),
        update(costs, progress, into) {
          const t = ++into[K * width]!;
          limits.forEach((limit, k) => {
            const goal = limitAt(limit, progress) * set.target;
            const violation = (costs[k]! - goal) / Math.max(goal, 1);
            const step = set.optimiser === "adam"
              ? adamStep(violation, t, into.subarray(k * width, (k + 1) * width))
              : violation;
            into[k * width] = Math.min(set.maximum, Math.max(0, into[k * width]! + set.rate * step));
          });
        },
        multipliers: (state) => Float64Array.from(limits, (_, k) => state[k * width]!),
      };
    },
  };
}

/** Adam's direction for `gradient` at update `t`; keeps its moments in `into[1]` and `into[2]`. */
function adamStep(gradient: number, t: number, into: Float64Array): number {
  into[1] = beta1 * into[1]! + (1 - beta1) * gradient;
  into[2] = beta2 * into[2]! + (1 - beta2) * gradient * gradient;
  return into[1] / (1 - beta1 ** t) / (Math.sqrt(into[2] / (1 - beta2 ** t)) + tiny);
}
