/**
 * How one limit stands in a running episode: what was spent, and who spends beyond it.
 *
 * On a channel of agent scope each agent has an account of its own, and the limit judges the worst; on any other there
 * is one, for the channel's total. What is held against the limit:
 *
 *     episode, chance, cvar   Σ c
 *     discounted              Σ γᵗ c
 *     rate                    Σ c, against limit · maxCycles: what a whole episode may cost
 *     step                    c, at each step alone
 *
 * @module
 */
import { suggest, UsageError } from "../../core/mod.ts";
import type { Budget, World } from "../types.ts";

export interface Account {
  readonly channel: string;
  /** What `spent` may reach before the limit is broken. */
  readonly allowance: number;
  /** Cost so far in the running episode: the worst agent's, or the channel's. */
  readonly spent: number;
  /** Take in the world's last step; returns the agents that it charges with a cost beyond the limit. */
  charge(world: World): readonly number[];
  /** Begin the next episode. */
  clear(): void;
}

const NOBODY: readonly number[] = [];

/**
 * @param discount γ of a discounted limit
 * @throws UsageError when the world has no such channel
 */
export function account({ channel, kind, limit }: Budget, { spec }: World, discount: number): Account {
  const { N, C, channels, maxCycles } = spec;
  const c = channels.findIndex(({ name }) => name === channel);
  if (c === -1) throw unknownChannel(channel, spec.scenario, channels.map(({ name }) => name));
  const perAgent = channels[c]!.scope === "agent";
  const allowance = kind === "rate" ? limit * maxCycles : limit;
  const gamma = kind === "discounted" ? discount : 1;
  const balances = new Float64Array(perAgent ? N : 1);
  let weight = 1;
  let spent = 0;

  function charge({ cost, channelCost }: World): readonly number[] {
    if (kind === "step") balances.fill(spent = 0);
    const factor = weight;
    weight *= gamma;
    if (channelCost[c] === 0) return NOBODY;
    for (let i = 0; i < balances.length; i++) {
      balances[i]! += factor * (perAgent ? cost[i * C + c]! : channelCost[c]!);
      spent = Math.max(spent, balances[i]!);
    }
    if (spent <= allowance) return NOBODY;
    const beyond: number[] = [];
    for (let n = 0; n < N; n++) {
      if (cost[n * C + c]! > 0 && balances[perAgent ? n : 0]! > allowance) beyond.push(n);
    }
    return beyond;
  }

  function clear(): void {
    balances.fill(0);
    [weight, spent] = [1, 0];
  }

  return {
    channel,
    allowance,
    charge,
    clear,
    get spent() {
      return spent;
    },
  };
}

function unknownChannel(channel: string, scenario: string, names: readonly string[]): UsageError {
  const near = suggest(channel, names);
  const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
  return new UsageError(`${scenario} has no cost channel "${channel}".${hint} It has: ${names.join(", ")}`);
}
