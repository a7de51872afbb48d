/**
 * Recorded trajectories, checked, and cut into stretches.
 *
 * @module
 */
import { suggest, UserError } from "../../core/mod.ts";
import type { World } from "../types.ts";
import type { Element } from "./motion.ts";

/** Numbers of one moment, or one number alone. */
export type Numbers = number | ArrayLike<number>;

/** One episode: T actions, and what was measured at the T + 1 moments before, between and after them. */
export interface Recording {
  /** State columns by name, each `[T + 1]` numbers or rows of numbers. */
  readonly states?: Readonly<Record<string, ArrayLike<Numbers>>>;
  /** In place of states: `[T + 1, N·O]` the observations of all agents, one after another. */
  readonly observations?: ArrayLike<ArrayLike<number>>;
  /** `[T, N]` discrete or `[T, N·A]` continuous; of a single number, that number. */
  readonly actions: ArrayLike<Numbers>;
}

/** A part of an episode, measured from its first moment to its last. */
export interface Stretch {
  readonly episode: number;
  /** Its first moment in the episode. */
  readonly first: number;
  /** L */
  readonly moments: number;
  /** `[L,M]` */
  readonly measured: Float64Array;
  /** `[L - 1, W]` */
  readonly actions: Float64Array;
}

export interface Measured {
  readonly sight: "states" | "observations";
  /** The recorded elements of the state; empty where observations were recorded. */
  readonly elements: readonly Element[];
  /** `[M]` */
  readonly names: readonly string[];
  /** Whole episodes. */
  readonly episodes: readonly Stretch[];
  /** T over all episodes. */
  readonly steps: number;
}

/** @throws UserError that names the episode, the number and the cure */
export function readRecordings(data: readonly Recording[], world: World): Measured {
  if (data.length === 0) throw new UserError("identify: expected at least one recording, found none");
  const sight = data[0]!.observations === undefined ? "states" : "observations";
  const elements = sight === "states" ? elementsOf(data[0]!, world) : [];
  const names = sight === "states" ? elementNames(elements, world) : observationNames(world);
  const episodes = data.map((recording, e) => episode(recording, e, sight, elements, names.length, world));
  const steps = episodes.reduce((sum, { moments }) => sum + moments - 1, 0);
  return { sight, elements, names, episodes, steps };
}

/** Stretches of about `window` moments that share none: errors of one are not those of another. */
export function cut({ episodes, names: { length: M } }: Measured, window: number): Stretch[] {
  return episodes.flatMap(({ episode, moments, measured, actions }) => {
    const parts = Math.max(1, Math.round(moments / window));
    const W = actions.length / (moments - 1);
    return Array.from({ length: parts }, (_, part) => {
      const [first, end] = [Math.floor(part * moments / parts), Math.floor((part + 1) * moments / parts)];
      return {
        episode,
        first,
        moments: end - first,
        measured: measured.subarray(first * M, end * M),
        actions: actions.subarray(first * W, (end - 1) * W),
      };
    });
  });
}

/** Each step alone, from one measured moment to the next. */
export function single({ episodes, names: { length: M } }: Measured): Stretch[] {
  return episodes.flatMap(({ episode, moments, measured, actions }) => {
    const W = actions.length / (moments - 1);
    return Array.from({ length: moments - 1 }, (_, first) => ({
      episode,
      first,
      moments: 2,
      measured: measured.subarray(first * M, (first + 2) * M),
      actions: actions.subarray(first * W, (first + 1) * W),
    }));
  });
}

/** `[M]` standard deviation of each measured number over all moments; 1 where it never moves. */
export function spreads(stretches: readonly Stretch[], M: number): Float64Array {
  return Float64Array.from({ length: M }, (_, m) => {
    let [count, mean, squares] = [0, 0, 0];
    for (const { measured } of stretches) {
      for (let i = m; i < measured.length; i += M) {
        const off = measured[i]! - mean;
        mean += off / ++count;
        squares += off * (measured[i]! - mean);
      }
    }
    return squares > 0 ? Math.sqrt(squares / count) : 1;
  });
}

function elementsOf({ states }: Recording, world: World): Element[] {
  if (states === undefined) {
    throw new UserError(
      "identify: recording 0 has neither states nor observations: give states: { column: numbers, … }",
    );
  }
  return Object.keys(states).flatMap((column) => {
    const known = world.columns[column];
    if (known === undefined) {
      const names = Object.keys(world.columns);
      const near = suggest(column, names);
      throw new UserError(
        `identify: ${world.spec.scenario} has no state column "${column}".` +
          `${near === undefined ? "" : ` Did you mean "${near}"?`} It has: ${names.join(", ")}`,
      );
    }
    return Array.from({ length: known.width }, (_, index) => ({ column, index }));
  });
}

function elementNames(elements: readonly Element[], { columns }: World): string[] {
  return elements.map(({ column, index }) => columns[column]!.width === 1 ? column : `${column}[${index}]`);
}

function observationNames({ spec: { N, O, agents } }: World): string[] {
  return Array.from({ length: N * O }, (_, i) => `${N === 1 ? "obs" : agents[Math.floor(i / O)]}[${i % O}]`);
}

function episode(
  { states, observations, actions }: Recording,
  e: number,
  sight: Measured["sight"],
  elements: readonly Element[],
  M: number,
  world: World,
): Stretch {
  const where = `identify: recording ${e}`;
  const moments = actions.length + 1;
  if (moments < 2) throw new UserError(`${where} has no step: record at least one action`);
  const measured = new Float64Array(moments * M);
  const put = (t: number, m: number, value: number | undefined, name: string) => {
    if (!Number.isFinite(value)) {
      throw new UserError(
        `${where}, ${name} at moment ${t}: expected a finite number, found ${value}: ` +
          `leave the moment out by cutting the recording in two there`,
      );
    }
    measured[t * M + m] = value!;
  };
  if (sight === "observations") {
    const rows = long(observations, moments, where, "observations");
    for (let t = 0; t < moments; t++) {
      if (rows[t]!.length !== M) {
        throw new UserError(
          `${where}, observations at moment ${t}: expected ${M} numbers, found ${rows[t]!.length}`,
        );
      }
      for (let m = 0; m < M; m++) put(t, m, rows[t]![m], `observations[${m}]`);
    }
  } else {
    elements.forEach(({ column, index }, m) => {
      const rows = long(states?.[column], moments, where, `states.${column}`);
      for (let t = 0; t < moments; t++) put(t, m, part(rows[t]!, index), `states.${column}`);
    });
  }
  return { episode: e, first: 0, moments, measured, actions: actionsOf(actions, where, world) };
}

function long<T>(rows: ArrayLike<T> | undefined, moments: number, where: string, name: string): ArrayLike<T> {
  if (rows?.length === moments) return rows;
  const found = rows === undefined ? "none" : `${rows.length}`;
  throw new UserError(
    `${where}, ${name}: expected ${moments} moments, one more than its ${
      moments - 1
    } actions, found ${found}`,
  );
}

function part(row: Numbers, index: number): number | undefined {
  return typeof row === "number" ? index === 0 ? row : undefined : row[index];
}

function actionsOf(rows: ArrayLike<Numbers>, where: string, { actions, spec }: World): Float64Array {
  const W = actions.length / spec.E;
  const flat = new Float64Array(rows.length * W);
  for (let t = 0; t < rows.length; t++) {
    for (let i = 0; i < W; i++) {
      const value = part(rows[t]!, i);
      const fits = spec.actionKind === "discrete"
        ? Number.isInteger(value) && value! >= 0 && value! < spec.actionSizes[i]!
        : Number.isFinite(value);
      if (!fits) {
        const wanted = spec.actionKind === "discrete"
          ? `an action from 0 to ${spec.actionSizes[i]! - 1}`
          : "a finite number";
        throw new UserError(`${where}, action ${i} of step ${t}: expected ${wanted}, found ${value}`);
      }
      flat[t * W + i] = value!;
    }
  }
  return flat;
}
