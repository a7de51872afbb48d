/**
 * The exact arithmetic of learning from preferences, on distributions over all responses.
 *
 * A policy is its log-probabilities `[P,R]`: for each of `P` prompts those of `R` responses. Prompts are equally likely.
 *
 *     J(π)   = E[r] − β KL(π ‖ π_ref)                      what RLHF maximises
 *     π*     = π_ref e^{r/β} / Z,  J* = β E_x[log Z]       its optimum
 *     J* − J(π) = β KL(π ‖ π*)                             for every π
 *     P(y₁ ≻ y₂) = σ(r(y₁) − r(y₂))                        Bradley and Terry's labels
 *
 * Source   Ouyang et al. 2022, arXiv:2203.02155; Rafailov et al. 2023, DPO, arXiv:2305.18290, equations 3 to 6
 *
 * @module
 */
import { exp, log, softplus } from "../../core/mod.ts";
import { PROMPTS } from "./responses.ts";

/** The best policy for rewards and a reference. */
export interface Optimum {
  /** `[P,R]` */
  readonly logp: Float64Array;
  /** `[P]` */
  readonly logZ: Float64Array;
  /** J*, in the unit of the rewards. */
  readonly value: number;
}

/** Of one prompt: log Σ exp, without overflow. */
export function logSumExp(values: Float64Array): number {
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return most + log(values.reduce((sum, value) => sum + exp(value - most), 0));
}

/** Makes log-probabilities `[P,R]` of any numbers `[P,R]`, each prompt by itself. */
export function normalised(scores: Float64Array): Float64Array {
  const count = scores.length / PROMPTS;
  const sums = eachPrompt(scores, logSumExp);
  return scores.map((score, i) => score - sums[Math.floor(i / count)]!);
}

/** π* of rewards `[P,R]`, a reference `[P,R]` and β > 0, the price of a nat. */
export function optimum(rewards: Float64Array, reference: Float64Array, beta: number): Optimum {
  const scores = reference.map((logp, i) => logp + rewards[i]! / beta);
  const logZ = eachPrompt(scores, logSumExp);
  return { logp: normalised(scores), logZ, value: beta * mean(logZ) };
}

/** E of `values` `[P,R]` under a policy, over prompts and responses. */
export function expectation(logp: Float64Array, values: Float64Array): number {
  return logp.reduce((sum, lp, i) => sum + exp(lp) * values[i]!, 0) / PROMPTS;
}

/** Standard deviation of `values` under a policy, over prompts and responses. */
export function deviation(logp: Float64Array, values: Float64Array): number {
  const middle = expectation(logp, values);
  return Math.sqrt(expectation(logp, values.map((value) => (value - middle) * (value - middle))));
}

/** Of a policy's responses, in nats, mean over prompts. */
export function entropy(logp: Float64Array): number {
  return -expectation(logp, logp);
}

/** KL(p ‖ q) in nats, mean over prompts. */
export function divergence(p: Float64Array, q: Float64Array): number {
  return expectation(p, p.map((lp, i) => lp - q[i]!));
}

/** The total variation ½ Σ |p − q|, mean over prompts. */
export function variation(p: Float64Array, q: Float64Array): number {
  return p.reduce((sum, lp, i) => sum + Math.abs(exp(lp) - exp(q[i]!)), 0) / (2 * PROMPTS);
}

/** J(π) = E[r] − β KL(π ‖ π_ref). */
export function objective(
  logp: Float64Array,
  rewards: Float64Array,
  reference: Float64Array,
  beta: number,
): number {
  return expectation(logp, rewards) - beta * divergence(logp, reference);
}

/** How well the true rewards foretell labels of pairs drawn from a policy: nobody does better. */
export interface Bayes {
  /** E max(σ(Δ), σ(−Δ)), with Δ the difference of the rewards: equal ones count as a half. */
  readonly accuracy: number;
  /** The entropy of the label, in nats. */
  readonly nll: number;
}

/** What the best judge of pairs `y₁, y₂ ~ π` reaches. */
export function bayes(logp: Float64Array, rewards: Float64Array): Bayes {
  const count = rewards.length / PROMPTS;
  let [accuracy, nll] = [0, 0];
  for (let x = 0; x < PROMPTS; x++) {
    const worth = chancesByReward(
      logp.subarray(x * count, (x + 1) * count),
      rewards.subarray(x * count, (x + 1) * count),
    );
    for (const [first, p] of worth) {
      for (const [second, q] of worth) {
        const difference = Math.abs(first - second);
        const right = 1 / (1 + exp(-difference));
        accuracy += p * q * right;
        nll += p * q * (softplus(-difference) + (1 - right) * difference);
      }
    }
  }
  return { accuracy: accuracy / PROMPTS, nll: nll / PROMPTS };
}

/** Rewards take few values: the chance of each, up to rounding. */
function chancesByReward(logp: Float64Array, rewards: Float64Array): Map<number, number> {
  const chances = new Map<number, number>();
  rewards.forEach((reward, r) => {
    const key = Math.floor(reward * 1e9 + 0.5) / 1e9;
    chances.set(key, (chances.get(key) ?? 0) + exp(logp[r]!));
  });
  return chances;
}

function eachPrompt(values: Float64Array, of: (one: Float64Array) => number): Float64Array {
  const count = values.length / PROMPTS;
  return Float64Array.from({ length: PROMPTS }, (_, x) => of(values.subarray(x * count, (x + 1) * count)));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
