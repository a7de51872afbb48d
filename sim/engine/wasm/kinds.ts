/**
 * How compiled code holds each value of a graph: what is the same in every environment, what is a whole number, what is
 * a truth.
 *
 * Whole numbers stay whole numbers while they provably fit 32 bits and cannot be -0, so that addresses, counters and
 * loop indices cost no conversion; the bits of a result do not depend on it.
 *
 * @module
 */
import type { Loop, Node, Value } from "../graph.ts";
import type { Column } from "../layout.ts";

/**
 * `int`, `bool` the same in all lanes, in a plain 32-bit number; `ints`, `mask`, `float` one per lane.
 */
export type Kind = "int" | "bool" | "ints" | "mask" | "float";

interface Span {
  readonly low: number;
  readonly high: number;
}

const LIMIT = 2147483647;

/** Answers for the nodes of one graph. */
export class Kinds {
  readonly #spans = new Map<Node, Span | undefined>();
  readonly #kinds = new Map<Node, Kind>();
  /** Nodes whose kind is being asked for: a carried value that depends on itself. */
  readonly #asking = new Set<Node>();

  /** @param spans the numbers that a column of whole numbers holds */
  constructor(readonly spans: (column: Column) => Span) {}

  of(value: Value): Kind | "number" {
    if (typeof value === "number") return "number";
    let kind = this.#kinds.get(value);
    if (kind === undefined) {
      if (this.#asking.has(value)) return "float";
      this.#asking.add(value);
      kind = this.#kindOf(value);
      this.#asking.delete(value);
      this.#kinds.set(value, kind);
    }
    return kind;
  }

  /** Whether a value is the same in all lanes. */
  uniform(value: Value): boolean {
    const kind = this.of(value);
    return kind === "number" || kind === "int" || kind === "bool";
  }

  /** Whether a value is a whole number that fits 32 bits. */
  whole(value: Value): boolean {
    return this.#span(value) !== undefined;
  }

  /** Whether a value is a truth, not a number. */
  truth(value: Value): boolean {
    const kind = this.of(value);
    return kind === "bool" || kind === "mask";
  }

  #kindOf(node: Node): Kind {
    switch (node.kind) {
      case "index":
        return "int";
      case "load":
        return this.#span(node) === undefined ? "float" : "ints";
      case "carry":
      case "folded":
        return this.truth(node.statement.next[node.position]!) ? "mask" : "float";
      case "chosen":
        return this.truth(node.statement.yesValues[node.position]!) ||
            this.truth(node.statement.noValues[node.position]!)
          ? "mask"
          : "float";
      case "op":
        return this.#kindOfOp(node);
      default:
        return "float";
    }
  }

  #kindOfOp(node: Node & { kind: "op" }): Kind {
    const { op, args } = node;
    const uniform = args.every((arg) => this.uniform(arg));
    if (op === "and" || op === "or" || op === "not") {
      return args.every((arg) => this.of(arg) === "bool") ? "bool" : "mask";
    }
    if (op === "lt" || op === "le" || op === "eq") {
      return uniform && args.every((arg) => this.#span(arg) !== undefined) ? "bool" : "mask";
    }
    if (op === "select" && (this.truth(args[1]!) || this.truth(args[2]!))) return uniform ? "bool" : "mask";
    if (this.#span(node) === undefined) return "float";
    return uniform ? "int" : "ints";
  }

  /** Bounds of a whole number; undefined for what may be none. */
  #span(value: Value): Span | undefined {
    if (typeof value === "number") {
      const whole = Number.isInteger(value) && Math.abs(value) <= LIMIT && !Object.is(value, -0);
      return whole ? { low: value, high: value } : undefined;
    }
    if (!this.#spans.has(value)) {
      const span = this.#spanOf(value);
      const fits = span !== undefined && span.low >= -LIMIT && span.high <= LIMIT;
      this.#spans.set(value, fits ? span : undefined);
    }
    return this.#spans.get(value);
  }

  #spanOf(node: Node): Span | undefined {
    if (node.kind === "index") return { low: 0, high: (node.pinned!.owner as Loop).range.count - 1 };
    if (node.kind === "load") {
      const { format } = node.column;
      return format === "i32" || format === "u8" ? this.spans(node.column) : undefined;
    }
    if (node.kind !== "op") return undefined;
    const [a, b, c] = node.args.map((arg) => this.#span(arg));
    switch (node.op) {
      case "add":
        return a && b && { low: a.low + b.low, high: a.high + b.high };
      case "sub":
        return a && b && { low: a.low - b.high, high: a.high - b.low };
      case "mul":
        return a && b && a.low >= 0 && b.low >= 0 ? { low: 0, high: a.high * b.high } : undefined;
      case "min":
      case "max":
        return a && b && { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
      case "floor":
        return a;
      case "clampIndex":
        return a && { low: 0, high: (node.args[1] as number) - 1 };
      case "num":
        return this.of(node.args[0]!) === "bool" ? { low: 0, high: 1 } : undefined;
      case "select":
        return b && c && this.of(node.args[0]!) === "bool"
          ? { low: Math.min(b.low, c.low), high: Math.max(b.high, c.high) }
          : undefined;
      default:
        return undefined;
    }
  }
}
