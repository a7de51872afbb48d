/**
 * Choices under a condition, between numbers or between vectors, and by an index.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Choice } from "../language/kernel.ts";
import type { Bool, Num, Scalar, Vec2 } from "../language/values.ts";
import { type Expressions, isVec, pair, scalar, truth } from "./expressions.ts";
import type { Value } from "./graph.ts";

/** One of two values, both computed. */
export function selected(x: Expressions, condition: Bool, yes: Choice, no: Choice): Num | Vec2 {
  const test = truth(condition);
  return chosen(x, both(yes, no, (a, b) => x.machine.apply("select", test, a, b)));
}

/** The value of the branch taken. */
export function taken(x: Expressions, condition: Bool, yes: () => Choice, no: () => Choice): Num | Vec2 {
  return chosen(x, x.machine.when(truth(condition), () => parts(yes()), () => parts(no())));
}

/** The number of a list with this index. */
export function entryAt(x: Expressions, list: readonly Scalar[], index: Value): Num {
  const { machine } = x;
  const entries = list.map(scalar);
  if (entries.every((entry) => typeof entry === "number")) return x.num(machine.table(entries, index));
  return x.num(entries.reduceRight((rest, entry, n) => {
    return machine.apply("select", machine.apply("eq", index, n), entry, rest);
  }));
}

function chosen(x: Expressions, values: readonly Value[]): Num | Vec2 {
  return values.length === 1 ? x.num(values[0]!) : x.vec(values[0]!, values[1]!);
}

function parts(choice: Choice): Value[] {
  return isVec(choice) ? pair(choice) : [scalar(choice as Scalar)];
}

function both(yes: Choice, no: Choice, choose: (a: Value, b: Value) => Value): Value[] {
  const [a, b] = [parts(yes), parts(no)];
  if (a.length !== b.length) {
    throw new UserError("k.select chooses between two numbers or between two vectors");
  }
  return a.map((value, i) => choose(value, b[i]!));
}
