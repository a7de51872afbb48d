/**
 * What a scenario's functions run on: the machine computes (`evaluator.ts`) or records (`tracer.ts`).
 *
 * @module
 */
import type { Phase, Range, Value } from "./graph.ts";
import type { Column } from "./layout.ts";
import type { Op } from "./rules.ts";

export interface Machine {
  readonly tracing: boolean;
  apply(op: Op, a: Value, b?: Value, c?: Value): Value;
  /** Entry `index` of a constant table; the index is a whole number within it. */
  table(values: readonly number[], index: Value): Value;
  load(column: Column, address: Value): Value;
  store(column: Column, address: Value, value: Value): void;
  /** Begins a phase: its draws are numbered from 0, and outside `reset` and `dynamics` state is only read. */
  enter(phase: Phase): void;
  /** The next number from [0, 1). */
  draw(): Value;
  /** Number `n` from [0, 1) of a reset's other stream, which shifts no draw of the scenario. */
  aside(n: number): Value;
  /** A whole number from [0, n), by one draw. */
  integer(n: Value): Value;
  /** Whether a range becomes a loop: then one symbolic index stands for all. */
  loops(range: Range): boolean;
  /** The indices of a range: numbers, or one symbolic index that stands for all. */
  each(range: Range): Iterable<Value>;
  /** Carries values through a range. */
  fold(range: Range, init: readonly Value[], body: (index: Value, carried: Value[]) => Value[]): Value[];
  when(condition: Value, yes: () => Value[], no: () => Value[]): Value[];
  /** Runs `build` outside every loop that is open. */
  hoist<T>(build: () => T): T;
  /** True where the episode ended and the world was reset: then the step is over. */
  barrier(cycle: Value, ended: Value): boolean;
}
