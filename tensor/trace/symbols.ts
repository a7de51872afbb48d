/**
 * Symbolic values: what a tensor is while a function is traced.
 *
 * @module
 */
import type { Elements, ElementType, Graph } from "../onnx/graph.ts";
import { sizeOf } from "../types.ts";

/** A graph under construction: the model itself, or the body of a Loop, which may read its parents' values. */
export interface Scope {
  readonly graph: Graph;
  readonly parent: Scope | undefined;
  /** Nodes by what they compute: the same operation on the same inputs is recorded once. */
  readonly memo: Map<string, Sym[]>;
  /** Stored constants by content. */
  readonly constants: Map<string, string>;
  /** Shapes by value name, for the fusions at the end. */
  readonly shapes: Map<string, readonly number[]>;
}

/** The elements of a literal; a single number when they are all the same. */
export type Literal = number | ArrayLike<number>;

/**
 * A value of the traced graph: either the output of a node (or an input), which lives in one scope, or a literal,
 * which is written into each scope that reads it.
 */
export interface Sym {
  readonly shape: readonly number[];
  readonly dtype: ElementType;
  /** The value's name in its scope; empty for a literal. */
  readonly name: string;
  readonly scope?: Scope;
  readonly literal?: Literal;
  /** The value that this one is in another shape: an elementwise operation may as well read that. */
  readonly reshaped?: Sym;
  /** The value that this one repeats along some axes: an operation that broadcasts may as well read that. */
  readonly expanded?: Sym;
}

/** A literal of the given elements; kept as one number when they are all the same. */
export function literal(values: ArrayLike<number>, shape: readonly number[], dtype: ElementType): Sym {
  const first = values[0];
  let same = first !== undefined;
  for (let i = 1; i < values.length && same; i++) same = Object.is(values[i], first);
  return { shape, dtype, name: "", literal: same ? first! : values };
}

/** A literal whose elements are all `value`. */
export function filled(value: number, shape: readonly number[], dtype: ElementType): Sym {
  return { shape, dtype, name: "", literal: value };
}

/** The number that every element of a literal equals, or undefined. */
export function uniform({ literal }: Sym): number | undefined {
  return typeof literal === "number" ? literal : undefined;
}

/** The elements of a literal as a typed array of its element type. */
export function elements({ literal, dtype, shape }: Sym): Elements {
  if (literal === undefined) throw new Error("a computed value has no elements while it is traced");
  const values = typeof literal === "number" ? new Array<number>(sizeOf(shape)).fill(literal) : literal;
  switch (dtype) {
    case "float32":
      return Float32Array.from(values);
    case "float64":
      return Float64Array.from(values);
    case "int32":
      return Int32Array.from(values);
    case "bool":
      return Uint8Array.from(values, (x) => x === 0 ? 0 : 1);
    case "int64":
      return BigInt64Array.from(Array.from(values), (x) => BigInt(x));
  }
}
