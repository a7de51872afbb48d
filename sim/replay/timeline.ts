/**
 * What happened in a replay, by episode and by step: returns, costs, and where limits were broken. One pass.
 *
 * @module
 */
import type { Scenario } from "../language/scenario.ts";
import { findScenario } from "../registry.ts";
import type { BackendName, Budget, World } from "../types.ts";
import { account } from "./account.ts";
import type { Replay } from "./format.ts";
import { play } from "./play.ts";
import { finish, type Steps } from "./steps.ts";

/** One episode. The last one of a replay may be unfinished. */
export interface EpisodeSummary {
  /** Its first step, counted from the start of the replay. */
  readonly start: number;
  readonly length: number;
  /** Sum of rewards over the episode, mean over the agents. */
  readonly return: number;
  /** `[C]` undiscounted episode cost: the worst agent's on a channel of agent scope, else the channel's total. */
  readonly cost: readonly number[];
  /** First step, counted from the start of the replay, that took a cost beyond its limit; -1 where none did. */
  readonly firstViolation: number;
}

/** A step that adds to a cost beyond its limit. */
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
  /** `[T,L]` for each limit, the cost so far in the episode as the limit judges it (account.ts). */
  readonly spent: Float64Array;
  /** `[L]` what `spent` may reach before the limit is broken. */
  readonly allowances: readonly number[];
  readonly violations: readonly ViolationMark[];
}

/**
 * The timeline of a replay. See `play` for the other arguments and errors.
 *
 * @param limits judged here: those written in the replay if not given
 */
export function timeline(
  replay: Replay,
  limits?: readonly Budget[],
  scenario?: Scenario,
  backend?: BackendName,
): Timeline {
  return finish(timelineSteps(replay, limits, scenario, backend));
}

/** `timeline`, step by step. */
export function* timelineSteps(
  replay: Replay,
  limits?: readonly Budget[],
  scenario: Scenario = findScenario(replay.header.scenario),
  backend?: BackendName,
): Steps<Timeline> {
  const player = play(replay, scenario, backend);
  const { add, read } = observer(replay, player.world, scenario.discount, limits);
  for (let t = 0; player.step(); t++) {
    add(t);
    yield t + 1;
  }
  return read();
}

/** Watches a world take a replay's steps. */
export interface Observer {
  /** After step `t`, in their order. */
  add(t: number): void;
  /** What was seen; after steps that were never taken there are zeros. */
  read(): Timeline;
}

/** @param limits judged here: those written in the replay if not given */
export function observer(
  { header }: Replay,
  world: World,
  discount: number,
  limits: readonly Budget[] = header.limits as readonly Budget[],
): Observer {
  const total = header.steps;
  const { C } = world.spec;
  const L = limits.length;
  const accounts = limits.map((limit) => account(limit, world, discount));
  const channelCost = new Float64Array(total * C);
  const spent = new Float64Array(total * L);
  const episodes: EpisodeSummary[] = [];
  const violations: ViolationMark[] = [];
  let sums = episodeSums(world);
  let start = 0;
  let firstViolation = -1;

  function add(t: number): void {
    sums.add();
    channelCost.set(world.channelCost, t * C);
    for (let l = 0; l < L; l++) {
      const { channel, charge } = accounts[l]!;
      const agents = charge(world);
      spent[t * L + l] = accounts[l]!.spent;
      if (agents.length === 0) continue;
      violations.push({ t, channel, agents });
      if (firstViolation === -1) firstViolation = t;
    }
    if (world.done[0] === 1 || t === total - 1) {
      episodes.push({ start, length: t + 1 - start, ...sums.read(), firstViolation });
      accounts.forEach(({ clear }) => clear());
      [sums, start, firstViolation] = [episodeSums(world), t + 1, -1];
    }
  }

  const read = (): Timeline => {
    const allowances = accounts.map(({ allowance }) => allowance);
    const rest = total - start;
    const cut = rest > 0 ? [{ start, length: rest, ...sums.read(), firstViolation }] : [];
    return { episodes: [...episodes, ...cut], channelCost, spent, allowances, violations };
  };

  return { add, read };
}

/** Sums of rewards and costs over one episode. */
function episodeSums({ reward, cost, channelCost, spec: { N, C, channels } }: World) {
  const agentCost = new Float64Array(N * C);
  const total = new Float64Array(C);
  let rewards = 0;
  return {
    add(): void {
      for (let n = 0; n < N; n++) rewards += reward[n]!;
      for (let i = 0; i < N * C; i++) agentCost[i]! += cost[i]!;
      for (let c = 0; c < C; c++) total[c]! += channelCost[c]!;
    },
    read(): Pick<EpisodeSummary, "return" | "cost"> {
      const worst = (c: number) =>
        agentCost.reduce((most, x, i) => i % C === c ? Math.max(most, x) : most, 0);
      return {
        return: rewards / N,
        cost: channels.map(({ scope }, c) => scope === "agent" ? worst(c) : total[c]!),
      };
    },
  };
}
