/**
 * The bookkeeping of agents that act one after another: who is next, what each was given, who is finished.
 *
 * Source   PettingZoo @ 761353e6, pettingzoo/utils/env.py: `_accumulate_rewards`, `_clear_rewards`,
 *          `_deads_step_first`, `_was_dead_step`
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Costs, Info, PerAgent } from "./types.ts";

export interface Ledger {
  agents: string[];
  /** The agent to act now. */
  selection: string;
  /** Who is next once no finished agent is left, where it is not `selection`. */
  skipped: string | undefined;
  readonly rewards: PerAgent<number>;
  readonly costs: PerAgent<Costs>;
  /** Since the agent last acted. */
  readonly cumulativeRewards: PerAgent<number>;
  readonly cumulativeCosts: PerAgent<Costs>;
  readonly terminations: PerAgent<boolean>;
  readonly truncations: PerAgent<boolean>;
  readonly infos: PerAgent<Info>;
}

/** The first page of an episode: everybody in play, nothing given yet. */
export function openLedger(
  agents: readonly string[],
  selection: string,
  channels: readonly string[],
  infos: PerAgent<Info>,
): Ledger {
  const each = <T>(value: (agent: string) => T): PerAgent<T> => {
    return Object.fromEntries(agents.map((agent) => [agent, value(agent)]));
  };
  const nothing = (): Costs => Object.fromEntries(channels.map((channel) => [channel, 0]));
  return {
    agents: [...agents],
    selection,
    skipped: undefined,
    rewards: each(() => 0),
    costs: each(nothing),
    cumulativeRewards: each(() => 0),
    cumulativeCosts: each(nothing),
    terminations: each(() => false),
    truncations: each(() => false),
    infos: each((agent) => infos[agent] ?? {}),
  };
}

export function isFinished({ terminations, truncations }: Ledger, agent: string): boolean {
  return terminations[agent] === true || truncations[agent] === true;
}

/** Forget what the last step gave; what was added up stays. */
export function clear({ agents, rewards, costs }: Ledger): void {
  for (const agent of agents) {
    rewards[agent] = 0;
    for (const channel in costs[agent]) costs[agent][channel] = 0;
  }
}

/** An agent acts: what it was given so far, it has been told. */
export function settle({ cumulativeRewards, cumulativeCosts }: Ledger, agent: string): void {
  cumulativeRewards[agent] = 0;
  for (const channel in cumulativeCosts[agent]) cumulativeCosts[agent][channel] = 0;
}

/** Add what the last step gave. */
export function accumulate({ agents, rewards, costs, cumulativeRewards, cumulativeCosts }: Ledger): void {
  for (const agent of agents) {
    cumulativeRewards[agent]! += rewards[agent]!;
    for (const channel in costs[agent]) cumulativeCosts[agent]![channel]! += costs[agent][channel]!;
  }
}

/** Finished agents act before all others, in order. */
export function finishedFirst(ledger: Ledger): void {
  const first = ledger.agents.find((agent) => isFinished(ledger, agent));
  if (first === undefined || first === ledger.selection) return;
  ledger.skipped = ledger.selection;
  ledger.selection = first;
}

/** The step of a finished agent, which takes it out of play. */
export function deadStep(ledger: Ledger, action: unknown): void {
  const agent = ledger.selection;
  if (action !== null) {
    throw new UserError(
      `step, ${agent}: found ${
        JSON.stringify(action)
      }, and ${agent} is finished: step(null), which takes it out of play`,
    );
  }
  ledger.agents = ledger.agents.filter((other) => other !== agent);
  const { rewards, costs, cumulativeRewards, cumulativeCosts, terminations, truncations, infos } = ledger;
  const pages = [rewards, costs, cumulativeRewards, cumulativeCosts, terminations, truncations, infos];
  for (const page of pages) delete page[agent];
  const next = ledger.agents.find((other) => isFinished(ledger, other));
  if (next !== undefined) ledger.selection = next;
  else if (ledger.skipped !== undefined) {
    ledger.selection = ledger.skipped;
    ledger.skipped = undefined;
  }
  clear(ledger);
}
