/**
 * Blocks of a graph in the making: the whole, the body of a loop, a branch.
 *
 * @module
 */
import type { Block, Statement } from "./graph.ts";

/** An empty block. */
export function block(kind: Block["kind"], parent: Block | undefined): Block {
  return {
    kind,
    parent,
    depth: parent === undefined ? 0 : parent.depth + 1,
    loopDepth: (parent?.loopDepth ?? 0) + (kind === "loop" ? 1 : 0),
    statements: [],
    written: new Set(),
  };
}

/** Takes a statement out of those of its block. */
export function remove(statements: Statement[], statement: Statement): void {
  statements.splice(statements.lastIndexOf(statement), 1);
}
