/**
 * `paddock train --seeds N`: the same training with several seeds, a process each, and what they return together.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { UsageError, UserError } from "../../core/mod.ts";
import type { Aggregate, Report } from "../../agents/mod.ts";
import type { ResultEvent, RunEvent } from "../run.ts";
import type { Child } from "../run/child.ts";
import { flagName } from "../cli/flags.ts";
import { count, number, shortPath, table } from "../cli/format.ts";
import { paint, say, sayJson } from "../cli/output.ts";
import { exitCodes, listenForStop } from "../cli/signals.ts";
import type { TrainFlags } from "./train.ts";
import { requestOf } from "./train_request.ts";

/** Flags that are not for the single trainings. */
const ours = new Set(["seeds", "seed", "jobs", "name", "json", "resume"]);

/** What one seed brought. */
interface Trained {
  readonly seed: number;
  readonly result: ResultEvent;
  readonly seconds: number;
}

/** What a seed failed of. */
interface Failure {
  readonly seed: number;
  readonly error: string;
}

/**
 * Train all seeds. One that fails leaves the others alone; it is named, and the exit code is 1.
 *
 * @throws UsageError before the first of them where the flags are wrong
 */
export async function trainSeeds(flags: TrainFlags, given: ReadonlySet<string>): Promise<number> {
  if (flags.resume !== undefined) throw new UsageError("--seeds starts new runs: resume them one by one");
  const { planRun } = await import("../run/config.ts");
  const { aggregate } = await import("../../agents/mod.ts");
  const { writeWhole } = await import("../workspace.ts");
  await planRun(requestOf(flags), {});
  const { done, failed, signal } = await trainAll(flags, given);
  const finished = done.filter(({ result }) => result.report && result.final);
  const summary = {
    scenario: flags.scenario,
    algorithm: flags.algorithm,
    constraint: flags.constraint ?? null,
    /** What a return is here. */
    convention: "mean over agents of the undiscounted sum of rewards of an episode; policies that draw their actions draw",
    episodes: flags.reportEpisodes,
    seeds: done.map(({ seed, result, seconds }) => ({
      seed,
      run: result.run,
      status: result.status,
      steps: result.step,
      seconds: Math.round(seconds),
      ...result.report && { best: brief(result.report) },
      ...result.final && { final: brief(result.final) },
    })),
    failed,
    best: aggregateOf(finished.map(({ result }) => result.report!), aggregate),
    final: aggregateOf(finished.map(({ result }) => result.final!), aggregate),
  };
  const first = done[0]?.result.run;
  if (first !== undefined) {
    const file = join(resolve(flags.runs), `${flags.name ?? first}.seeds.json`);
    writeWhole(file, JSON.stringify(summary, null, 2) + "\n");
    if (flags.json) sayJson({ event: "seeds", file, ...summary });
    else sayTable(done, summary.best, summary.final, file);
  }
  if (failed.length > 0) throw new UserError(failed.map(({ error }) => error).join("\n"));
  return signal ? exitCodes[signal] : 0;
}

/** All seeds, as many at once as the flags allow; those that ended and those that failed, in order. */
async function trainAll(flags: TrainFlags, given: ReadonlySet<string>) {
  const { trainChild } = await import("../run/child.ts");
  const running = new Set<Child>();
  const stop = await listenForStop({
    ...!flags.json && { line: "saving after the running updates" },
    heard: () => running.forEach((child) => child.stop()),
  });
  const waiting = Array.from({ length: flags.seeds }, (_, i) => flags.seed + i);
  const done: Trained[] = [];
  const failed: Failure[] = [];

  /** Train one seed after another, until none is left. */
  async function work(): Promise<void> {
    while (!stop.signal) {
      const seed = waiting.shift();
      if (seed === undefined) return;
      const start = performance.now();
      const child = trainChild(`seed ${seed}`, flagsFor(flags, given, seed), follow(flags, seed));
      running.add(child);
      try {
        const result = await child.result;
        done.push({ seed, result, seconds: (performance.now() - start) / 1000 });
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        // One that is asked to stop before it listens ends at once, and had nothing to save yet.
        if (!stop.signal) failed.push({ seed, error: error.message });
      } finally {
        running.delete(child);
      }
    }
  }

  const jobs = Math.min(flags.jobs ?? navigator.hardwareConcurrency, waiting.length);
  try {
    await Promise.all(Array.from({ length: jobs }, work));
  } finally {
    stop.end();
  }
  const bySeed = (a: { seed: number }, b: { seed: number }) => a.seed - b.seed;
  return { done: done.sort(bySeed), failed: failed.sort(bySeed), signal: stop.signal };
}

/** The words of a child's command line. */
function flagsFor(flags: TrainFlags, given: ReadonlySet<string>, seed: number): string[] {
  const words = Object.entries(flags)
    .filter(([name]) => given.has(name) && !ours.has(name))
    .flatMap(([name, value]) =>
      value === true ? [flagName(name)] : [flagName(name), ...[value].flat().map(String)]
    );
  return [
    ...words,
    "--seed",
    `${seed}`,
    ...flags.name === undefined ? [] : ["--name", `${flags.name}-${seed}`],
  ];
}

/** Tells when a seed is a tenth further, and passes everything on where a program reads. */
function follow({ json }: TrainFlags, seed: number): (event: RunEvent) => void {
  let told = 0;
  return (event) => {
    if (json) return void sayJson({ seed, ...event });
    if (event.event !== "update") return;
    const tenths = Math.floor(10 * event.step / event.steps);
    if (tenths === told) return;
    told = tenths;
    const found = event.metrics["episode/return"];
    say(
      paint("dim", `seed ${seed}  ${10 * tenths} %${found === undefined ? "" : `  return ${number(found)}`}`),
    );
  };
}

const brief = ({ return: { mean, ci }, costs }: Report) => ({
  return: mean,
  ci,
  costs: Object.fromEntries(Object.entries(costs).map(([name, { mean }]) => [name, mean])),
});

function aggregateOf(reports: readonly Report[], sum: (scores: readonly number[]) => Aggregate) {
  if (reports.length === 0) return null;
  const channels = Object.keys(reports[0]!.costs);
  return {
    return: sum(reports.map((report) => report.return.mean)),
    costs: Object.fromEntries(
      channels.map((name) => [name, sum(reports.map(({ costs }) => costs[name]!.mean))]),
    ),
  };
}

type Summary = ReturnType<typeof aggregateOf>;

function sayTable(done: readonly Trained[], best: Summary, final: Summary, file: string): void {
  const rows = done.map(({ seed, result, seconds }) => [
    `${seed}`,
    result.run,
    result.final ? number(result.final.return.mean) : result.status,
    result.report ? number(result.report.return.mean) : "",
    `${Math.round(seconds)} s`,
  ]);
  for (const line of table([["seed", "run", "final", "best", "time"], ...rows])) say(line);
  const line = (name: string, it: Aggregate) =>
    `${name}  IQM ${number(it.iqm)}  95 % [${it.ci.map(number).join(", ")}]  mean ${number(it.mean)}`;
  if (final && best) {
    say(paint("bold", "return per agent and episode"));
    say(line("final", final.return));
    say(line("best ", best.return));
    for (const [name, it] of Object.entries(final.costs)) say(line(`final cost ${name}`, it));
  }
  say(`${count(done.length)} seeds in ${shortPath(file)}`);
}
