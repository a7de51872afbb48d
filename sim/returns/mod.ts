/**
 * Reference returns: what random play and the scripted policies of each scenario on the shelf bring. Measured by
 * `deno task returns` and kept in `sim/scenarios/returns.json`.
 *
 * @module
 */
import measured from "../scenarios/returns.json" with { type: "json" };

/** A mean with its 95 % interval of Student's t. */
export interface Estimate {
  readonly mean: number;
  readonly ci: readonly [low: number, high: number];
}

/** What one policy brings when all groups play it. */
export interface PolicyReturns {
  /** The first episode of each of so many environments, numbered from 0. */
  readonly episodes: number;
  /** Mean over all agents of their summed rewards, as `paddock evaluate` states it. */
  readonly return: Estimate;
  /** The same over the members of each group. */
  readonly groups: Readonly<Record<string, Estimate>>;
  /** Steps. */
  readonly length: Estimate;
  /** By channel, in the unit of its limit; the sum over the episode where it has none. */
  readonly costs: Readonly<Record<string, Estimate>>;
  /** The returns of environments 0, 1, …, to the bit: who measures them again must find the same. */
  readonly first: readonly number[];
}

/** Everything measured of a scenario with its default params, in one kind of action. */
export interface Returns {
  /** Of the scenario that was measured. */
  readonly codeHash: string;
  /** As `paddock evaluate` takes it. */
  readonly seed: number;
  /** `random`, then the scenario's own. */
  readonly policies: Readonly<Record<string, PolicyReturns>>;
}

/** Kind of action -> what was measured in it. */
export type ReturnsByKind = Readonly<Partial<Record<"discrete" | "continuous", Returns>>>;

/** All that was measured, by the scenario's id. */
export const referenceReturns = measured as unknown as Readonly<Record<string, ReturnsByKind>>;
