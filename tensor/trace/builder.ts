/**
 * Builds an ONNX graph node by node. A repeated operation is recorded once, literals are stored once per scope,
 * and names count up from zero, so the same sequence of calls gives the same graph.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import { type Attributes, ELEMENT_CODE, type ElementType, emptyGraph, type Graph } from "../onnx/graph.ts";
import { sizeOf } from "../types.ts";
import { elements, filled, literal, type Scope, type Sym, uniform } from "./symbols.ts";

/** Literals up to this many elements are shared by content; longer uniform ones are made by ConstantOfShape. */
const SMALL = 64;

/** Matrices up to this wide are narrow. */
const NARROW = 16;

/** Type and shape of a node's output. */
export interface Output {
  readonly shape: readonly number[];
  readonly dtype: ElementType;
}

/** Records nodes in the innermost open scope. */
export class Builder {
  #scope: Scope = { ...newScope("main"), parent: undefined };
  #count = 0;
  /** Names of matrix products. */
  readonly #products = new Set<string>();

  /** The graph of the innermost open scope. */
  get graph(): Graph {
    return this.#scope.graph;
  }

  /** The innermost open scope. */
  get scope(): Scope {
    return this.#scope;
  }

  /** A name that no value of this trace has: names that begin with a slash are ours. */
  fresh(stem: string): string {
    return `/${stem}_${this.#count++}`;
  }

  /** Opens the body of a Loop: nodes go there until `close`. */
  open(): void {
    this.#scope = { ...newScope(this.fresh("body")), parent: this.#scope };
  }

  /** Closes the innermost body and returns its scope. */
  close(): Scope {
    const { parent } = this.#scope;
    if (parent === undefined) throw new Error("no body is open");
    const closed = this.#scope;
    this.#scope = parent;
    return closed;
  }

  /** A named value of the innermost scope: an input, say. */
  named(name: string, shape: readonly number[], dtype: ElementType): Sym {
    this.#scope.shapes.set(name, shape);
    return { name, shape, dtype, scope: this.#scope };
  }

  /** The name under which the innermost scope reads a value. */
  name(sym: Sym): string {
    if (sym.literal !== undefined) return this.#store(sym);
    for (let scope: Scope | undefined = this.#scope; scope !== undefined; scope = scope.parent) {
      if (scope === sym.scope) return sym.name;
    }
    throw new UserError(
      "a value made inside the body of a loop is used outside of it: return it as `carry` or `scan` instead",
    );
  }

  /** Appends a node with several outputs. */
  nodes(op: string, inputs: readonly Sym[], outputs: readonly Output[], attributes: Attributes = {}): Sym[] {
    const names = inputs.map((sym) => this.name(sym));
    if ("body" in attributes) return this.#append(op, names, outputs, attributes);
    const types = outputs.map(({ shape, dtype }) => [shape, dtype]);
    const key = JSON.stringify([op, names, attributes, types], (_, v) => ArrayBuffer.isView(v) ? `${v}` : v);
    const known = this.#scope.memo.get(key);
    if (known !== undefined) return known;
    const made = this.#append(op, names, outputs, attributes);
    this.#scope.memo.set(key, made);
    return made;
  }

  /** Appends a node with one output. */
  node(op: string, inputs: readonly Sym[], output: Output, attributes: Attributes = {}): Sym {
    return this.nodes(op, inputs, [output], attributes)[0]!;
  }

  /** Appends an elementwise node on two values that broadcast. */
  binary(op: string, a: Sym, b: Sym, dtype: ElementType = a.dtype): Sym {
    return this.#elementwise(op, [a, b], dtype);
  }

  /** Appends an elementwise node on one value. */
  unary(op: string, x: Sym, attributes: Attributes = {}, dtype: ElementType = x.dtype): Sym {
    const plain = x.reshaped !== undefined && !("axis" in attributes);
    if (plain) return this.reshape(this.unary(op, x.reshaped, attributes, dtype), x.shape);
    return this.node(op, [x], { shape: x.shape, dtype }, attributes);
  }

  /** `condition ? yes : no`, elementwise. */
  where(condition: Sym, yes: Sym, no: Sym): Sym {
    return this.#elementwise("Where", [condition, yes, no], yes.dtype);
  }

  cast(x: Sym, dtype: ElementType): Sym {
    if (x.dtype === dtype) return x;
    if (uniform(x) !== undefined && dtype === "float32") return filled(uniform(x)!, x.shape, dtype);
    return this.unary("Cast", x, { to: ELEMENT_CODE[dtype] }, dtype);
  }

  reshape(x: Sym, shape: readonly number[]): Sym {
    const reshaped = x.reshaped ?? x;
    if (same(x.shape, shape)) return x;
    if (same(reshaped.shape, shape)) return reshaped;
    if (x.literal !== undefined) return { ...x, shape };
    return { ...this.node("Reshape", [reshaped, this.ints(shape)], { shape, dtype: x.dtype }), reshaped };
  }

  /** Repeats axes of size 1 (and missing leading axes) up to `shape`. */
  expand(x: Sym, shape: readonly number[]): Sym {
    if (same(x.shape, shape)) return x;
    const value = uniform(x);
    if (value !== undefined) return filled(value, shape, x.dtype);
    return { ...this.node("Expand", [x, this.ints(shape)], { shape, dtype: x.dtype }), expanded: x };
  }

  /**
   * An elementwise node on values that broadcast, which reads what costs ONNX Runtime least: values before they were
   * repeated; all of them before they were reshaped, where they were alike; and without axes of size 1, in front of which
   * it broadcasts element by element, 20 times slower.
   */
  #elementwise(op: string, given: readonly Sym[], dtype: ElementType): Sym {
    const shape = given.map((x) => x.shape).reduce(broadcast);
    const operands = unrepeated(given, shape).map((x, i, all) =>
      narrow(x, all.some((other, j) => j !== i && carries(other, shape)))
    );
    const before = alike(operands, shape);
    if (before) return this.reshape(this.node(op, before.operands, { shape: before.shape, dtype }), shape);
    const axes = this.#gains(op, operands, shape) ? thin(operands, shape) : [];
    const bare = without(axes, shape);
    const squeezed = operands.map((x) => this.#beside(this.reshape(x, without(axes, x.shape)), bare));
    return this.reshape(this.node(op, squeezed, { shape: bare, dtype }), shape);
  }

  /** A column beside a narrow matrix becomes a matrix, by a product with ones: ONNX Runtime broadcasts row by row. */
  #beside(x: Sym, [rows, columns, ...more]: readonly number[]): Sym {
    const narrow = columns !== undefined && more.length === 0 && columns > 1 && columns <= NARROW &&
      rows! >= SMALL;
    if (!narrow || x.dtype !== "float32" || x.literal !== undefined || !same(x.shape, [rows!, 1])) return x;
    return this.node("MatMul", [x, filled(1, [1, columns], "float32")], {
      shape: [rows!, columns],
      dtype: x.dtype,
    });
  }

  /**
   * Whether a broadcast is worth a reshape: of several elements (how many must not matter, or a policy traced at two batch
   * sizes would be two graphs), and no bias that `finish` adds inside its product.
   */
  #gains(op: string, operands: readonly Sym[], shape: readonly number[]): boolean {
    if (sizeOf(shape) === 1 || operands.every((x) => same(x.shape, shape))) return false;
    return op !== "Add" || !operands.some((x) => this.#products.has(x.name));
  }

  /** A literal with no axes. */
  scalar(value: number, dtype: ElementType = "float32"): Sym {
    return filled(value, [], dtype);
  }

  /** An int64 literal with one axis: a shape, axes, offsets. */
  ints(values: readonly number[]): Sym {
    return literal(values, [values.length], "int64");
  }

  #append(op: string, inputs: string[], outputs: readonly Output[], attributes: Attributes): Sym[] {
    const made = outputs.map(({ shape, dtype }) => this.named(this.fresh(op.toLowerCase()), shape, dtype));
    this.graph.nodes.push({ op, inputs, outputs: made.map(({ name }) => name), attributes });
    if (op === "Gemm") this.#products.add(made[0]!.name);
    return made;
  }

  #store(sym: Sym): string {
    const { shape, dtype } = sym;
    const size = sizeOf(shape);
    const value = uniform(sym);
    if (size > SMALL && value !== undefined) {
      const one = { name: "", dtype, dims: [1], data: elements(filled(value, [1], dtype)) };
      return this.node("ConstantOfShape", [this.ints(shape)], sym, { value: { tensor: one } }).name;
    }
    const data = elements(sym);
    const bits = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const key = size <= SMALL ? `${dtype} [${shape}] ${bits}` : undefined;
    const known = key === undefined ? undefined : this.#scope.constants.get(key);
    if (known !== undefined) return known;
    const { name } = this.named(this.fresh("const"), shape, dtype);
    this.graph.initializers.push({ name, dtype, dims: shape, data });
    if (key !== undefined) this.#scope.constants.set(key, name);
    return name;
  }
}

function newScope(name: string): Omit<Scope, "parent"> {
  return { graph: emptyGraph(name), memo: new Map(), constants: new Map(), shapes: new Map() };
}

/** Whether a computed operand alone gives the result its shape. */
function carries(operand: Sym, shape: readonly number[]): boolean {
  return operand.literal === undefined && same(operand.shape, shape);
}

/** Operands before they were repeated, as far as the result keeps its shape. */
function unrepeated(operands: readonly Sym[], shape: readonly number[]): readonly Sym[] {
  const short = [...operands];
  operands.forEach(({ expanded }, i) => {
    if (expanded === undefined) return;
    const shapes = short.map((x, j) => j === i ? expanded.shape : x.shape);
    if (same(shapes.reduce(broadcast), shape)) short[i] = expanded;
  });
  return short;
}

/** Operands before they were reshaped, and their shape, where all but scalars were alike; undefined where not. */
function alike(operands: readonly Sym[], shape: readonly number[]) {
  const wide = operands.filter((x) => x.shape.length > 0);
  if (!wide.some((x) => x.reshaped) || !wide.every((x) => same(x.shape, shape))) return undefined;
  const before = wide.map((x) => (x.reshaped ?? x).shape);
  if (!before.every((each) => same(each, before[0]!))) return undefined;
  return { operands: operands.map((x) => x.shape.length > 0 ? x.reshaped ?? x : x), shape: before[0]! };
}

/** Axes, counted from the end, along which every operand has one element. */
function thin(operands: readonly Sym[], shape: readonly number[]): number[] {
  return shape.map((_, i) => i + 1).filter((back) => operands.every((x) => (x.shape.at(-back) ?? 1) === 1));
}

/** A shape without the given axes. */
function without(axes: readonly number[], shape: readonly number[]): number[] {
  return shape.filter((_, i) => !axes.includes(shape.length - i));
}

/** A uniform literal needs no axes when another operand carries the shape. */
function narrow(x: Sym, carried: boolean): Sym {
  const value = uniform(x);
  return carried && value !== undefined ? filled(value, [], x.dtype) : x;
}

/** Whether two shapes are equal. */
export function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, axis) => n === b[axis]);
}

/** The shape that two shapes broadcast to, aligned at the last axis. */
export function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const m = a[axis - rank + a.length] ?? 1;
    const n = b[axis - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) throw new UserError(`shapes [${a}] and [${b}] do not broadcast`);
    return m === 1 ? n : m;
  });
}
