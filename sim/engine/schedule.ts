/**
 * Decides what of a graph is needed, and in which block each floating node is computed: as late as its uses allow, but
 * outside of loops where its arguments allow it. A node under a branch stays there, so that work which is rarely needed
 * is rarely done.
 *
 * Source   the idea of placing late and hoisting from loops: Click 1995, "Global code motion, global value numbering"
 *
 * @module
 */
import {
  type Block,
  common,
  type Graph,
  type Node,
  type Range,
  type Statement,
  type Value,
} from "./graph.ts";
import type { Column } from "./layout.ts";

/** Where the live parts of a graph go. */
export interface Schedule {
  readonly live: ReadonlySet<Statement>;
  /** The block that computes a node. A node without one is not needed. */
  readonly home: ReadonlyMap<Node, Block>;
}

/** Places every node that an effect depends on. */
export function schedule(graph: Graph): Schedule {
  const { statements, nodes } = reach(graph);
  return { live: statements, home: place(graph, statements, nodes) };
}

/** What the effects of a graph depend on. A scratch store counts where someone loads from its column. */
function reach(graph: Graph): { statements: Set<Statement>; nodes: Set<Node> } {
  const statements = new Set<Statement>();
  const nodes = new Set<Node>();
  const scratch = new Map<Column, Statement[]>();
  const read = new Set<Column>();
  const all: Statement[] = [];
  collect(graph.root, all);
  const todo: Value[] = [];

  function need(statement: Statement): void {
    if (statements.has(statement)) return;
    statements.add(statement);
    todo.push(...operands(statement));
    const { owner } = statement.block;
    if (owner !== undefined) need(owner);
  }

  for (const statement of all) {
    if (statement.kind === "barrier") need(statement);
    if (statement.kind !== "store") continue;
    if (statement.column.role !== "scratch") need(statement);
    else scratch.set(statement.column, [...scratch.get(statement.column) ?? [], statement]);
  }
  while (todo.length > 0) {
    const node = todo.pop()!;
    if (typeof node === "number" || nodes.has(node)) continue;
    nodes.add(node);
    todo.push(...node.args);
    if (node.kind === "load") {
      if (node.statement !== undefined) need(node.statement);
      if (node.column.role === "scratch" && !read.has(node.column)) {
        read.add(node.column);
        scratch.get(node.column)?.forEach(need);
      }
    } else if (node.kind === "carry" || node.kind === "folded") {
      need(node.statement);
      todo.push(node.statement.init[node.position]!, node.statement.next[node.position]!);
    } else if (node.kind === "chosen") {
      need(node.statement);
      todo.push(node.statement.yesValues[node.position]!, node.statement.noValues[node.position]!);
    }
  }
  return { statements, nodes };
}

function collect(block: Block, into: Statement[]): void {
  for (const statement of block.statements) {
    into.push(statement);
    if (statement.kind === "loop") collect(statement.body, into);
    if (statement.kind === "when") {
      collect(statement.yes, into);
      collect(statement.no, into);
    }
  }
}

/** What a statement itself computes with, in its own block. */
function operands(statement: Statement): Value[] {
  switch (statement.kind) {
    case "load":
      return [...statement.node.args];
    case "store":
      return [statement.address, statement.value];
    case "loop":
      return rangeOperands(statement.range);
    case "when":
      return [statement.condition];
    case "barrier":
      return [statement.cycle, statement.ended];
  }
}

function rangeOperands({ after = 0, except = 0, near }: Range): Value[] {
  return near === undefined ? [after, except] : [after, except, near.of ?? 0, near.x, near.y];
}

function place(graph: Graph, live: Set<Statement>, needed: Set<Node>): Map<Node, Block> {
  const early = earliest(graph);
  const uses = new Map<Node, Block>();
  const home = new Map<Node, Block>();

  function use(value: Value, where: Block): void {
    if (typeof value === "number" || !needed.has(value)) return;
    const before = uses.get(value);
    uses.set(value, before === undefined ? where : common(before, where));
  }

  for (const statement of live) {
    for (const value of operands(statement)) use(value, statement.block);
    if (statement.kind === "loop") {
      for (const value of statement.init) use(value, statement.block);
      for (const value of statement.next) use(value, statement.body);
    } else if (statement.kind === "when") {
      for (const value of statement.yesValues) use(value, statement.yes);
      for (const value of statement.noValues) use(value, statement.no);
    }
  }
  for (const node of graph.nodes.toReversed()) {
    if (!needed.has(node)) continue;
    const where = node.pinned ?? lift(uses.get(node)!, early.get(node)!);
    home.set(node, where);
    if (node.pinned === undefined) { for (const arg of node.args) use(arg, where); }
  }
  return home;
}

/** The outermost block in which each node's arguments exist. */
function earliest({ nodes, root }: Graph): Map<Node, Block> {
  const early = new Map<Node, Block>();
  for (const node of nodes) {
    let deepest = node.pinned ?? root;
    for (const arg of node.args) {
      const block = typeof arg === "number" ? root : early.get(arg)!;
      if (block.depth > deepest.depth) deepest = block;
    }
    early.set(node, deepest);
  }
  return early;
}

/** From the block of the uses outwards, out of loops but not out of a branch, as far as the arguments exist. */
function lift(late: Block, early: Block): Block {
  let best = late;
  for (let block = late; block !== early && block.kind !== "branch";) {
    block = block.parent!;
    if (block.loopDepth < best.loopDepth) best = block;
  }
  return best;
}
