/**
 * The guard against divergence: a training that has lost its numbers stops at that update.
 *
 * @module
 */
import { UserError } from "../core/mod.ts";
import type { Learner, Metrics } from "./types.ts";

/** Beyond this a number is as lost as NaN. */
const explosion = 1e12;

/** Throws a UserError that names the first number of `metrics`, or tensor of the learner, that is lost. */
export function checkFinite(
  learner: Learner,
  metrics: Metrics,
  at: { readonly name: string; readonly update: number; readonly step: number },
): void {
  const metric = Object.keys(metrics).find((name) => lost(metrics[name]!));
  const tensor = Object.keys(learner.policyState).find((name) => learner.policyState[name]!.some(lost)) ??
    Object.keys(learner.state).find((name) => name.endsWith(".theta") && learner.state[name]!.some(lost));
  if (metric === undefined && tensor === undefined) return;
  const where = [
    ...metric === undefined ? [] : [`${metric} is ${metrics[metric]}`],
    ...tensor === undefined ? [] : [`${tensor} holds ${learner.state[tensor]!.find(lost)}`],
  ];
  throw new UserError(
    `the training diverged at update ${at.update}, step ${at.step}: ${
      where.join(", and ")
    } (group ${at.name}). ` +
      "The last checkpoint is from before it. Train anew with a smaller step size or gradient norm",
  );
}

function lost(x: number): boolean {
  return !Number.isFinite(x) || Math.abs(x) > explosion;
}
