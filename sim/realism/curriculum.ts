/**
 * Curricula: stages of params, each a step harder than the last, and when to move between them.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import { type Distribution, type Drawn, isDistribution } from "./distribution.ts";

export interface CurriculumOptions {
  /** Params of each stage, numbers or distributions; the same names in each. */
  readonly stages: readonly Readonly<Record<string, number | Drawn>>[];
  /** Share of successes among the last `window` episodes from which the next stage begins. Default 0.8. */
  readonly promote?: number;
  /** Share below which the stage before begins again; 0: never. Default 0. */
  readonly demote?: number;
  /** Episodes that are looked at, those of the running stage only. Default 100. */
  readonly window?: number;
  /** Return from which an episode is a success. Default: every episode within its budgets is. */
  readonly above?: number;
}

/** What a checkpoint keeps of a curriculum. */
export interface CurriculumState {
  /** `[3]` stage, episodes in the ring, and the place of the next. */
  readonly at: Int32Array;
  /** `[window]` 1 for a success. */
  readonly ring: Uint8Array;
}

/** One episode that ended. */
export interface EpisodeOutcome {
  readonly return: number;
  /** Whether it kept its budgets; true if not given. */
  readonly withinBudget?: boolean;
}

/** A change of stage. */
export interface Move {
  readonly from: number;
  readonly to: number;
  /** Share of successes that led to it. */
  readonly share: number;
}

export interface Curriculum {
  /** Params of a world that trains with it: a distribution for each stage. Write the stage into `world.stage`. */
  readonly params: Readonly<Record<string, Distribution>>;
  readonly length: number;
  /** Params of one stage alone, for evaluations and replays. */
  stage(i: number): Readonly<Record<string, number | Drawn>>;
  /** The state before the first episode. */
  begin(): CurriculumState;
  /** Counts episodes in order, updates the state and returns the changes of stage, if any. */
  observe(state: CurriculumState, episodes: Iterable<EpisodeOutcome>): Move[];
}

/** @throws UserError naming the option that is wrong */
export function curriculum(options: CurriculumOptions): Curriculum {
  const { stages, promote = 0.8, demote = 0, window = 100, above = -Infinity } = options;
  const names = checkStages(stages);
  if (!(promote > 0 && promote <= 1 && demote >= 0 && demote < promote)) {
    throw new UserError(
      `curriculum: expected 0 <= demote < promote <= 1, found demote ${demote} and promote ${promote}`,
    );
  }
  if (!(Number.isSafeInteger(window) && window >= 1)) {
    throw new UserError(`curriculum: expected window to be a whole number of at least 1, found ${window}`);
  }
  const params = Object.fromEntries(
    names.map((name) => [name, { stages: stages.map((stage) => stage[name]!) }]),
  );

  function observe({ at, ring }: CurriculumState, episodes: Iterable<EpisodeOutcome>): Move[] {
    const moves: Move[] = [];
    for (const { return: total, withinBudget = true } of episodes) {
      ring[at[2]!] = total >= above && withinBudget ? 1 : 0;
      at[2] = (at[2]! + 1) % window;
      at[1] = Math.min(window, at[1]! + 1);
      if (at[1]! < window) continue;
      const share = ring.reduce((sum, success) => sum + success, 0) / window;
      const from = at[0]!;
      const to = share >= promote
        ? Math.min(from + 1, stages.length - 1)
        : share < demote
        ? Math.max(from - 1, 0)
        : from;
      if (to === from) continue;
      moves.push({ from, to, share });
      at.set([to, 0, 0]);
      ring.fill(0);
    }
    return moves;
  }

  return Object.freeze({
    params,
    length: stages.length,
    stage(i: number) {
      const found = stages[i];
      if (found !== undefined) return found;
      throw new UserError(`curriculum: expected a stage from 0 to ${stages.length - 1}, found ${i}`);
    },
    begin: () => ({ at: new Int32Array(3), ring: new Uint8Array(window) }),
    observe,
  });
}

/** The names of all stages' params. */
function checkStages(stages: CurriculumOptions["stages"]): string[] {
  const [first] = stages;
  if (first === undefined) throw new UserError("curriculum: expected at least one stage");
  const names = Object.keys(first);
  for (const [i, stage] of stages.entries()) {
    const missing = names.find((name) => !Object.hasOwn(stage, name)) ??
      Object.keys(stage).find((name) => !names.includes(name));
    if (missing !== undefined) {
      throw new UserError(
        `curriculum: stage ${i} and stage 0 differ in "${missing}": give it in every stage`,
      );
    }
    for (const [name, value] of Object.entries(stage)) {
      if (typeof value === "number" || isDistribution(value)) continue;
      throw new UserError(
        `curriculum: stage ${i}, ${name}: expected a number or a distribution, found ${value}`,
      );
    }
  }
  return names;
}
