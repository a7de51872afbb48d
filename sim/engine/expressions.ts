/**
 * `Num`, `Bool` and `Vec2` over a machine: a value of the machine, and the methods that scenarios call.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Bool, BoolMethods, Num, NumMethods, Scalar, Vec2 } from "../language/values.ts";
import type { Value } from "./graph.ts";
import type { Machine } from "./machine.ts";
import type { Op } from "./rules.ts";

const NOT_A_NUMBER =
  "a value of a scenario is not a JavaScript number: write a.add(b), a.lt(b), k.select(…) in " +
  "place of a + b, a < b and a ? b : c";

/** Makes the values that scenarios see, and reads them back. */
export class Expressions {
  /** Comparisons that nothing has read; while tracing only. */
  readonly unread = new Set<BoolExpression>();

  constructor(readonly machine: Machine) {}

  num(value: Value): Num {
    return new NumExpression(this, value) as unknown as Num;
  }

  bool(value: Value): Bool {
    const bool = new BoolExpression(this, value);
    if (this.machine.tracing) this.unread.add(bool);
    return bool as unknown as Bool;
  }

  vec(x: Value, y: Value): Vec2 {
    return new VecExpression(this, x, y);
  }

  /** Throws where a comparison was made and never used: most likely a JavaScript `if` looked at it. */
  settle(): void {
    if (this.unread.size === 0) return;
    this.unread.clear();
    throw new UserError(
      "a comparison is never used. JavaScript's if, &&, || and ?: cannot read it: use k.select(test, a, b), " +
        "k.when(test, …), a.and(b), a.or(b); leave it out if it is not needed",
    );
  }
}

/** The machine's value of a number. */
export function scalar(x: Scalar): Value {
  if (typeof x === "number") return x;
  const it: unknown = x;
  if (it instanceof NumExpression) return it.value;
  throw new UserError(`expected a number or a Num, found ${isBool(it) ? "a Bool: use a.num()" : typeof it}`);
}

/** The machine's value of a truth. */
export function truth(x: Bool): Value {
  const it: unknown = x;
  if (!(it instanceof BoolExpression)) {
    throw new UserError("expected a Bool, the outcome of a.lt(b) and the like");
  }
  it.home.unread.delete(it);
  return it.value;
}

/** The machine's value of a number or a truth, as a number. */
export function numeric(x: Scalar | Bool, machine: Machine): Value {
  return isBool(x) ? machine.apply("num", truth(x)) : scalar(x);
}

/** The machine's values of a vector: x, y. */
export function pair(v: Vec2): [Value, Value] {
  return [scalar(v.x), scalar(v.y)];
}

export function isNum(x: unknown): x is Scalar {
  return typeof x === "number" || x instanceof NumExpression;
}

export function isBool(x: unknown): x is Bool {
  return x instanceof BoolExpression;
}

export function isVec(x: unknown): x is Vec2 {
  return x instanceof VecExpression;
}

class NumExpression implements NumMethods {
  constructor(readonly home: Expressions, readonly value: Value) {}

  #apply(op: Op, other?: Scalar): Num {
    const { home, value } = this;
    return home.num(home.machine.apply(op, value, other === undefined ? undefined : scalar(other)));
  }

  #compare(op: Op, a: Value, b: Value): Bool {
    return this.home.bool(this.home.machine.apply(op, a, b));
  }

  add(other: Scalar): Num {
    return this.#apply("add", other);
  }

  sub(other: Scalar): Num {
    return this.#apply("sub", other);
  }

  mul(other: Scalar): Num {
    return this.#apply("mul", other);
  }

  div(other: Scalar): Num {
    return this.#apply("div", other);
  }

  neg(): Num {
    return this.#apply("neg");
  }

  sqrt(): Num {
    return this.#apply("sqrt");
  }

  square(): Num {
    return this.#apply("mul", this as unknown as Num);
  }

  abs(): Num {
    return this.#apply("abs");
  }

  floor(): Num {
    return this.#apply("floor");
  }

  fround(): Num {
    return this.#apply("fround");
  }

  mod(other: Scalar): Num {
    return this.#apply("mod", other);
  }

  min(other: Scalar): Num {
    return this.#apply("min", other);
  }

  max(other: Scalar): Num {
    return this.#apply("max", other);
  }

  clamp(low: Scalar, high: Scalar): Num {
    return this.#apply("max", low).min(high);
  }

  exp(): Num {
    return this.#apply("exp");
  }

  log(): Num {
    return this.#apply("log");
  }

  sin(): Num {
    return this.#apply("sin");
  }

  cos(): Num {
    return this.#apply("cos");
  }

  tan(): Num {
    return this.#apply("tan");
  }

  tanh(): Num {
    return this.#apply("tanh");
  }

  pow(exponent: Scalar): Num {
    return this.#apply("pow", exponent);
  }

  softplus(): Num {
    return this.#apply("softplus");
  }

  lt(other: Scalar): Bool {
    return this.#compare("lt", this.value, scalar(other));
  }

  le(other: Scalar): Bool {
    return this.#compare("le", this.value, scalar(other));
  }

  gt(other: Scalar): Bool {
    return this.#compare("lt", scalar(other), this.value);
  }

  ge(other: Scalar): Bool {
    return this.#compare("le", scalar(other), this.value);
  }

  eq(other: Scalar): Bool {
    return this.#compare("eq", this.value, scalar(other));
  }

  ne(other: Scalar): Bool {
    const { machine } = this.home;
    return this.home.bool(machine.apply("not", machine.apply("eq", this.value, scalar(other))));
  }

  valueOf(): never {
    throw new UserError(NOT_A_NUMBER);
  }
}

class BoolExpression implements BoolMethods {
  constructor(readonly home: Expressions, readonly value: Value) {}

  and(other: Bool): Bool {
    return this.home.bool(this.home.machine.apply("and", truth(this as unknown as Bool), truth(other)));
  }

  or(other: Bool): Bool {
    return this.home.bool(this.home.machine.apply("or", truth(this as unknown as Bool), truth(other)));
  }

  not(): Bool {
    return this.home.bool(this.home.machine.apply("not", truth(this as unknown as Bool)));
  }

  num(): Num {
    return this.home.num(this.home.machine.apply("num", truth(this as unknown as Bool)));
  }

  valueOf(): never {
    throw new UserError(NOT_A_NUMBER);
  }
}

class VecExpression implements Vec2 {
  readonly x: Num;
  readonly y: Num;

  constructor(readonly home: Expressions, x: Value, y: Value) {
    this.x = home.num(x);
    this.y = home.num(y);
  }

  #each(op: Op, x: Scalar, y: Scalar): Vec2 {
    const { machine } = this.home;
    return this.home.vec(
      machine.apply(op, scalar(this.x), scalar(x)),
      machine.apply(op, scalar(this.y), scalar(y)),
    );
  }

  add(other: Vec2): Vec2 {
    return this.#each("add", other.x, other.y);
  }

  sub(other: Vec2): Vec2 {
    return this.#each("sub", other.x, other.y);
  }

  mul(factor: Scalar): Vec2 {
    return this.#each("mul", factor, factor);
  }

  div(divisor: Scalar): Vec2 {
    return this.#each("div", divisor, divisor);
  }

  neg(): Vec2 {
    return this.home.vec(scalar(this.x.neg()), scalar(this.y.neg()));
  }

  dot(other: Vec2): Num {
    return this.x.mul(other.x).add(this.y.mul(other.y));
  }

  cross(other: Vec2): Num {
    return this.x.mul(other.y).sub(this.y.mul(other.x));
  }

  length(): Num {
    return this.dot(this).sqrt();
  }
}
