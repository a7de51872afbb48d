/**
 * Which columns a vector kernel turns into lanes once and works on as a copy: state that loops visit.
 *
 * @module
 */
import type { Block, Graph, Value } from "../graph.ts";
import type { Column } from "../layout.ts";

/** Ids of the state columns that a graph reads or writes at computed places. */
export function staged({ nodes, root }: Graph): ReadonlySet<string> {
  const found = new Set<string>();
  const see = ({ id, role }: Column, address: Value) => {
    if (role === "state" && typeof address === "object") found.add(id);
  };
  for (const node of nodes) if (node.kind === "load") see(node.column, node.args[0]!);
  const visit = (block: Block) => {
    for (const statement of block.statements) {
      if (statement.kind === "store") see(statement.column, statement.address);
      if (statement.kind === "loop") visit(statement.body);
      if (statement.kind === "when") {
        visit(statement.yes);
        visit(statement.no);
      }
    }
  };
  visit(root);
  return found;
}
