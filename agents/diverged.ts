/**
 * The guard against divergence: a training that has lost its numbers stops at that update.
 *
 * @module
 */
import { UserError } from "../core/mod.ts";
import type { Learner, Metrics } from "./types.ts";

/** Beyond this a parameter is as lost as NaN. Statistics, and losses in the square of the reward's unit, may grow so far. */
const explosion = 1e12;

/** A training that has lost its numbers, and would lose them again from its last checkpoint. */
export class Diverged extends UserError {}

/** Throws a Diverged that names the first number of `metrics`, or tensor of the learner, that is lost. */
export function checkFinite(
  learner: Learner,
  metrics: Metrics,
  at: { readonly name: string; readonly update: number; readonly step: number },
): void {
  const metric = Object.keys(metrics).find((name) => !Number.isFinite(metrics[name]!));
  const tensor = Object.keys(learner.policyState).find((name) => first(learner, name) !== undefined) ??
    Object.keys(learner.state).find((name) => name.endsWith(".theta") && first(learner, name) !== undefined);
  if (metric === undefined && tensor === undefined) return;
  const where = [
    ...metric === undefined ? [] : [`${metric} is ${metrics[metric]}`],
    ...tensor === undefined ? [] : [`${tensor} holds ${first(learner, tensor)}`],
  ];
  const rates = "actor.theta" in learner.policyState ? "actorRate or criticRate" : "rate";
  throw new Diverged(
    `the training diverged at update ${at.update}, step ${at.step}: ${
      where.join(", and ")
    } (group ${at.name}). ` +
      `No checkpoint was made of this update. Train anew with a smaller step size (--set ${rates}) or gradient ` +
      "norm (--set maxNorm)",
  );
}

/** The first number of a learner's tensor that is lost. */
function first({ state }: Learner, name: string): number | undefined {
  const most = name.endsWith(".theta") ? explosion : Number.MAX_VALUE;
  return state[name]!.find((x) => !(Math.abs(x) <= most));
}
