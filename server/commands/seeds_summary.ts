/**
 * What `paddock train --seeds` leaves: a file that sums the seeds up, and with which those can go on that are not done.
 *
 * @module
 */
import * as z from "zod";
import { settings, UserError } from "../../core/mod.ts";
import { type Aggregate, aggregate, type Report } from "../../agents/mod.ts";
import { count, methodOf, number, resumeLine, shortPath, table } from "../cli/format.ts";
import { paint, say } from "../cli/output.ts";
import type { ResultEvent } from "../run.ts";
import { readWhole, writeWhole } from "../workspace.ts";

/** The means of one report; an interval end is null where there were too few episodes for one. */
const brief = z.strictObject({
  return: z.number(),
  ci: z.array(z.number().nullable()).length(2),
  costs: z.record(z.string(), z.number()),
});

/** What one seed brought. `best` and `final` are the reports of a run that was trained to its end. */
const outcome = z.strictObject({
  seed: z.int().min(0),
  run: z.string().min(1),
  status: z.enum(["done", "stopped"]),
  ended: z.string().optional(),
  steps: z.int().min(0),
  /** Of wall clock, over all the times that it was trained. */
  seconds: z.number(),
  best: brief.optional(),
  final: brief.optional(),
});

/** The part of the file that is read back; the sums are made anew. */
const training = z.looseObject({
  scenario: z.string().min(1),
  algorithm: z.string().min(1),
  constraint: z.string().min(1).nullable(),
  name: z.string().min(1).nullable(),
  /** Episodes of each report. */
  episodes: z.int().min(1),
  /** The seeds that were asked for. */
  asked: z.array(z.int().min(0)).min(1),
  /** Words of the command line that every seed is trained with. */
  words: z.array(z.string()),
  seeds: z.array(outcome),
});

type Brief = z.output<typeof brief>;
export type Outcome = z.output<typeof outcome>;

/** A training with several seeds, and what they brought so far. */
export type SeedsTraining = z.output<typeof training>;

/** What a seed failed of. */
export interface Failure {
  readonly seed: number;
  readonly error: string;
}

/** Read `path` back. Throws a UserError that names the field where it is no such file. */
export function readSummary(path: string): SeedsTraining {
  const text = new TextDecoder().decode(readWhole(path));
  try {
    return settings(training, JSON.parse(text), path);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UserError(`${path}: expected JSON: ${error.message}`);
    throw error;
  }
}

/** A result as the file keeps it. */
export function outcomeOf(seed: number, result: ResultEvent, seconds: number): Outcome {
  const { run, status, step, ended, report, final } = result;
  return {
    seed,
    run,
    status,
    ...ended !== undefined && { ended },
    steps: step,
    seconds: Math.round(seconds),
    ...report && { best: briefOf(report) },
    ...final && { final: briefOf(final) },
  };
}

const briefOf = ({ return: { mean, ci }, costs }: Report): Brief => ({
  return: mean,
  ci: [...ci],
  costs: Object.fromEntries(Object.entries(costs).map(([name, { mean }]) => [name, mean])),
});

/** The whole content of the file. */
export function summaryOf(training: SeedsTraining, failed: readonly Failure[]) {
  const finished = training.seeds.filter(({ best, final }) => best && final);
  const done = new Set(training.seeds.filter(({ status }) => status === "done").map(({ seed }) => seed));
  return {
    ...training,
    /** What a return is here. */
    convention:
      "mean over agents of the undiscounted sum of rewards of an episode; stochastic policies draw their actions at random",
    failed,
    /** Seeds that are not done. */
    left: training.asked.filter((seed) => !done.has(seed)),
    best: aggregateOf(finished.map(({ best }) => best!)),
    final: aggregateOf(finished.map(({ final }) => final!)),
  };
}

export type Summary = ReturnType<typeof summaryOf>;

function aggregateOf(briefs: readonly Brief[]) {
  if (briefs.length === 0) return null;
  const channels = Object.keys(briefs[0]!.costs);
  return {
    return: aggregate(briefs.map((it) => it.return)),
    costs: Object.fromEntries(
      channels.map((name) => [name, aggregate(briefs.map(({ costs }) => costs[name]!))]),
    ),
  };
}

export function writeSummary(path: string, summary: Summary): void {
  writeWhole(path, JSON.stringify(summary, null, 2) + "\n");
}

/** A line for each seed, the sums, and how to go on with what is left. */
export function saySummary({ seeds, asked, left, best, final, ...of }: Summary, file: string): void {
  const early = seeds.some(({ ended }) => ended !== undefined);
  const head = ["seed", "run", "final", "best", "time", ...early ? ["ended early"] : []];
  const rows = seeds.map((it) => [
    `${it.seed}`,
    it.run,
    it.final ? number(it.final.return) : it.status,
    it.best ? number(it.best.return) : "",
    `${it.seconds} s`,
    ...early ? [it.ended ?? ""] : [],
  ]);
  say(paint("bold", `${of.scenario}  ${methodOf(of)}`));
  for (const line of table([head, ...rows])) say(line);
  const line = (name: string, it: Aggregate) =>
    `${name}  IQM ${number(it.iqm)}  95 % [${it.ci.map(number).join(", ")}]  mean ${number(it.mean)}`;
  if (final && best) {
    say(paint("bold", `return per agent and episode, ${count(final.return.scores.length)} seeds`));
    say(line("final", final.return));
    say(line("best ", best.return));
    for (const [name, it] of Object.entries(final.costs)) say(line(`final cost ${name}`, it));
  }
  const apart = seeds.filter(({ status, final }) => status === "done" && !final).map(({ run }) => run);
  if (apart.length > 0) say(`not in these sums, since another command ended it: ${apart.join(", ")}`);
  say(`${count(seeds.length)} seeds in ${shortPath(file)}`);
  if (left.length === 0) return;
  say(
    `${count(left.length)} of ${count(asked.length)} seeds are not done. To go on with them, and sum up all:`,
  );
  say(`  ${resumeLine(file)}`);
}
