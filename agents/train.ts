/**
 * The training loop. It advances a trainer, tells the callbacks, evaluates now and then, and keeps the best policy.
 *
 * @module
 */
import { mean } from "../constraints/mod.ts";
import { evaluate, type Report, seedFor } from "./evaluate.ts";
import { copyState, nest } from "./state.ts";
import { type Trainer, trainer, type TrainerOptions } from "./trainer.ts";
import type { Callback, State, TrainEvent, TrainState } from "./types.ts";

/** How to train, and what to do on the way. */
export interface TrainOptions extends TrainerOptions {
  /** Updates between two checkpoints. */
  readonly checkpointEvery: number;
  /** Evaluate every so many updates, on seeds of their own, and keep the best policy; 0 = never. */
  readonly evaluateEvery: number;
  readonly evaluateEpisodes: number;
  readonly callbacks: readonly Callback[];
  /** Go on from here. */
  readonly resume?: TrainState;
}

/** Share of a limit under which the interval of a candidate's cost must lie to count as feasible. */
const margin = 0.95;

/** How a training ended. */
export interface Trained {
  readonly state: TrainState;
  readonly reason: "finished" | "stopped";
}

/** Train to the end, or until a callback ends it. */
export async function train(options: TrainOptions): Promise<Trained> {
  const run = trainer(options);
  const keeper = bestKeeper(run, options);
  if (options.resume) keeper.restore(options.resume);
  let ending: "stop" | "finish" | undefined;
  const tell = (event: TrainEvent) => {
    for (const callback of options.callbacks) {
      const said = callback(event);
      if (said) ending ??= said;
    }
  };

  tell({ kind: "start", step: run.step, steps: options.steps });
  while (!run.finished && !ending) {
    const before = performance.now();
    const from = run.step;
    const { metrics, episodes } = run.advance();
    const seconds = (performance.now() - before) / 1000;
    tell({ kind: "episodes", step: run.step, episodes });
    tell({
      kind: "update",
      step: run.step,
      update: run.update,
      metrics: { ...metrics, "time/steps_per_second": (run.step - from) / seconds },
    });
    const due = options.evaluateEvery > 0 && (run.update % options.evaluateEvery === 0 || run.finished);
    if (due) tell({ kind: "evaluation", step: run.step, ...keeper.consider() });
    if (run.update % options.checkpointEvery === 0 || run.finished || ending) {
      tell({ kind: "checkpoint", step: run.step, state: keeper.save("shared") });
    }
    await nextTask();
  }
  const reason = run.finished || ending === "finish" ? "finished" : "stopped";
  tell({ kind: "end", step: run.step, reason });
  const state = keeper.save();
  run.dispose();
  return { state, reason };
}

/** Let timers, signals and sockets of the process have their turn. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Keeps the state of the best policy beside the run's own. */
function bestKeeper(run: Trainer, options: TrainOptions) {
  /** Rank of the best so far: its violation, then its return; the step it had; and evaluations since. */
  const rank = Float64Array.of(Infinity, -Infinity, -1, 0);
  let best: State = {};
  const policies = run.policies();
  const learned = (): State =>
    Object.assign(
      {},
      ...Object.entries(run.learners).map(([name, { policyState }]) =>
        nest(`best.${name}`, copyState(policyState))
      ),
    );
  return {
    /** Evaluate the policies as they are now, and keep them where they beat the best. */
    consider(): { report: Report; best: boolean; since: number } {
      const { report } = evaluate({
        ...options,
        groups: options.algorithm.groups,
        policies: () => policies,
        episodes: options.evaluateEpisodes,
        seed: seedFor("selection", options.seed),
        algorithm: options.algorithm.name,
      });
      const violation = options.constraint ? excess(report) : 0;
      const zero = isZero(report);
      const value = zero ? 0 : report.return.mean;
      const better = violation < rank[0]! || (violation === rank[0] && value > rank[1]!);
      // where returns sum to zero, none is ever better, whatever is learned
      const since = better || zero ? 0 : rank[3]! + 1;
      const kept = better || (violation === rank[0] && (options.selfPlay !== undefined || zero));
      if (kept) {
        // the newest is kept though it may return less than another did: `since` counts from that one
        rank.set([violation, better ? value : rank[1]!, run.step]);
        best = learned();
      }
      rank[3] = since;
      return { report, best: kept, since };
    },
    save(rings: "copied" | "shared" = "copied"): TrainState {
      const state = run.save(rings);
      return { ...state, tensors: { ...state.tensors, ...best, rank: rank.slice() } };
    },
    restore(state: TrainState): void {
      const entries = Object.entries(state.tensors);
      best = Object.fromEntries(entries.filter(([name]) => name.startsWith("best.")));
      rank.set(state.tensors.rank ?? rank);
      run.restore({
        ...state,
        tensors: Object.fromEntries(entries.filter(([name]) => name !== "rank" && !name.startsWith("best."))),
      });
    },
  };
}

/**
 * Whether the return is zero, as where one side makes what the other loses. It says nothing then of how well they play,
 * and no more in self-play, where the other side gets better too: the newest policy is kept.
 */
function isZero({ return: { mean }, groups }: Report): boolean {
  return Math.abs(mean) <= 1e-9 * Math.max(1, ...Object.values(groups).map((side) => Math.abs(side.mean)));
}

/** Mean over the limited channels of how far, relative to its limit, the cost's interval reaches over the margin. */
function excess(report: Report): number {
  const over = Object.values(report.costs).flatMap(({ ci, limit }) =>
    limit === null ? [] : [Math.max(0, ci[1] - margin * limit) / Math.max(limit, 1e-9)]
  );
  return over.length > 0 ? mean(over) : 0;
}
