/**
 * One seed of a trial, in a process of its own: reads the trial from stdin, trains, plays its matches, and writes the
 * outcome to stdout.
 *
 * @module
 */
import { findAlgorithm, type State, type Trainer, trainer } from "../../../agents/mod.ts";
import { mean } from "../../../constraints/mod.ts";
import { versions } from "../../../server/run/versions.ts";
import { nodeRuntime } from "../../../tensor/runtime/node.ts";
import { withFixed } from "./fixed.ts";
import { checkGroups, matchesOf, play, settingOf } from "./match.ts";
import type { Outcome, Trial } from "./trial.ts";

/** What the process reads. */
export interface Job {
  readonly trial: Trial;
  readonly seed: number;
}

/** Points of a curve. */
const points = 50;

/** Episodes of matches share no seed with those of other trainings. */
const matchSeed = 1_000_000;

/** Train with one seed, and judge. Leaves where `orphaned` says that nobody waits for it any more. */
function train({ trial, seed }: Job, orphaned: () => boolean): Outcome {
  const setting = settingOf(trial);
  const chosen = findAlgorithm(trial.algorithm).make(trial.settings ?? {});
  const runtime = nodeRuntime({ threads: 1 });
  const start = performance.now();
  const run = trainer({
    ...setting,
    algorithm: trial.fixed ? withFixed(chosen, setting.scenario, trial.fixed) : chosen,
    steps: trial.steps,
    envs: trial.envs,
    seed,
    runtime,
    selfPlay: trial.selfPlay,
  });
  checkGroups(run.spec, trial.fixed ?? {});
  const past = snapshots(trial, run);
  const curve: [number, number][] = [];
  let returns: number[] = [];
  while (!run.finished) {
    if (orphaned()) Deno.exit(1);
    returns.push(...run.advance().episodes.map((episode) => episode.return));
    past.take();
    if (run.step * points < trial.steps * (curve.length + 1) || returns.length === 0) continue;
    curve.push([run.step, mean(returns)]);
    returns = [];
  }
  const seconds = (performance.now() - start) / 1000;
  const reports = play(trial, matchSeed + seed, (_, group, share) => {
    const learner = run.learners[group.name]!;
    for (const [name, array] of Object.entries(past.at(share, group.name))) {
      learner.policyState[name]!.set(array as Float32Array);
    }
    learner.refresh();
    return learner.policy(!trial.stochastic);
  });
  const outcome = {
    seed,
    reports,
    seconds,
    steps: run.step,
    settings: chosen.settings,
    versions: versions(runtime),
    curve,
  };
  run.dispose();
  return outcome;
}

/** The policies at those shares of the training that the matches ask for. */
function snapshots(trial: Trial, run: Trainer) {
  const asked = Object.values(matchesOf(trial)).flatMap((match) => Object.values(match));
  const shares = new Set([1, ...asked.filter((who) => typeof who === "number")]);
  const taken = new Map<number, Record<string, State>>();
  return {
    /** Freeze the policies, where a share is reached. */
    take(): void {
      for (const share of shares) {
        if (taken.has(share) || run.step < share * trial.steps) continue;
        taken.set(
          share,
          Object.fromEntries(
            Object.entries(run.learners).map((
              [name, { policyState }],
            ) => [name, structuredClone(policyState)]),
          ),
        );
      }
    },
    at: (share: number, group: string): State => taken.get(share)![group]!,
  };
}

if (import.meta.main) {
  const parent = Deno.ppid;
  const job = await new Response(Deno.stdin.readable).json() as Job;
  const outcome = train(job, () => Deno.ppid !== parent);
  await new Response(JSON.stringify(outcome)).body!.pipeTo(Deno.stdout.writable);
}
