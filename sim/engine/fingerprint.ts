/**
 * What makes two traced graphs the same: their live statements and nodes, in order.
 *
 * @module
 */
import type { Hasher } from "../../core/mod.ts";
import type { Block, Graph, Node, Statement, Value } from "./graph.ts";
import { type Schedule, schedule } from "./schedule.ts";

/** Adds a graph to a hash. What nothing depends on does not count. */
export function fingerprint(graph: Graph, hash: Hasher): void {
  const plan = schedule(graph);
  const numbers = new Map<Node, number>();
  for (const node of graph.nodes) if (plan.home.has(node)) numbers.set(node, numbers.size);
  const value = (v: Value) => {
    hash.u32(typeof v === "number" ? -1 : numbers.get(v)!);
    if (typeof v === "number") hash.f64(v);
  };
  for (const node of numbers.keys()) {
    hash.text(label(node));
    if (node.kind === "table") hash.array(node.values);
    node.args.forEach(value);
  }
  block(graph.root, plan, hash, (v) => typeof v === "number" || numbers.has(v) ? value(v) : hash.u32(-2));
}

function label(node: Node): string {
  switch (node.kind) {
    case "op":
      return node.op;
    case "load":
      return `load ${node.column.id}`;
    case "draw":
      return `draw ${node.purpose} ${node.local}`;
    case "carry":
    case "folded":
    case "chosen":
      return `${node.kind} ${node.position}`;
    default:
      return node.kind;
  }
}

function block(block: Block, plan: Schedule, hash: Hasher, value: (v: Value) => void): void {
  for (const statement of block.statements) {
    if (plan.live.has(statement)) add(statement, plan, hash, value);
  }
  hash.text("end");
}

function add(statement: Statement, plan: Schedule, hash: Hasher, value: (v: Value) => void): void {
  hash.text(statement.kind);
  switch (statement.kind) {
    case "load":
      return value(statement.node);
    case "store":
      hash.text(statement.column.id);
      value(statement.address);
      return value(statement.value);
    case "loop": {
      const { count, after, except } = statement.range;
      [count, after ?? -1, except ?? -1, statement.drawsBefore, statement.drawsPerRound].forEach(value);
      block(statement.body, plan, hash, value);
      return [...statement.init, ...statement.next].forEach(value);
    }
    case "when":
      value(statement.condition);
      block(statement.yes, plan, hash, value);
      block(statement.no, plan, hash, value);
      return [...statement.yesValues, ...statement.noValues].forEach(value);
    case "barrier":
      return [statement.cycle, statement.ended].forEach(value);
  }
}
