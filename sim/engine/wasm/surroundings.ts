/**
 * What the kernels of one module share.
 *
 * @module
 */
import type { Purpose } from "../graph.ts";
import type { Column } from "../layout.ts";
import type { Code, Growing } from "./encode.ts";
import type { FunctionName } from "./library.ts";
import type { Func } from "./module.ts";
import type { Place } from "./rows.ts";
import type { Searches } from "./searches.ts";

export interface Surroundings {
  readonly places: ReadonlyMap<string, Place>;
  readonly columns: ReadonlyMap<string, Column>;
  readonly maxCycles: number;
  /** Draws per run of a phase. */
  readonly draws: Readonly<Record<Purpose, number>>;
  /** Where the numbers of a reset are, drawn before it. */
  readonly drawn: number;
  readonly spans: (column: Column) => { readonly low: number; readonly high: number };
  /** The offset of a constant table. */
  table(values: readonly number[]): number;
  /** Draws a number, from the words of key and counter. */
  draw(key0: Code, key1: Code, episode: Code, count: Code): Code;
  /** Searches for neighbours of one environment's entity. */
  readonly searches: Searches;
  /** A function of the library, in every lane. */
  library(name: FunctionName, args: readonly Code[], place: { func: Func; into: Growing }): Code;
}
