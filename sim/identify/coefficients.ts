/**
 * What the equations of motion of scenarios on the shelf hold in place of their params: reported where it is identified.
 *
 * @module
 */

/** A number made of params, by the name that a page would give it. */
export type Combinations = Readonly<Record<string, (params: Readonly<Record<string, number>>) => number>>;

const PENDULUM: Combinations = {
  "3g/(2l)": ({ gravity, length }) => 3 * gravity! / (2 * length!),
  "3/(ml²)": ({ mass, length }) => 3 / (mass! * length! * length!),
};

/** By scenario. */
export const COEFFICIENTS: Readonly<Record<string, Combinations>> = {
  "control/pendulum_v1": PENDULUM,
};
