/**
 * A constraint is a value handed to `train`. Its shape says where it acts; `prices` is the first of the four.
 *
 * @module
 */
import type { WorldSpec } from "../sim/mod.ts";
import type { Limit } from "./limit.ts";

/** A constraint that puts a price on cost: the learner maximises reward minus Σ price · cost. */
export interface PriceConstraint {
  readonly shape: "prices";
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Bind to the limits of a world. Throws a UserError for a limit that a price cannot enforce. */
  bind(spec: WorldSpec, limits: readonly Limit[]): Pricing;
}

export type Constraint = PriceConstraint;

/** Multipliers in their world. Their state is a flat vector, so that a checkpoint can hold it. */
export interface Pricing {
  readonly limits: readonly Limit[];
  /** What the multipliers steer each limit's cost to, possibly tighter than the limit. */
  readonly targets: readonly number[];
  /** The state before the first update. */
  start(): Float64Array;
  /**
   * One step of dual ascent.
   *
   * @param costs `[limits]` measured mean cost, in the unit of each limit
   * @param progress share of the training done, 0 … 1
   * @param into the state, updated in place
   */
  update(costs: ArrayLike<number>, progress: number, into: Float64Array): void;
  /** `[limits]` the multipliers λ of a state. */
  multipliers(state: Float64Array): Float64Array;
}
