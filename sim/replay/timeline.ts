/**
 * What happened in a replay, by episode and by step: returns, costs, and where budgets were broken. One pass.
 *
 * How a limit is judged: on a channel of agent scope by the worst agent of the episode, on any other by the channel's
 * total. Within an episode the cost so far is held against the limit, so a budget breaks at the first step that
 * takes it beyond:
 *
 *     episode, chance, cvar   Σ c > limit
 *     discounted              Σ γᵗ c > limit
 *     rate                    Σ c > limit · maxCycles, what a whole episode may cost
 *     step                    c > limit, at each step alone
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Scenario } from "../scenario.ts";
import type { BackendName, Budget, World } from "../types.ts";
import type { Replay } from "./format.ts";
import { play } from "./play.ts";

/** One episode. The last one of a replay may be unfinished. */
export interface EpisodeSummary {
  /** Its first step, counted from the start of the replay. */
  readonly start: number;
  readonly length: number;
  /** Sum of rewards over the episode, mean over the agents. */
  readonly return: number;
  /** `[C]` undiscounted episode cost as a limit judges it: the worst agent's, or the channel's total. */
  readonly cost: readonly number[];
  /** First step, counted from the start of the replay, that took a budget beyond its limit; -1 where none did. */
  readonly firstViolation: number;
}

/** A step that costs something on a channel whose limit is broken. */
export interface ViolationMark {
  readonly t: number;
  readonly channel: string;
  /** Indices of the agents that the step's cost is charged to. */
  readonly agents: readonly number[];
}

export interface Timeline {
  readonly episodes: readonly EpisodeSummary[];
  /** `[T,C]` each event counted once. */
  readonly channelCost: Float64Array;
  readonly violations: readonly ViolationMark[];
}

/** How one budget stands in the running episode. */
interface Account {
  readonly name: string;
  readonly c: number;
  readonly perAgent: boolean;
  readonly kind: Budget["kind"];
  readonly allowance: number;
  readonly discount: number;
  /** γᵗ */
  weight: number;
  /** `[N]` cost so far; the channel's in `spent[0]` where it is not of agent scope. */
  readonly spent: Float64Array;
}

/** @param limits judged here: those written in the replay if not given */
export function timeline(
  replay: Replay,
  limits: readonly Budget[] = replay.header.limits as readonly Budget[],
  scenario?: Scenario,
  backend?: BackendName,
): Timeline {
  const player = play(replay, scenario, backend);
  const { world, total } = player;
  const { N, C, channels } = world.spec;
  const accounts = limits.map((limit) => openAccount(limit, world));
  const channelCost = new Float64Array(total * C);
  const episodes: EpisodeSummary[] = [];
  const violations: ViolationMark[] = [];
  const agentCost = new Float64Array(N * C);
  const totals = new Float64Array(C);
  let rewards = 0;
  let start = 0;
  let firstViolation = -1;

  function close(end: number): void {
    const cost = channels.map(({ scope }, c) => {
      if (scope !== "agent") return totals[c]!;
      let worst = 0;
      for (let n = 0; n < N; n++) worst = Math.max(worst, agentCost[n * C + c]!);
      return worst;
    });
    episodes.push({ start, length: end - start, return: rewards / N, cost, firstViolation });
    agentCost.fill(0);
    totals.fill(0);
    for (const account of accounts) settle(account);
    [rewards, start, firstViolation] = [0, end, -1];
  }

  for (let t = 0; player.step(); t++) {
    for (let n = 0; n < N; n++) rewards += world.reward[n]!;
    for (let i = 0; i < N * C; i++) agentCost[i]! += world.cost[i]!;
    for (let c = 0; c < C; c++) totals[c]! += channelCost[t * C + c] = world.channelCost[c]!;
    for (const account of accounts) {
      const agents = charge(account, world);
      if (agents.length === 0) continue;
      violations.push({ t, channel: account.name, agents });
      if (firstViolation === -1) firstViolation = t;
    }
    if (world.done[0] === 1) close(t + 1);
  }
  if (start < total) close(total);
  return { episodes, channelCost, violations };
}

function openAccount({ channel, kind, limit }: Budget, { spec }: World): Account {
  const c = spec.channels.findIndex(({ name }) => name === channel);
  if (c === -1) {
    const names = spec.channels.map(({ name }) => name).join(", ");
    throw new UserError(`timeline: ${spec.scenario} has no cost channel "${channel}". It has: ${names}`);
  }
  return {
    name: channel,
    c,
    perAgent: spec.channels[c]!.scope === "agent",
    kind,
    allowance: kind === "rate" ? limit * spec.maxCycles : limit,
    discount: 1,
    weight: 1,
    spent: new Float64Array(spec.N),
  };
}

const NOBODY: readonly number[] = [];

/** Charge the step's cost to the account; returns the agents that cost something beyond the limit. */
function charge(account: Account, { cost, channelCost, spec: { N, C } }: World): readonly number[] {
  const { c, perAgent, kind, spent, weight, allowance } = account;
  account.weight *= account.discount;
  if (channelCost[c] === 0) return NOBODY;
  if (kind === "step") spent.fill(0);
  if (!perAgent) {
    spent[0]! += weight * channelCost[c]!;
    return spent[0]! > allowance ? charged(cost, c, N, C, () => true) : NOBODY;
  }
  for (let n = 0; n < N; n++) spent[n]! += weight * cost[n * C + c]!;
  return charged(cost, c, N, C, (n) => spent[n]! > allowance);
}

/** Agents with a cost on channel `c` at this step, of those that `counts`. */
function charged(
  cost: Float64Array,
  c: number,
  N: number,
  C: number,
  counts: (n: number) => boolean,
): number[] {
  const agents: number[] = [];
  for (let n = 0; n < N; n++) {
    if (cost[n * C + c]! > 0 && counts(n)) agents.push(n);
  }
  return agents;
}

function settle(account: Account): void {
  account.spent.fill(0);
  account.weight = 1;
}
