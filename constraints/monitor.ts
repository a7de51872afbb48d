/**
 * The monitor: what the episodes of a run or an evaluation cost, and how often, how far and how early they broke
 * their limits. It watches; it changes nothing.
 *
 * Every cost is kept in the unit of its channel's limit: `rate` per step, `discounted` Σ γᵗ c, `step` the largest
 * step, everything else (no limit too) the episode's sum.
 *
 * @module
 */
import type { LimitKind, Reals, WorldSpec } from "../sim/mod.ts";
import { type Limit, scopedCost } from "./limit.ts";
import { cvar, type Interval, mean, meanInterval, wilsonInterval } from "./statistics.ts";

/** One finished episode as the monitor saw it. */
export interface EpisodeRecord {
  /** Mean over the agents of their summed rewards. */
  readonly return: number;
  /** Mean over the members of each group of their summed rewards, in the order of `spec.groups`. */
  readonly groups: Float64Array;
  readonly length: number;
  /** `[C]` the scoped cost of each channel (limit.ts), in the unit of its limit. */
  readonly costs: Float64Array;
  /** `[C]` first step (1, 2, …) at which the running cost exceeded the limit; 0 = never. */
  readonly firstViolation: Int32Array;
}

/** What a set of episodes cost on one channel. */
export interface ChannelReport {
  mean: number;
  ci: Interval;
  limit: number | null;
  kind: LimitKind | null;
  /** P(C > d), with Wilson's interval; 0 where the channel has no limit. */
  pViolation: { p: number; ci: Interval };
  cvar95: number;
  worst: number;
}

/** The part of a world that the monitor reads. */
export interface Steps {
  readonly reward: Reals;
  readonly cost: Reals;
  readonly channelCost: Reals;
  readonly done: Uint8Array;
}

/** The running sums of `E` environments and the episodes they finish. */
export interface Monitor {
  /** Account for the step that `world` just made; returns the episodes that ended with it. */
  step(world: Steps): EpisodeRecord[];
  /** The running sums: copy them into a checkpoint, write them back to resume. */
  readonly sums: Readonly<
    Record<"reward" | "agentCost" | "channelCost" | "length" | "firstViolation", Float64Array>
  >;
}

/** A monitor of `spec.E` environments under `limits`; `gamma` discounts the channels limited in that unit. */
export function monitor(spec: WorldSpec, limits: readonly Limit[], gamma = 0.99): Monitor {
  const { E, N, C } = spec;
  const sums = {
    reward: new Float64Array(E * N),
    agentCost: new Float64Array(E * N * C),
    channelCost: new Float64Array(E * C),
    length: new Float64Array(E),
    firstViolation: new Float64Array(E * C),
  };
  const byChannel = spec.channels.map((_, c) => limits.find((limit) => limit.index === c));
  const running = (e: number, c: number) =>
    scopedCost(
      spec.channels[c]!.scope,
      c,
      sums.agentCost.subarray(e * N * C, (e + 1) * N * C),
      sums.channelCost.subarray(e * C, (e + 1) * C),
    );

  function account(world: Steps, e: number): void {
    const t = sums.length[e]!;
    for (let i = e * N; i < (e + 1) * N; i++) sums.reward[i]! += world.reward[i]!;
    for (let c = 0; c < C; c++) {
      const kind = byChannel[c]?.kind;
      const weight = kind === "discounted" ? gamma ** t : 1;
      for (let n = 0; n < N; n++) accrue(kind, weight, world.cost, (e * N + n) * C + c, sums.agentCost);
      accrue(kind, weight, world.channelCost, e * C + c, sums.channelCost);
    }
    sums.length[e] = t + 1;
    for (let c = 0; c < C; c++) {
      const limit = byChannel[c];
      if (!limit || limit.kind === "rate" || sums.firstViolation[e * C + c] !== 0) continue;
      if (running(e, c) > limit.limit) sums.firstViolation[e * C + c] = t + 1;
    }
  }

  function finish(e: number): EpisodeRecord {
    const length = sums.length[e]!;
    const record = {
      return: mean(sums.reward.subarray(e * N, (e + 1) * N)),
      groups: Float64Array.from(
        spec.groups,
        ({ members }) => mean(members.map((n) => sums.reward[e * N + n]!)),
      ),
      length,
      costs: Float64Array.from(
        byChannel,
        (limit, c) => running(e, c) / (limit?.kind === "rate" ? length : 1),
      ),
      firstViolation: Int32Array.from(sums.firstViolation.subarray(e * C, (e + 1) * C)),
    };
    for (const sum of Object.values(sums)) sum.fill(0, e * sum.length / E, (e + 1) * sum.length / E);
    return record;
  }

  return {
    sums,
    step(world) {
      const ended: EpisodeRecord[] = [];
      for (let e = 0; e < E; e++) {
        account(world, e);
        if (world.done[e] !== 0) ended.push(finish(e));
      }
      return ended;
    },
  };
}

/** Add one step's cost to a running one. */
function accrue(
  kind: LimitKind | undefined,
  weight: number,
  from: Reals,
  i: number,
  into: Float64Array,
): void {
  into[i] = kind === "step" ? Math.max(into[i]!, from[i]!) : into[i]! + weight * from[i]!;
}

/** What `episodes` cost on every channel of `spec`, against its limit. */
export function costReport(
  spec: WorldSpec,
  limits: readonly Limit[],
  episodes: readonly EpisodeRecord[],
): Record<string, ChannelReport> {
  return Object.fromEntries(spec.channels.map((channel, c) => {
    const limit = limits.find((limit) => limit.index === c);
    const costs = episodes.map((episode) => episode.costs[c]!);
    const hits = limit ? costs.filter((cost) => cost > limit.limit).length : 0;
    return [channel.name, {
      mean: mean(costs),
      ci: meanInterval(costs),
      limit: limit?.limit ?? null,
      kind: limit?.kind ?? null,
      pViolation: { p: hits / costs.length, ci: wilsonInterval(hits, costs.length) },
      cvar95: cvar(costs, 0.05),
      worst: costs.reduce((worst, cost) => Math.max(worst, cost), 0),
    }];
  }));
}

/** Mean step of the first violation, over the episodes that broke the channel's limit; undefined where none did. */
export function timeToFirst(episodes: readonly EpisodeRecord[], channel: number): number | undefined {
  const steps = episodes.map(({ firstViolation }) => firstViolation[channel]!).filter((step) => step > 0);
  return steps.length > 0 ? mean(steps) : undefined;
}
