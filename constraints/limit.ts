/**
 * Limits: what a channel's cost may be, in which unit, judged over whom.
 *
 * A limit always states its unit (`LimitKind` in sim/types.ts). Of an episode it judges one number, the
 * *scoped cost*: of scope `agent` the largest episode cost of any agent, of every other scope the channel's
 * total, in which each event counts once.
 *
 * @module
 */
import { suggest, UsageError, UserError } from "../core/mod.ts";
import type { Budget, LimitKind, Scope, WorldSpec } from "../sim/mod.ts";

/** A limit bound to a world's channel. */
export interface Limit {
  readonly channel: string;
  /** Index of the channel in `WorldSpec.channels`. */
  readonly index: number;
  readonly scope: Scope;
  readonly kind: LimitKind;
  readonly limit: number;
  /** Tail share of `chance` and `cvar`; 0 elsewhere. */
  readonly epsilon: number;
  /** Where training starts looser: linear from `from` to `limit`, reached at share `until` of the steps. */
  readonly schedule?: { readonly from: number; readonly until: number };
}

/** The default tail share of `chance` and `cvar` limits. */
const defaultEpsilon = 0.05;

/** Bind `budgets`, at most one a channel, to `spec`. Throws a UserError that names the nearest channel or the bad number. */
export function bindLimits(spec: WorldSpec, budgets: readonly Budget[]): Limit[] {
  return budgets.map((budget, i) => {
    const index = channelIndex(spec, budget.channel);
    if (budgets.findIndex((other) => other.channel === budget.channel) !== i) {
      throw new UserError(`"${budget.channel}" has two limits. Give each channel one`);
    }
    if (!(budget.limit >= 0) || !Number.isFinite(budget.limit)) {
      throw new UserError(
        `limit of "${budget.channel}": expected a finite number >= 0, found ${budget.limit}`,
      );
    }
    const tail = budget.kind === "chance" || budget.kind === "cvar";
    const epsilon = tail ? budget.epsilon ?? defaultEpsilon : 0;
    if (tail && !(epsilon > 0 && epsilon < 1)) {
      throw new UserError(
        `epsilon of "${budget.channel}": expected a share between 0 and 1, found ${epsilon}`,
      );
    }
    const { channel, kind, limit } = budget;
    return { channel, index, scope: spec.channels[index]!.scope, kind, limit, epsilon };
  });
}

/** The index of a cost channel by name. Throws a UsageError that names the nearest one. */
export function channelIndex(spec: WorldSpec, name: string): number {
  const names = spec.channels.map((channel) => channel.name);
  const index = names.indexOf(name);
  if (index >= 0) return index;
  const near = suggest(name, names);
  throw new UsageError(
    `${spec.scenario} has no cost channel "${name}".` + (near ? ` Did you mean "${near}"?` : "") +
      (names.length ? ` It has: ${names.join(", ")}` : " It has none"),
  );
}

/** The limit in force at `progress` (0 … 1) of the training. */
export function limitAt({ limit, schedule }: Limit, progress: number): number {
  if (!schedule || progress >= schedule.until) return limit;
  return schedule.from + (limit - schedule.from) * (progress / schedule.until);
}

/**
 * Convert an expected cost between `episode`, `rate` and `discounted`, for a cost that accrues evenly over an
 * episode of `horizon` steps:
 *
 *     rate = episode / T        discounted = rate · (1 − γᵀ) / (1 − γ)
 *
 * Throws a UserError for `step`, `chance` and `cvar`, which bound no expectation.
 */
export function convertCost(
  cost: number,
  from: LimitKind,
  to: LimitKind,
  { gamma, horizon }: { gamma: number; horizon: number },
): number {
  const weight = (kind: LimitKind): number => {
    if (kind === "episode") return horizon;
    if (kind === "rate") return 1;
    if (kind === "discounted") return gamma === 1 ? horizon : (1 - gamma ** horizon) / (1 - gamma);
    throw new UserError(`a limit of kind "${kind}" bounds no expectation. Use episode, rate or discounted`);
  };
  return cost / weight(from) * weight(to);
}

/**
 * The scoped cost of one episode.
 *
 * @param agentCosts `[N,C]` the episode's cost by agent
 * @param channelCosts `[C]` the episode's cost by channel, each event once
 */
export function scopedCost(
  scope: Scope,
  index: number,
  agentCosts: ArrayLike<number>,
  channelCosts: ArrayLike<number>,
): number {
  if (scope !== "agent") return channelCosts[index]!;
  const C = channelCosts.length;
  let worst = 0;
  for (let i = index; i < agentCosts.length; i += C) worst = Math.max(worst, agentCosts[i]!);
  return worst;
}
