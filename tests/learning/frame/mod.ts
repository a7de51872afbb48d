/**
 * The frame of the learning tests: `learn(name, lessons)` makes a test of each lesson, keeps what it brought in
 * docs/results and holds it against its bar.
 *
 * @module
 */
import assert from "node:assert/strict";
import { aggregate } from "../../../agents/mod.ts";
import { say } from "../../../tools/say.ts";
import type { Bar } from "./bars.ts";
import { intervalText, keep } from "./keep.ts";
import { playUnlearned, settingOf } from "./match.ts";
import { trainSeeds } from "./seeds.ts";
import type { Reports, Result, Score, Scores, Trial, Unlearned } from "./trial.ts";

export * from "./bars.ts";
export type * from "./trial.ts";

/** A trial, what counts of it, and its bar. */
export interface Lesson {
  /** Which trial of the test; the name of its algorithm unless given. */
  readonly label?: string;
  readonly trial: Trial;
  /** Five unless given. */
  readonly seeds?: number;
  /** Numbers of each seed; the first one is the one that a bar with a value is about. `return` unless given. */
  readonly scores?: Readonly<Record<string, Score>>;
  readonly bar: Bar;
  /** Longest training of a seed. */
  readonly seconds?: number;
}

const meanReturn: Score = (reports) => Object.values(reports)[0]!.return.mean;

/** A test of each lesson, in order. The array fills as they end, for a comparison to read. */
export function learn(name: string, lessons: readonly Lesson[]): Result[] {
  const results: Result[] = [];
  for (const lesson of lessons) {
    const { trial, bar, label = trial.algorithm } = lesson;
    Deno.test(`${name}: ${label} on ${trial.scenario}, ${bar.text}`, async () => {
      const result = await resultOf(name, label, lesson);
      results.push(result);
      keep(result);
      tell(result);
      assert.ok(result.held, `${name}, ${label}: missed ${bar.text}`);
      const slowest = Math.max(...result.seconds);
      if (lesson.seconds) {
        assert.ok(slowest <= lesson.seconds, `a seed took ${slowest} s, not ${lesson.seconds}`);
      }
    });
  }
  return results;
}

async function resultOf(name: string, label: string, lesson: Lesson): Promise<Result> {
  const { trial, bar, scores = { return: meanReturn } } = lesson;
  const seeds = Array.from({ length: lesson.seeds ?? 5 }, (_, i) => i + 1);
  const scoresOf = (reports: readonly Reports[]): Scores =>
    Object.fromEntries(Object.entries(scores).map(([key, score]) => [key, aggregate(reports.map(score))]));
  const unlearned = (kind: Unlearned) => scoresOf(seeds.map((seed) => playUnlearned(trial, seed, kind)));
  const outcomes = await trainSeeds(trial, seeds, ({ seed, reports, seconds }) => {
    const found = Object.entries(scores).map(([key, score]) => `${key} ${score(reports).toFixed(3)}`);
    say(`${name}, ${label}, seed ${seed}: ${found.join(", ")} after ${Math.round(seconds)} s`);
  });
  const learned = scoresOf(outcomes.map(({ reports }) => reports));
  const random = unlearned("random");
  const { settings, versions, steps } = outcomes[0]!;
  return {
    name,
    label,
    bar: bar.text,
    held: bar.holds(learned, random),
    trial,
    settings,
    seeds,
    scores: learned,
    random,
    scripted: "scripted" in settingOf(trial).scenario.policies ? unlearned("scripted") : null,
    steps,
    seconds: outcomes.map(({ seconds }) => seconds),
    curves: outcomes.map(({ curve }) => curve),
    versions,
    cores: navigator.hardwareConcurrency,
  };
}

function tell({ name, label, bar, held, scores, random, scripted, steps, seconds }: Result): void {
  for (const [key, score] of Object.entries(scores)) {
    const beside = [`random ${intervalText(random[key]!)}`];
    if (scripted) beside.push(`scripted ${intervalText(scripted[key]!)}`);
    say(`${name}, ${label}: ${key} ${intervalText(score)}; ${beside.join(", ")}`);
  }
  const each = seconds.map((x) => Math.round(x)).join(", ");
  say(`${name}, ${label}: ${held ? "holds" : "MISSES"} ${bar}; ${steps} steps, seconds ${each}`);
}
