/**
 * What a learning test is made of: a trial (what is trained, and who then meets whom) and what it brought.
 *
 * @module
 */
import type { Aggregate, Report, SelfPlay } from "../../../agents/mod.ts";

/** One training. Plain data, since a process of its own runs each seed. */
export interface Trial {
  readonly scenario: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly actions?: "discrete" | "continuous";
  readonly algorithm: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment steps in all, over the `envs` environments. */
  readonly steps: number;
  readonly envs: number;
  readonly selfPlay?: SelfPlay;
  /** Groups that do not learn, and what plays them in training. */
  readonly fixed?: Readonly<Record<string, Unlearned>>;
  /** What is judged after training, by name; `learned`, all groups with their last policy, unless given. */
  readonly matches?: Readonly<Record<string, Match>>;
  /** Episodes of each match; 500 unless given. */
  readonly episodes?: number;
  /** Judge the policies as they act in training instead of by their most likely actions. */
  readonly stochastic?: boolean;
}

export type Unlearned = "random" | "scripted";

/**
 * Who plays each group: its policy after that share of the training, or one that never learned. Groups that are not
 * named play what they ended with.
 */
export type Match = Readonly<Record<string, number | Unlearned>>;

/** What the matches brought, by name. */
export type Reports = Readonly<Record<string, Report>>;

/** What one seed brought. */
export interface Outcome {
  readonly seed: number;
  readonly reports: Reports;
  /** Of training alone. */
  readonly seconds: number;
  readonly steps: number;
  /** All settings of the algorithm, defaults included. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly versions: Readonly<Record<string, string>>;
  /** Mean return of training episodes by environment steps: `[steps, return]`. */
  readonly curve: readonly (readonly [number, number])[];
}

/** A number that the matches of one seed come to. */
export type Score = (reports: Reports) => number;

export type Scores = Readonly<Record<string, Aggregate>>;

/** What all seeds of a trial brought, as docs/results keeps it. */
export interface Result {
  /** Of the test, and which of its trials. */
  readonly name: string;
  readonly label: string;
  readonly bar: string;
  readonly held: boolean;
  readonly trial: Trial;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seeds: readonly number[];
  /** Over the seeds; those of random and scripted play over as many evaluations. */
  readonly scores: Scores;
  readonly random: Scores;
  readonly scripted: Scores | null;
  readonly steps: number;
  readonly seconds: readonly number[];
  readonly curves: readonly Outcome["curve"][];
  readonly versions: Readonly<Record<string, string>>;
  readonly cores: number;
}
