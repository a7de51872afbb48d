/**
 * Runs as a week of work leaves them, in every state: curves and evaluations drawn rather than trained.
 *
 * @module
 */
import { fork, normal, seed, type Stream, uniform } from "../../core/mod.ts";
import type { EvaluationReport, LimitInfo } from "../../islands/protocol.ts";
import type { NewRun, Store } from "../../server/store.ts";

export interface Sketch {
  readonly row: Omit<NewRun, "config" | "steps">;
  readonly updates: number;
  /** Updates asked for. */
  readonly of: number;
  readonly status: "running" | "done" | "stopped" | "failed";
  /** Return at the start and at the end. */
  readonly returns: readonly [number, number];
  /** By channel: cost at the start and at the end. */
  readonly costs: Readonly<Record<string, readonly [number, number]>>;
}

export const STEPS_PER_UPDATE = 4096;

const contact: LimitInfo = { channel: "contact", scope: "pair", kind: "episode", limit: 2 };
const centre: LimitInfo = { channel: "centre", scope: "agent", kind: "episode", limit: 2 };
const collision: LimitInfo = { channel: "collision", scope: "agent", kind: "episode", limit: 2 };

export const SKETCHES: readonly Sketch[] = [
  {
    row: {
      name: "crossing-mappo-lagrangian-1",
      scenario: "safe/crossing",
      algorithm: "mappo",
      constraint: "lagrangian",
      seed: 1,
      limits: [contact, centre],
    },
    updates: 240,
    of: 240,
    status: "done",
    returns: [-9.5, 11.8],
    costs: { contact: [13.5, 1.84], centre: [6.2, 1.31] },
  },
  {
    row: {
      name: "crossing-mappo-1",
      scenario: "safe/crossing",
      algorithm: "mappo",
      constraint: null,
      seed: 1,
      limits: [contact, centre],
    },
    updates: 240,
    of: 240,
    status: "done",
    returns: [-9.5, 13.4],
    costs: { contact: [13.5, 12.1], centre: [6.2, 5.4] },
  },
  {
    row: {
      name: "spread-ippo-lagrangian-2",
      scenario: "mpe/simple_spread_v3",
      algorithm: "ippo",
      constraint: "lagrangian",
      seed: 2,
      limits: [collision],
    },
    updates: 96,
    of: 250,
    status: "running",
    returns: [-48, -26],
    costs: { collision: [4.4, 2.3] },
  },
  {
    row: {
      name: "spread-mappo-7",
      scenario: "mpe/simple_spread_v3",
      algorithm: "mappo",
      constraint: null,
      seed: 7,
      limits: [],
    },
    updates: 40,
    of: 250,
    status: "stopped",
    returns: [-50, -37],
    costs: { collision: [4.4, 3.9] },
  },
];

/** Writes all runs of {@link SKETCHES}; evaluations for those that are done. */
export function fillStore(store: Store): void {
  for (const sketch of [...SKETCHES].reverse()) {
    const { row, updates, of, status } = sketch;
    const config = {
      scenario: row.scenario,
      algorithm: row.algorithm,
      settings: { gamma: 0.99, clip: 0.2, epochs: 4 },
    };
    store.createRun({ ...row, steps: of * STEPS_PER_UPDATE, config });
    for (let i = 1; i <= updates; i++) {
      store.appendMetrics(row.name, i * STEPS_PER_UPDATE, metricsAt(sketch, i));
    }
    if (status !== "running") store.setStatus(row.name, status, updates * STEPS_PER_UPDATE);
    if (status === "done") {
      store.addEvaluation(row.name, report(sketch, false));
      store.addEvaluation(row.name, report(sketch, true));
    }
  }
}

/** The metrics of update `i`: a curve that saturates, noise that does not depend on the order of calls. */
export function metricsAt({ row, of, returns, costs }: Sketch, i: number): Record<string, number> {
  const stream = fork(fork(seed(row.seed), row.name), i);
  const done = 1 - 1 / (1 + (6 * i / of) ** 2);
  const between = ([from, to]: readonly [number, number]) =>
    (from + (to - from) * done) * (1 + 0.06 * normal(stream));
  const metrics: Record<string, number> = {
    "episode/return": between(returns),
    "episode/length": 25,
    "loss/policy": 0.02 * normal(stream),
    "loss/value": 3 * (1 - done) + 0.4 + 0.1 * uniform(stream),
    "policy/entropy": 1.6 - 0.9 * done + 0.03 * normal(stream),
    "policy/kl": 0.008 + 0.004 * uniform(stream),
    "policy/clip_fraction": 0.12 + 0.04 * normal(stream),
    "time/steps_per_second": 41_000 + 2_000 * normal(stream),
  };
  for (const [channel, course] of Object.entries(costs)) {
    const cost = Math.max(0, between(course));
    const limit = row.limits.find((limit) => limit.channel === channel);
    metrics[`cost/${channel}`] = cost;
    if (limit === undefined) continue;
    metrics[`violations/${channel}`] = Math.min(
      1,
      Math.max(0, 0.5 * cost / limit.limit - 0.3 + 0.05 * uniform(stream)),
    );
    if (row.constraint !== null) {
      metrics[`constraint/lambda/${channel}`] = bump(3 * i / of, limit.limit, stream);
    }
  }
  return metrics;
}

function bump(x: number, limit: number, stream: Stream): number {
  return Math.max(0, (limit > 1 ? 1.4 : 2.2) * x * x / (0.4 + x * x * x) + 0.02 * normal(stream));
}

export function report({ row, returns, costs }: Sketch, stochastic: boolean): EvaluationReport {
  const entries = Object.entries(costs).map(([channel, [, end]]) => {
    const limit = row.limits.find((limit) => limit.channel === channel);
    const mean = stochastic ? end : 0.93 * end;
    const p = limit === undefined ? 0 : Math.min(0.97, 0.35 * (mean / limit.limit) ** 3);
    return [channel, {
      mean,
      ci: [0.93 * mean, 1.07 * mean] as [number, number],
      limit: limit?.limit ?? null,
      kind: limit?.kind ?? null,
      pViolation: { p, ci: [Math.max(0, p - 0.05), Math.min(1, p + 0.06)] as [number, number] },
      cvar95: 2.6 * mean,
      worst: Math.ceil(4 * mean * 10) / 10,
    }];
  });
  const mean = returns[1] + (stochastic ? 0 : 0.6);
  return {
    scenario: row.scenario,
    algorithm: row.algorithm,
    episodes: 200,
    seed: 7,
    stochastic,
    return: { mean, ci: [mean - 0.4, mean + 0.4] },
    groups: {},
    costs: Object.fromEntries(entries),
  };
}
