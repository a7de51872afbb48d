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

/** The policy of a group whose members each have their own, with memories of one size: every row is its member's. */
export function teamPolicy(name: string, members: readonly Policy[]): Policy {
  return {
    name,
    hiddenSize: members[0]!.hiddenSize,
    act(input, into) {
      members.forEach((policy, m) => {
        const own = Array.from(input.member.keys()).filter((row) => input.member[row] === m);
        if (own.length === 0) return;
        const part = {
          rows: own.length,
          obs: rowsAt(input.obs, input.rows, own),
          mask: rowsAt(input.mask, input.rows, own),
          member: new Int32Array(own.length),
          hidden: rowsAt(input.hidden, input.rows, own),
          streams: own.map((row) => input.streams[row]!),
        };
        const actions = rowsAt(into, input.rows, own);
        policy.act(part, actions);
        putRows(actions, own, into);
        putRows(part.hidden, own, input.hidden);
      });
    },
  };
}

type Rows = Float32Array | Int32Array | Uint8Array;

/** The rows numbered `own` of `column`, which has `rows` of them. */
function rowsAt<A extends Rows>(column: A, rows: number, own: readonly number[]): A {
  const width = column.length / rows;
  const into = column.slice(0, own.length * width) as A;
  own.forEach((row, i) => into.set(column.subarray(row * width, (row + 1) * width), i * width));
  return into;
}

/** Write rows to the places numbered `own`. */
function putRows(from: Rows, own: readonly number[], into: Rows): void {
  const width = from.length / own.length;
  own.forEach((row, i) => into.set(from.subarray(i * width, (i + 1) * width), row * width));
}
