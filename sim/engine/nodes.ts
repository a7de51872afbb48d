/**
 * The nodes of a graph in the making: numbered in the order in which they were made, equal ones made once.
 *
 * @module
 */
import type { Node, Value } from "./graph.ts";

/** A node that has no number yet. */
type NewNode = Node extends infer N ? N extends Node ? Omit<N, "id"> : never : never;

export class Nodes {
  readonly all: Node[] = [];
  readonly #shared = new Map<string, Node>();

  /** The node with this key, made if there is none; for nodes whose value depends on their arguments alone. */
  share(name: string, node: NewNode): Node {
    let shared = this.#shared.get(name);
    if (shared === undefined) this.#shared.set(name, shared = this.add(node));
    return shared;
  }

  /** A node of its own. */
  add(node: NewNode): Node {
    const added = { id: this.all.length, ...node } as Node;
    this.all.push(added);
    return added;
  }
}

/** A name for a value, equal for equal values; -0 is not 0 here. */
export function key(value: Value): string {
  if (typeof value === "object") return `${value.id}`;
  return Object.is(value, -0) ? "#-0" : `#${value}`;
}
