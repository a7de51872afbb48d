/**
 * `paddock train --seeds N`: the same training with several seeds, a process each, and what they return together.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../../core/mod.ts";
import type { RunEvent } from "../run.ts";
import type { Child } from "../run/child.ts";
import { flagName, usage } from "../cli/flags.ts";
import { number } from "../cli/format.ts";
import { paint, say, sayJson } from "../cli/output.ts";
import { exitCodes, listenForStop } from "../cli/signals.ts";
import type { Failure, Outcome, SeedsTraining } from "./seeds_summary.ts";
import type { TrainFlags } from "./train.ts";
import { checkNames, seedName, seedsOf, summaryPath } from "./train_names.ts";
import { requestOf } from "./train_request.ts";

/** Flags that are not for the single trainings. */
const ours = new Set(["seeds", "seed", "jobs", "name", "json", "resume", "runs"]);

/** Flags of the single trainings that a later command that goes on with them may set anew. */
const anew = new Set(["minutes", "workers", "reportEpisodes"]);

/**
 * Train all seeds. One that fails leaves the others alone; it is named, and the exit code is 1.
 *
 * @throws UsageError before the first of them where the flags are wrong, or where a run of that name is there
 */
export async function trainSeeds(flags: TrainFlags, given: ReadonlySet<string>): Promise<number> {
  const { planRun } = await import("../run/config.ts");
  const { wantedRuntime } = await import("../run/runtime.ts");
  const { checkEnvs, roundedUp } = await import("../run/size.ts");
  const { isScenarioFile } = await import("../run/scenario.ts");
  const request = requestOf(flags);
  const plan = await planRun(request, {});
  checkEnvs(plan);
  wantedRuntime();
  await checkNames(flags);
  const { scenario, curriculum } = flags;
  /** Flags whose files are found from any folder. */
  const absolute = {
    ...flags,
    ...scenario !== undefined && isScenarioFile(scenario) && { scenario: resolve(scenario) },
    ...curriculum !== undefined && { curriculum: resolve(curriculum) },
  };
  if (!flags.json) roundedUp(plan).forEach((line) => say(line));
  const training: SeedsTraining = {
    scenario: request.scenario,
    algorithm: request.algorithm,
    constraint: flags.constraint ?? null,
    name: flags.name ?? null,
    episodes: flags.reportEpisodes,
    asked: seedsOf(flags),
    words: wordsOf(absolute, [...given].filter((name) => !ours.has(name) && !anew.has(name))),
    seeds: [],
  };
  return advance(training, flags, given);
}

/** Go on with the seeds of a summary that are not done, and sum up all. */
export async function resumeSeeds(flags: TrainFlags, given: ReadonlySet<string>): Promise<number> {
  const { readSummary } = await import("./seeds_summary.ts");
  const here = resolve(flags.resume!);
  const file = existsSync(here) ? here : join(resolve(flags.runs), flags.resume!);
  const training = usage(() => readSummary(file));
  const runs = dirname(file);
  const episodes = given.has("reportEpisodes") ? flags.reportEpisodes : training.episodes;
  return await advance(training, { ...flags, runs, reportEpisodes: episodes }, given, file);
}

/** Train the seeds that are not done, and write the summary into `file`, by default where the name says. */
async function advance(
  training: SeedsTraining,
  flags: TrainFlags,
  given: ReadonlySet<string>,
  file?: string,
): Promise<number> {
  const { saySummary, summaryOf, writeSummary } = await import("./seeds_summary.ts");
  const { ended, failed, signal } = await trainAll(training, flags, given);
  const seeds = training.seeds.filter(({ seed }) => !ended.some((it) => it.seed === seed)).concat(ended);
  const all = { ...training, seeds: seeds.sort((a, b) => a.seed - b.seed) };
  const name = training.name ?? seeds[0]?.run;
  const path = file ?? (name === undefined ? undefined : summaryPath(flags.runs, name));
  if (path !== undefined && seeds.length > 0) {
    const summary = summaryOf(all, failed);
    writeSummary(path, summary);
    if (flags.json) sayJson({ event: "seeds", file: path, ...summary });
    else saySummary(summary, path);
  }
  if (failed.length > 0) throw new UserError(failed.map(({ error }) => error).join("\n"));
  return signal ? exitCodes[signal] : 0;
}

/** All seeds that are not done, as many at once as the flags allow; those that ended and those that failed, in order. */
async function trainAll(training: SeedsTraining, flags: TrainFlags, given: ReadonlySet<string>) {
  const { trainChild } = await import("../run/child.ts");
  const { outcomeOf } = await import("./seeds_summary.ts");
  const running = new Set<Child>();
  const stop = await listenForStop({
    ...!flags.json && { line: "saving after the running updates" },
    heard: () => running.forEach((child) => child.stop()),
  });
  const before = new Map(training.seeds.map((it) => [it.seed, it]));
  const waiting = training.asked.filter((seed) => before.get(seed)?.status !== "done");
  const ended: Outcome[] = [];
  const failed: Failure[] = [];

  /** Train one seed after another, until none is left. */
  async function work(): Promise<void> {
    while (!stop.signal) {
      const seed = waiting.shift();
      if (seed === undefined) return;
      const start = performance.now();
      const words = await childWords(training, flags, given, seed);
      const child = trainChild(`seed ${seed}`, words, follow(flags, seed));
      running.add(child);
      try {
        const result = await child.result;
        const seconds = (performance.now() - start) / 1000 + (before.get(seed)?.seconds ?? 0);
        ended.push(outcomeOf(seed, result, seconds));
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
  return { ended, failed: failed.sort((a, b) => a.seed - b.seed), signal: stop.signal };
}

/** The words of a child's command line: to go on with a seed's run where there is one, or to start it. */
async function childWords(
  training: SeedsTraining,
  flags: TrainFlags,
  given: ReadonlySet<string>,
  seed: number,
): Promise<string[]> {
  const { openWorkspace } = await import("../workspace.ts");
  const name = seedName(training.name ?? undefined, seed);
  const run = training.seeds.find((it) => it.seed === seed)?.run ?? name;
  const runs = resolve(flags.runs);
  const session = wordsOf({ ...flags, runs }, ["runs", ...[...given].filter((name) => anew.has(name))]);
  const episodes = given.has("reportEpisodes") ? [] : ["--report-episodes", `${flags.reportEpisodes}`];
  const goesOn = flags.resume !== undefined && run !== undefined && openWorkspace(runs).has(run);
  if (goesOn) return ["--resume", join(runs, run), ...session, ...episodes];
  const named = name === undefined ? [] : ["--name", name];
  return [...training.words, "--seed", `${seed}`, ...named, ...session, ...episodes];
}

/** The flags `names` as they stand on a command line. */
function wordsOf(flags: TrainFlags, names: readonly string[]): string[] {
  return Object.entries(flags)
    .filter(([name]) => names.includes(name))
    .flatMap(([name, value]) =>
      value === true ? [flagName(name)] : [flagName(name), ...[value].flat().map(String)]
    );
}

/** Tells when a seed is a tenth further, and passes everything on where a program reads. */
function follow({ json }: TrainFlags, seed: number): (event: RunEvent) => void {
  let told = 0;
  return (event) => {
    if (json) return void sayJson({ seed, ...event });
    if (event.event !== "update") return;
    const tenths = Math.min(10, Math.floor(10 * event.step / event.steps));
    if (tenths === told) return;
    told = tenths;
    const found = event.metrics["episode/return"];
    say(
      paint("dim", `seed ${seed}  ${10 * tenths} %${found === undefined ? "" : `  return ${number(found)}`}`),
    );
  };
}
