/**
 * Learned policies: compiled once for each number of rows they are asked for.
 *
 * @module
 */
import type { Policy, PolicyInput } from "../sim/mod.ts";

/** Chooses actions for a fixed number of rows. */
export type Chooser = (input: PolicyInput) => Int32Array | Float32Array;

/** A policy with a memory of `hiddenSize` (0: none), whose `compile(rows)` is called once for each number of rows. */
export function compiledPolicy(name: string, hiddenSize: number, compile: (rows: number) => Chooser): Policy {
  const choosers = new Map<number, Chooser>();
  return {
    name,
    hiddenSize,
    act(input, into) {
      let choose = choosers.get(input.rows);
      if (!choose) choosers.set(input.rows, choose = compile(input.rows));
      into.set(choose(input));
    },
  };
}
