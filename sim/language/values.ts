/**
 * What a scenario computes with: opaque numbers, truths and vectors.
 *
 * The same scenario runs on plain numbers (`eval`) and on an expression graph (`js`), so a value shows no number: there
 * is none while a graph is recorded. The `symbol` in the types makes `a < b`, `a + b` and `` `${a}` `` compile errors.
 *
 * @module
 */

/** A number, or a value that will be one. */
export type Scalar = Num | number;

/** A 64-bit float. */
export type Num = symbol & NumMethods;

/** A truth: the outcome of a comparison. JavaScript's `if` cannot read it; `k.select` and `k.when` can. */
export type Bool = symbol & BoolMethods;

/** The arithmetic of a `Num`. Functions beyond + - * / and the square root are Paddock's own, equal on every engine. */
export interface NumMethods {
  add(other: Scalar): Num;
  sub(other: Scalar): Num;
  mul(other: Scalar): Num;
  div(other: Scalar): Num;
  neg(): Num;
  sqrt(): Num;
  square(): Num;
  abs(): Num;
  floor(): Num;
  /** Rounded to the nearest float32: with it after each operation, arithmetic is that of float32. */
  fround(): Num;
  /** this − other · floor(this / other): it has the sign of `other`. */
  mod(other: Scalar): Num;
  min(other: Scalar): Num;
  max(other: Scalar): Num;
  clamp(low: Scalar, high: Scalar): Num;
  exp(): Num;
  log(): Num;
  sin(): Num;
  cos(): Num;
  tan(): Num;
  tanh(): Num;
  pow(exponent: Scalar): Num;
  /** log(1 + exp(this)) */
  softplus(): Num;
  lt(other: Scalar): Bool;
  le(other: Scalar): Bool;
  gt(other: Scalar): Bool;
  ge(other: Scalar): Bool;
  eq(other: Scalar): Bool;
  ne(other: Scalar): Bool;
}

/** The logic of a `Bool`. */
export interface BoolMethods {
  and(other: Bool): Bool;
  or(other: Bool): Bool;
  not(): Bool;
  /** 1 where true, 0 where false. */
  num(): Num;
}

/** A point or an arrow in the plane. */
export interface Vec2 {
  readonly x: Num;
  readonly y: Num;
  add(other: Vec2): Vec2;
  sub(other: Vec2): Vec2;
  mul(factor: Scalar): Vec2;
  div(divisor: Scalar): Vec2;
  neg(): Vec2;
  dot(other: Vec2): Num;
  /** x·other.y − y·other.x */
  cross(other: Vec2): Num;
  /** √(x² + y²) */
  length(): Num;
}

/** Several parts of an observation, one after another; written by `map`, `zeros` and `oneHot`. */
export interface List {
  readonly kind: "list";
}

/** A piece of an observation: a number, a truth (1 or 0), a vector (x, y) or any sequence of them. */
export type Part = Scalar | Bool | Vec2 | List | readonly Part[];
