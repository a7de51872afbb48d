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

/** Type and shape of a node's output. */
export interface Output {
  readonly shape: readonly number[];
  readonly dtype: ElementType;
}

/** Records nodes in the innermost open scope. */
export class Builder {
  #scope: Scope = { ...newScope("main"), parent: undefined };
  #count = 0;

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
    const shape = broadcast(a.shape, b.shape);
    return this.node(op, [narrow(a, carries(b, shape)), narrow(b, carries(a, shape))], { shape, dtype });
  }

  /** Appends an elementwise node on one value. */
  unary(op: string, x: Sym, attributes: Attributes = {}, dtype: ElementType = x.dtype): Sym {
    return this.node(op, [x], { shape: x.shape, dtype }, attributes);
  }

  /** `condition ? yes : no`, elementwise. */
  where(condition: Sym, yes: Sym, no: Sym): Sym {
    const shape = broadcast(condition.shape, broadcast(yes.shape, no.shape));
    const wide = [condition, yes, no].some((operand) => carries(operand, shape));
    return this.node("Where", [condition, narrow(yes, wide), narrow(no, wide)], { shape, dtype: yes.dtype });
  }

  cast(x: Sym, dtype: ElementType): Sym {
    if (x.dtype === dtype) return x;
    if (uniform(x) !== undefined && dtype === "float32") return filled(uniform(x)!, x.shape, dtype);
    return this.unary("Cast", x, { to: ELEMENT_CODE[dtype] }, dtype);
  }

  reshape(x: Sym, shape: readonly number[]): Sym {
    if (same(x.shape, shape)) return x;
    if (x.literal !== undefined) return { ...x, shape };
    return this.node("Reshape", [x, this.ints(shape)], { shape, dtype: x.dtype });
  }

  /** Repeats axes of size 1 (and missing leading axes) up to `shape`. */
  expand(x: Sym, shape: readonly number[]): Sym {
    if (same(x.shape, shape)) return x;
    const value = uniform(x);
    if (value !== undefined) return filled(value, shape, x.dtype);
    return this.node("Expand", [x, this.ints(shape)], { shape, dtype: x.dtype });
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
