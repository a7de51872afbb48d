/**
 * The operations of the scenario language on lanes: the counterpart of `rules.ts`, one entry each.
 *
 * @module
 */
import type { Node, Value } from "../graph.ts";
import type { Op } from "../rules.ts";
import type { Code } from "./encode.ts";
import { code, i32Const } from "./instructions.ts";
import type { Kind, Kinds } from "./kinds.ts";
import type { Lanes } from "./lanes.ts";
import type { FunctionName } from "./library.ts";
import { i32, SELECT } from "./opcodes.ts";

type Operation = Node & { readonly kind: "op" };

/** Operands, in the form an operation needs them. */
export interface Operands {
  readonly lanes: Lanes;
  readonly kinds: Kinds;
  float(value: Value): Code;
  truth(value: Value): Code;
  ints(value: Value): Code;
  int(value: Value): Code;
  bool(value: Value): Code;
  /** A float that is read more than once. */
  keep(value: Code): Code;
  library(name: FunctionName, args: readonly Code[]): Code;
}

/** An operation's result, in the form of its kind. */
export function operate(node: Operation, kind: Kind, on: Operands): Code {
  switch (kind) {
    case "int":
    case "bool":
      return UNIFORM[node.op]!(node.args, on);
    case "ints":
      return INTS[node.op]!(node.args, on);
    case "mask":
      return truthOf(node, on);
    case "float":
      return FLOATS[node.op](node.args, on);
  }
}

type Rule = (args: readonly Value[], on: Operands) => Code;

function choose(test: Code, yes: Code, no: Code): Code {
  return code(yes, no, test, SELECT);
}

/** A rule for two arguments, each in the same form. */
function two(form: "int" | "bool", instruction: Code): Rule {
  return ([a, b], on) => code(on[form](a!), on[form](b!), instruction);
}

/** Whole numbers and truths that are the same in all lanes. */
const UNIFORM: Partial<Record<Op, Rule>> = {
  add: two("int", i32.add),
  sub: two("int", i32.sub),
  mul: two("int", i32.mul),
  min: ([a, b], { int }) => choose(code(int(a!), int(b!), i32.lt), int(a!), int(b!)),
  max: ([a, b], { int }) => choose(code(int(a!), int(b!), i32.gt), int(a!), int(b!)),
  floor: ([a], { int }) => int(a!),
  clampIndex: ([i, n], { int }) => {
    const last = i32Const(n as number - 1);
    const least = choose(code(int(i!), i32Const(0), i32.gt), int(i!), i32Const(0));
    return choose(code(least, last, i32.lt), least, last);
  },
  lt: two("int", i32.lt),
  le: two("int", i32.le),
  eq: two("int", i32.eq),
  and: two("bool", i32.and),
  or: two("bool", i32.or),
  not: ([a], { bool }) => code(bool(a!), i32.eqz),
  num: ([a], { bool }) => bool(a!),
  select: ([test, yes, no], { bool, int }) => choose(bool(test!), int(yes!), int(no!)),
};

/** Whole numbers, one in each lane. */
const INTS: Partial<Record<Op, Rule>> = {
  add: ([a, b], { lanes, ints }) => lanes.addInts(ints(a!), ints(b!)),
  sub: ([a, b], { lanes, ints }) => lanes.subInts(ints(a!), ints(b!)),
  mul: ([a, b], { lanes, ints }) => lanes.mulInts(ints(a!), ints(b!)),
  min: ([a, b], { lanes, ints }) => lanes.minInts(ints(a!), ints(b!)),
  max: ([a, b], { lanes, ints }) => lanes.maxInts(ints(a!), ints(b!)),
  floor: ([a], { ints }) => ints(a!),
  clampIndex: ([i, n], { lanes, ints }) => {
    return lanes.minInts(lanes.maxInts(ints(i!), lanes.int(0)), lanes.int(n as number - 1));
  },
  select: ([test, yes, no], { lanes, truth, ints }) => lanes.select(truth(test!), ints(yes!), ints(no!)),
};

/** Truths, one in each lane. */
function truthOf({ op, args }: Operation, { lanes, kinds, float, truth, ints }: Operands): Code {
  const [a, b, c] = args as [Value, Value, Value];
  switch (op) {
    case "lt":
      return kinds.whole(a) && kinds.whole(b) ? lanes.ltInts(ints(a), ints(b)) : lanes.lt(float(a), float(b));
    case "le":
      return kinds.whole(a) && kinds.whole(b) ? lanes.leInts(ints(a), ints(b)) : lanes.le(float(a), float(b));
    case "eq":
      return kinds.whole(a) && kinds.whole(b) ? lanes.eqInts(ints(a), ints(b)) : lanes.eq(float(a), float(b));
    case "and":
      return lanes.and(truth(a), truth(b));
    case "or":
      return lanes.or(truth(a), truth(b));
    case "not":
      return lanes.not(truth(a));
    case "select":
      return lanes.select(truth(a), truth(b), truth(c));
    default:
      throw new Error(`${op} is no truth`);
  }
}

function plain(name: "add" | "sub" | "mul" | "div"): Rule {
  return ([a, b], { lanes, float }) => lanes[name](float(a!), float(b!));
}

function one(name: "neg" | "sqrt" | "abs" | "floor" | "fround"): Rule {
  return ([a], { lanes, float }) => lanes[name](float(a!));
}

function call(name: FunctionName): Rule {
  return (args, { float, library }) => library(name, args.map(float));
}

function extreme(name: "min" | "max"): Rule {
  return ([a, b], { lanes, float, keep }) => {
    if (!positive(a!) || !positive(b!)) return lanes[name](float(a!), float(b!));
    return lanes[`${name}Positive`](float(a!), keep(float(b!)));
  };
}

/** A truth's number. */
const truthNumber: Rule = ([a], { lanes, truth }) => lanes.num(truth(a!));

function unreachable(): never {
  throw new Error("a truth is no float");
}

/** Floats, one in each lane. */
const FLOATS: Record<Op, Rule> = {
  add: plain("add"),
  sub: plain("sub"),
  mul: plain("mul"),
  div: plain("div"),
  neg: one("neg"),
  sqrt: one("sqrt"),
  abs: one("abs"),
  floor: one("floor"),
  min: extreme("min"),
  max: extreme("max"),
  fround: one("fround"),
  mod: ([a, b], { lanes, float, keep }) => {
    const [x, y] = [keep(float(a!)), keep(float(b!))];
    return lanes.sub(x, lanes.mul(lanes.floor(lanes.div(x, y)), y));
  },
  exp: call("exp"),
  log: call("log"),
  sin: call("sin"),
  cos: call("cos"),
  tan: call("tan"),
  tanh: call("tanh"),
  softplus: call("softplus"),
  pow: call("pow"),
  atan2: call("atan2"),
  clampIndex: ([i, n], { lanes, float, keep }) => {
    const x = keep(float(i!));
    const least = keep(lanes.where(lanes.lt(lanes.number(0), x), x));
    const last = lanes.number(n as number - 1);
    return lanes.select(lanes.lt(least, last), lanes.floor(least), last);
  },
  lt: unreachable,
  le: unreachable,
  eq: unreachable,
  and: unreachable,
  or: unreachable,
  not: unreachable,
  num: truthNumber,
  select: ([test, yes, no], { lanes, truth, float }) => {
    if (Object.is(no, 0)) return lanes.where(truth(test!), float(yes!));
    if (Object.is(yes, 0)) return lanes.unless(truth(test!), float(no!));
    return lanes.select(truth(test!), float(yes!), float(no!));
  },
};

/** Whether a value is never below 0 and never -0; it may be NaN. */
function positive(value: Value, depth = 6): boolean {
  if (typeof value === "number") return value >= 0 && !Object.is(value, -0);
  if (depth === 0 || value.kind !== "op") return false;
  const [a, b, c] = value.args as [Value, Value, Value];
  const both = (x: Value, y: Value) => positive(x, depth - 1) && positive(y, depth - 1);
  switch (value.op) {
    case "num":
    case "abs":
    case "exp":
      return true;
    case "sqrt":
      return positive(a, depth - 1);
    case "mul":
      return a === b || both(a, b);
    case "add":
    case "min":
    case "max":
    case "div":
      return both(a, b);
    case "select":
      return both(b, c);
    default:
      return false;
  }
}
